/// Appliance: from the address of a BMC to a driver with the configured credentials.

import Datagram
import Foundation
package import IPMI
import Logging
import Power

/// Whoever has a BMC's address can switch its machine. Requests for one BMC wait for each other.
struct PowerControl: Sendable {
  private let loop: DatagramLoop
  private let logger: Logger
  private let driver: Settings.PowerDriverName
  private let ipmi: Settings.IPMISettings
  private let desk = PowerDesk()
  /// What is known of each BMC, and how many are asked at a time.
  private let fleet: BMCFleet
  /// What the drivers of hosts are made with.
  let maker: PowerDriverMaker

  /// A reimage request waits for its BMC no longer than this.
  private static let limit = Duration.seconds(20)

  init(loop: DatagramLoop, logger: Logger, settings: Settings) {
    self.loop = loop
    self.logger = logger
    driver = settings.powerDriver
    ipmi = settings.ipmi
    let fleet = BMCFleet()
    self.fleet = fleet
    maker = PowerDriverMaker(
      ipmi: { address, login in
        IPMIDriver(address, client: IPMIClient(loop: loop, login: login, fleet: fleet))
      }, commands: settings.powerCommands)
  }

  /// Why `address` can't be a BMC's; nil when it can.
  func problem(with address: String) -> String? {
    guard driver == .ipmi else { return nil }
    do throws(IPMIError) {
      _ = try BMCAddress(address, defaultPort: UInt16(clamping: ipmi.port))
      return nil
    } catch {
      return error.description
    }
  }

  /// The BMC of a reimage request and who logs in there; nil where none is asked.
  func bmc(
    at address: String
  ) -> (address: BMCAddress, login: @Sendable () throws -> IPMILogin)? {
    guard driver == .ipmi,
      let bmc = try? BMCAddress(address, defaultPort: UInt16(clamping: ipmi.port))
    else { return nil }
    return (bmc, { [ipmi] in try ipmi.login() })
  }

  /// One sentence about what was done. A machine that is off is switched on.
  func cycle(_ address: String) async throws -> String {
    try await desk.perform(.power(.cycle), with: try makeDriver(address), limit: Self.limit).text
  }

  /// With a host's own driver, after what else is asked of the same BMC.
  func perform(
    _ request: PowerRequest, with driver: any PowerDriver
  ) async throws -> PowerOutcome {
    try await desk.perform(request, with: driver, limit: Self.limit)
  }

  private func makeDriver(_ address: String) throws -> any PowerDriver {
    guard driver == .ipmi else {
      return LogOnlyDriver(address) { [logger] in logger.info("\($0)") }
    }
    return IPMIDriver(
      try BMCAddress(address, defaultPort: UInt16(clamping: ipmi.port)),
      client: IPMIClient(loop: loop, login: try ipmi.login(), fleet: fleet))
  }
}

extension Settings.IPMISettings {
  /// Reads the files of password and K_g anew each time, so that changed ones need no restart, unless
  /// they are given. `cipherSuite` pins one; nil is 17, then 3, then what the BMC lists.
  package func login(
    cipherSuite: UInt8? = nil, password given: Secret? = nil, kg givenKg: Secret? = nil
  ) throws -> IPMILogin {
    try IPMILogin(
      username: username, password: try given ?? password(), kg: try givenKg ?? kg(),
      privilege: PrivilegeLevel(name: privilege) ?? .administrator,
      suite: cipherSuite.flatMap(CipherSuite.init(id:)),
      legacy: usesLegacy ? .whereNothingElse : .never, quirks: quirks)
  }

  /// The first line of the password file.
  func password() throws(ApplianceError) -> Secret {
    Secret(
      bytes: try Self.firstLine(
        of: passwordFile,
        otherwise: "the password file \(passwordFile) cannot be read; "
          + "write the BMC password into it, readable for root only"))
  }

  /// The first line of the file of the K_g: text, or 0x and hexadecimal digits. nil without a file.
  func kg() throws -> Secret? {
    guard let kgFile else { return nil }
    let line = try Self.firstLine(
      of: kgFile,
      otherwise: "the file of the K_g \(kgFile) cannot be read; "
        + "write the BMCs' key into it, readable for root only")
    guard let text = String(validating: line, as: UTF8.self) else { return Secret(bytes: line) }
    return try Secret(kg: text)
  }

  private static func firstLine(
    of file: String, otherwise problem: String
  ) throws(ApplianceError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .cannotPrepare(problem)
    }
    return Array(data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
  }
}
