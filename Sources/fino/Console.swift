/// fino: `console`: a machine's serial console, on this terminal.

import Appliance
import ArgumentParser
import Datagram
import Foundation
import IPMI
import Synchronization

struct Console: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Be at the serial console of a machine, over its BMC.",
    discussion: """
      What is typed goes to the machine. At the beginning of a line: ~. ends, ~b sends a break,
      ~? lists these, ~~ is one ~. A lost connection is taken up again.
      """)

  @Argument(help: "The BMC: IP address or host name, with :PORT where it is not --port.")
  var address: String

  @Flag(help: "Also where somebody else has the console, who then loses it.")
  var take = false

  @OptionGroup var login: BMCLoginOptions

  func run() async throws {
    // Asked for its password before the terminal is raw.
    let (login, port) = try login.read()
    let loop = try DatagramLoop(name: "fino-console")
    defer { loop.shutdown() }
    let bmc = try BMCAddress(address, defaultPort: port)
    let console = SerialConsole(
      client: IPMIClient(loop: loop, login: login), address: bmc, takes: take)

    let terminal = RawTerminal()
    defer { terminal.restore() }
    terminal.read { bytes in
      for key in KeyReader.shared.withLock({ $0.read(bytes) }) {
        switch key {
        case .characters(let characters): console.write(characters)
        case .serialBreak: console.sendBreak()
        case .end: Task { await console.close() }
        case .help: StandardStream.error.write(KeyReader.help)
        }
      }
    }
    async let running: Void = console.run()
    for await event in console.events {
      switch event {
      case .connected(let again):
        notice(again ? "connected again" : "connected to \(bmc); ~? in a new line helps")
      case .characters(let characters): RawTerminal.write(characters)
      case .overrun: notice("the machine wrote faster than the BMC could keep")
      case .lost(let error): notice("\(error); trying again")
      }
    }
    try await running
    notice("closed")
  }

  private func notice(_ text: String) {
    StandardStream.error.write("\r\n[fino: \(text)]\r\n")
  }
}
