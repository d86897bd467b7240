/// fino: `boots`, the stories of the machines.

import Appliance
import ArgumentParser
import ControlAPI
import Foundation
import NIOHTTP1
import Wire

struct Boots: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the boots of the machines, step by step.")

  @Option(name: .long, help: "Only this machine.")
  var mac: String?

  @Option(name: .long, help: "How many boots at most, the latest ones.")
  var limit = 5

  @Flag(help: "Go on telling what happens, until Ctrl-C.")
  var follow = false

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let mac, MACAddress(mac) == nil {
      throw ValidationError("«\(mac)» is not a MAC address (12 hexadecimal digits)")
    }
    guard (1...1000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000") }
  }

  func run() async throws {
    let client = try server.client()
    let machine = mac.flatMap { MACAddress($0)?.plain }
    if follow {
      let path = "/events" + (machine.map { "?mac=\($0)" } ?? "")
      return try await client.follow(path) { line in
        if output.json { return tell(line) }
        let event = try JSONDecoder().decode(EventRepresentation.self, from: Data(line.utf8))
        tell("\(event.at)  \(event.mac ?? event.address ?? "")  \(event.text)")
      }
    }
    let query = "?limit=\(limit)" + (machine.map { "&mac=\($0)" } ?? "")
    let reply = try await client.send(.GET, "/boots\(query)")
    guard reply.status == .ok else { throw reply.problem }
    let list = try reply.decoded(BootList.self)
    if output.json { return try JSONLine.print(list) }
    if list.boots.isEmpty { return print("No machine has booted yet.") }
    for boot in list.boots.reversed() {
      print("boot \(boot.id) of \(boot.mac ?? boot.address ?? "unknown"), \(boot.startedAt)")
      for event in boot.events { print("  \(event.at.dropFirst(11).dropLast())  \(event.text)") }
    }
  }

  /// At once, also into a pipe; whoever reads may have read enough.
  private func tell(_ line: String) {
    if !StandardStream.output.write(line + "\n") { Foundation.exit(0) }
  }
}
