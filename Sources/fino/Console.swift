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

  @Option(name: .long, help: "The user name. Default: ipmi.username of the configuration.")
  var user: String?

  @Option(
    name: .customLong("password-file"),
    help: ArgumentHelp("The file with the password in its first line.", valueName: "file"))
  var passwordFile: String?

  @Option(name: .long, help: "The UDP port. Default: 623.")
  var port: String?

  @Option(
    name: .customLong("cipher-suite"),
    help: ArgumentHelp("Only this cipher suite. Default: 17, then 3.", valueName: "n"))
  var cipherSuite: UInt8?

  @Option(name: .long, help: "The configuration file.")
  var config: String?

  func validate() throws {
    if let cipherSuite, CipherSuite(id: cipherSuite) == nil {
      throw ValidationError("--cipher-suite \(cipherSuite) is not supported")
    }
  }

  func run() async throws {
    var given: [String: [String]] = [:]
    if let user { given["ipmi.username"] = [user] }
    if let passwordFile { given["ipmi.password-file"] = [passwordFile] }
    if let port { given["ipmi.port"] = [port] }
    let settings = try SettingsReader(commandLine: given, file: config).read()
    let loop = try DatagramLoop(name: "fino-console")
    defer { loop.shutdown() }
    let bmc = try BMCAddress(address, defaultPort: UInt16(clamping: settings.ipmi.port))
    let console = SerialConsole(
      client: IPMIClient(loop: loop, login: try settings.ipmi.login(cipherSuite: cipherSuite)),
      address: bmc, takes: take)

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
