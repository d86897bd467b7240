/// IPMITests: the client against pyghmi's BMC server, written in Python by others.

import Datagram
import Foundation
import IPMI
import Testing
import Wire

private let python = ProcessInfo.processInfo.environment["FINO_PYTHON"]

private let hasPyghmi: Bool = {
  guard let python, FileManager.default.isExecutableFile(atPath: python) else { return false }
  let process = Process()
  process.executableURL = URL(filePath: python)
  process.arguments = ["-c", "import pyghmi.ipmi.bmc"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

/// Runs where FINO_PYTHON names a Python that has pyghmi.
@Suite(.serialized, .enabled(if: hasPyghmi, "FINO_PYTHON has no pyghmi"))
struct PyghmiTests {
  /// On 127.0.0.1 only; pyghmi's own example listens everywhere.
  private static let program = """
    import sys
    from pyghmi.ipmi import bmc

    class Machine(bmc.Bmc):
        power = 'on'
        device = 'default'

        def get_power_state(self):
            return self.power

        def power_off(self):
            self.power = 'off'

        def power_on(self):
            self.power = 'on'

        def power_reset(self):
            return 0xd5 if self.power == 'off' else None

        def power_cycle(self):
            return 0xd5 if self.power == 'off' else None

        def power_shutdown(self):
            self.power = 'off'

        def get_boot_device(self):
            return self.device

        def set_boot_device(self, device):
            self.device = device

    Machine({'admin': 'py-Passw0rd'}, port=int(sys.argv[1]), address='::ffff:127.0.0.1').listen()
    """

  private func server(
    _ work: (DatagramLoop, BMCAddress) async throws -> Void
  ) async throws {
    let loop = try DatagramLoop(name: "ipmi-pyghmi")
    defer { loop.shutdown() }
    // A port that was free a moment ago.
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0, receive: { _ in })
    let address = BMCAddress(socket.local)
    socket.close()
    let process = Process()
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = ["-c", Self.program, "\(address.port)"]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    for _ in 0..<200 {
      if (try? await state(loop, address)) != nil { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    try await work(loop, address)
  }

  private func client(
    _ loop: DatagramLoop, username: String = "admin", password: String = "py-Passw0rd",
    suite: CipherSuite? = nil
  ) throws(IPMIError) -> IPMIClient {
    IPMIClient(
      loop: loop,
      login: try IPMILogin(username: username, password: Secret(password), suite: suite))
  }

  private func state(
    _ loop: DatagramLoop, _ address: BMCAddress, suite: CipherSuite? = nil
  ) async throws(IPMIError) -> PowerState {
    try await client(loop, suite: suite).withSession(
      to: address, limit: .seconds(30), privilege: .user
    ) { session async throws(IPMIError) in try await session.powerState() }
  }

  @Test func powerBootDeviceAndItsRefusals() async throws {
    try await server { loop, address in
      let client = try client(loop)
      let reports = try await client.withSession(
        to: address, limit: .seconds(60), privilege: .operator
      ) { session async throws(IPMIError) in
        let wait = Duration.seconds(10)
        let off = try await session.power(.off, verify: wait)
        // Off, so a cycle is an "on"; the cycle itself it would answer with 0xd5.
        let cycle = try await session.power(.cycle, verify: wait)
        let boot = try await session.setBootDevice(.pxe)
        let again = try await session.power(.off, verify: wait)
        return (off, cycle, boot, again)
      }
      #expect(reports.0.after == .off)
      #expect(
        reports.1 == PowerReport(action: .cycle, before: .off, sent: .powerUp, after: .on))
      #expect(reports.2.readBack?.device == .pxe)
      #expect(reports.3.after == .off)
      await #expect(
        throws: IPMIError.failed(
          command: ChassisControl.name, .notInPresentState, meaning: "")
      ) {
        try await client.withSession(to: address, limit: .seconds(60), privilege: .operator) {
          session async throws(IPMIError) in
          _ = try await session.run(ChassisControl(.powerCycle))
        }
      }
    }
  }

  /// It answers suite 3 whatever it is asked.
  @Test func itsDowngradeIsRefusedAndNamed() async throws {
    try await server { loop, address in
      let plain = try await state(loop, address)
      #expect(plain == .on)
      for suite in [CipherSuite.suite17, .suite0, .suite8] {
        await #expect(
          throws: IPMIError.downgraded(asked: suite, offered: CipherSuite.suite3.numbers)
        ) { try await state(loop, address, suite: suite) }
      }
    }
  }

  @Test func aWrongPasswordAndAnUnknownUser() async throws {
    try await server { loop, address in
      // It says nothing to a stranger.
      await #expect(throws: IPMIError.silentLogin(step: .rakp1)) {
        try await client(loop, username: "nobody").withSession(to: address, limit: .seconds(30)) {
          session async throws(IPMIError) in try await session.powerState()
        }
      }
      await #expect(throws: IPMIError.wrongPassword) {
        try await client(loop, password: "wrong").withSession(to: address, limit: .seconds(30)) {
          session async throws(IPMIError) in try await session.powerState()
        }
      }
    }
  }
}
