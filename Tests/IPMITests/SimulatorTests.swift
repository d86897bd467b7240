/// IPMITests: the client against OpenIPMI's ipmi_sim.

import Datagram
import IPMI
import Testing
import Wire

@Suite(.serialized, .enabled(if: Simulator.isInstalled, "ipmi_sim is not installed"))
struct SimulatorTests {
  @Test func powerAndBootDevice() async throws {
    let loop = try DatagramLoop(name: "ipmi-simulator")
    defer { loop.shutdown() }
    let simulator = try Simulator(loop: loop)
    let client = IPMIClient(loop: loop, login: try .test(password: "Sim-Passw0rd"))
    try await simulator.waitUntilReady(client)

    let reports = try await client.withSession(to: simulator.address, limit: .seconds(60)) {
      session async throws(IPMIError) in
      let wait = Duration.seconds(20)
      // Off at first, so that a cycle is an "on".
      let first = try await session.power(.cycle, verify: wait)
      let cycled = try await session.bootOnceFromNetwork(efi: true, verify: wait)
      let off = try await session.power(.off, verify: wait)
      let on = try await session.power(.on, verify: wait)
      let soft = try await session.power(.soft, verify: wait)
      return (first, cycled, off, on, soft)
    }
    #expect(
      reports.0 == PowerReport(action: .cycle, before: .off, sent: .powerUp, after: .on))
    #expect(
      reports.1.power == PowerReport(action: .cycle, before: .on, sent: .powerCycle, after: .on))
    // Its flaw: it keeps the device alone.
    #expect(
      reports.1.boot.warnings
        == ["the BMC kept boot device pxe, but reads back other values of: valid, EFI"])
    #expect(reports.2.after == .off)
    #expect(reports.3.after == .on)
    #expect(reports.4.after == .off)
    #expect(simulator.log.contains("boot pxe"))

    for (login, expected) in [
      (try IPMILogin.test(password: "wrong"), IPMIError.wrongPassword),
      (try .test(username: "nobody", password: "Sim-Passw0rd"), .wrongUsername),
      (
        try .test(password: "Sim-Passw0rd", suite: .suite17),
        .suitesRefused([.suite17], .invalidAuthentication)
      ),
    ] {
      let stranger = IPMIClient(loop: loop, login: login)
      await #expect(throws: expected) {
        try await stranger.withSession(to: simulator.address, limit: .seconds(30)) {
          session async throws(IPMIError) in try await session.powerState()
        }
      }
    }
  }

  private func simulator(
    host: IPAddress = .loopback, kg: String? = nil, console: UInt16? = nil,
    _ work: (DatagramLoop, Simulator) async throws -> Void
  ) async throws {
    let loop = try DatagramLoop(name: "ipmi-simulator")
    defer { loop.shutdown() }
    let simulator = try Simulator(loop: loop, host: host, kg: kg, console: console)
    try await simulator.waitUntilReady(
      IPMIClient(loop: loop, login: try .test(password: Simulator.password, kg: kg)))
    try await work(loop, simulator)
  }

  private func state(
    _ loop: DatagramLoop, _ address: BMCAddress, _ login: IPMILogin
  ) async throws(IPMIError) -> PowerState {
    try await IPMIClient(loop: loop, login: login).withSession(
      to: address, limit: .seconds(30), privilege: .user
    ) { session async throws(IPMIError) in try await session.powerState() }
  }

  /// 7, 8 and 12 are broken in it: it makes the keys of MD5 from constant bytes.
  @Test func everySuiteThatItHas() async throws {
    try await simulator { loop, simulator in
      for suite in [CipherSuite.suite0, .suite1, .suite2, .suite3, .suite6, .suite11] {
        let login = try IPMILogin.test(password: Simulator.password, suite: suite)
        let found = try await state(loop, simulator.address, login)
        #expect(found == .off)
      }
    }
  }

  @Test(arguments: LegacyAuthentication.allCases)
  func sessionsOfVersion15(_ way: LegacyAuthentication) async throws {
    try await simulator { loop, simulator in
      let login = try IPMILogin(
        username: "admin", password: Secret(Simulator.password), legacy: .only(way))
      let client = IPMIClient(loop: loop, login: login)
      let report = try await client.withSession(to: simulator.address, limit: .seconds(30)) {
        session async throws(IPMIError) in
        try await session.power(.on, verify: .seconds(10))
      }
      #expect(report.after == .on)
    }
  }

  @Test func aKeyOfItsOwn() async throws {
    let kg = "KgSecretKey-19bytes"
    try await simulator(kg: kg) { loop, simulator in
      for (own, expected) in [(nil, IPMIError.needsKg), ("wrong", .wrongKg)] {
        let login = try IPMILogin.test(password: Simulator.password, kg: own)
        await #expect(throws: expected) {
          try await state(loop, simulator.address, login)
        }
      }
    }
  }

  @Test func overIPv6() async throws {
    try await simulator(host: .v6(IPv6Address(high: 0, low: 1))) { loop, simulator in
      #expect(simulator.address.description.hasPrefix("[::1]:"))
      let login = try IPMILogin.test(password: Simulator.password)
      let found = try await state(loop, simulator.address, login)
      #expect(found == .off)
    }
  }

  @Test func aPrivilegeThatIsTooLowIsSaid() async throws {
    try await simulator { loop, simulator in
      let login = try IPMILogin.test(password: Simulator.password, privilege: .user)
      let client = IPMIClient(loop: loop, login: login)
      await #expect(
        throws: IPMIError.failed(command: "power on", .insufficientPrivilege, meaning: "")
      ) {
        try await client.withSession(to: simulator.address, limit: .seconds(30)) {
          session async throws(IPMIError) in try await session.power(.on)
        }
      }
    }
  }

  /// Behind its serial console listens a program that writes back what it reads.
  @Test func theSerialConsole() async throws {
    let echo = try EchoServer()
    defer { echo.close() }
    try await simulator(console: echo.port) { loop, simulator in
      let client = IPMIClient(loop: loop, login: try .test(password: Simulator.password))
      let console = SerialConsole(client: client, address: simulator.address)
      let text = (0..<600).map { UInt8(truncatingIfNeeded: 32 + $0 % 90) }
      let running = Task { try await console.run() }
      var got: [UInt8] = []
      for await event in console.events {
        switch event {
        case .connected: console.write(text)
        case .characters(let characters):
          got += characters
          if got.count >= text.count { await console.close() }
        case .lost, .overrun: break
        }
      }
      try await running.value
      #expect(got == text)
    }
  }
}
