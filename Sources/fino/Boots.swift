/// fino: `boots`, the stories of the machines.

import Appliance
import ArgumentParser
import ControlAPI
import Foundation
import NIOCore
import NIOFoundationCompat
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

  @Option(
    name: .long,
    help: ArgumentHelp("Say why this boot went as it did (--json does not apply).", valueName: "id")
  )
  var explain: Int?

  @Option(
    name: .long, help: ArgumentHelp("Fetch the packets of this boot as pcapng.", valueName: "id"))
  var pcap: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Print what the machine wrote to its serial console, where that was recorded.",
      valueName: "id"))
  var console: Int?

  @Option(
    name: [.customShort("w"), .long],
    help: ArgumentHelp(
      "Where --pcap writes; - is standard output. Default: boot-ID.pcapng.", valueName: "file"))
  var write: String?

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
    if let explain {
      let reply = try await client.send(.GET, "/boots/\(explain)/explanation")
      guard reply.status == .ok else { throw reply.problem }
      return print(reply.text, terminator: "")
    }
    if let console {
      let reply = try await client.send(.GET, "/boots/\(console)/console")
      guard reply.status == .ok else { throw reply.problem }
      StandardStream.output.write(Array(reply.body.readableBytesView))
      return
    }
    if let pcap { return try await save(pcap, client) }
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

  private func save(_ boot: Int, _ client: ServerClient) async throws {
    let reply = try await client.send(.GET, "/boots/\(boot)/capture.pcapng")
    guard reply.status == .ok else { throw reply.problem }
    let data = Data(reply.body.readableBytesView)
    let path = write ?? "boot-\(boot).pcapng"
    if path == "-" { return FileHandle.standardOutput.write(data) }
    try data.write(to: URL(filePath: path))
    Fino.complain("wrote \(data.count) bytes to \(path)")
  }

  /// At once, also into a pipe; whoever reads may have read enough.
  private func tell(_ line: String) {
    if !StandardStream.output.write(line + "\n") { Foundation.exit(0) }
  }
}
