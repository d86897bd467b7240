/// IPMITests: the serial console over sockets, against the stub BMC, which writes back what it reads.

import BMCStub
import Datagram
import IPMI
import Testing
import Wire

struct SerialConsoleTests {
  private let loop: DatagramLoop

  init() throws {
    loop = try DatagramLoop(name: "ipmi-console")
  }

  private func console(
    _ server: StubBMCServer, suite: CipherSuite? = nil, takes: Bool = false, isPatient: Bool = false
  ) throws -> SerialConsole {
    var patience = Patience()
    patience.keepAlive = .milliseconds(200)
    return SerialConsole(
      client: IPMIClient(loop: loop, login: try .test(suite: suite), patience: patience),
      address: server.address, takes: takes, isPatient: isPatient,
      pauses: [.milliseconds(50)])
  }

  /// Writes `text` once connected and reads until it has come back; answers how often it connected.
  private func echo(_ console: SerialConsole, _ text: [UInt8]) async throws -> (Int, [UInt8]) {
    let running = Task { try await console.run() }
    var connections = 0
    var got: [UInt8] = []
    for await event in console.events {
      switch event {
      case .connected(let again):
        #expect(again == (connections > 0))
        connections += 1
        if connections == 1 { console.write(text) }
      case .characters(let characters):
        got += characters
        if got.count >= text.count { await console.close() }
      case .lost, .overrun: break
      }
    }
    try await running.value
    return (connections, got)
  }

  @Test(arguments: [CipherSuite.suite17, .suite3, .suite2, .suite1, .suite12])
  func whatIsWrittenComesBack(_ suite: CipherSuite) async throws {
    defer { loop.shutdown() }
    var personality = StubBMC.Personality()
    personality.suites = CipherSuite.all
    let server = try StubBMCServer(on: loop, StubBMC(personality))
    let text = (0..<3_000).map { UInt8(truncatingIfNeeded: $0) }
    let (connections, got) = try await echo(try console(server, suite: suite), text)
    #expect(connections == 1)
    #expect(got == text)
    #expect(server.bmc.hasSerialSession == false)
    server.close()
  }

  @Test func aBMCThatTakesLittleAtATimeGetsAll() async throws {
    defer { loop.shutdown() }
    var personality = StubBMC.Personality()
    personality.serialAppetite = 7
    personality.serialRefusals = 2
    let server = try StubBMCServer(on: loop, StubBMC(personality))
    let text = (0..<400).map { UInt8(truncatingIfNeeded: $0) }
    let (_, got) = try await echo(try console(server), text)
    #expect(server.bmc.serialInput == text)
    #expect(got == text)
    server.close()
  }

  /// One in ten datagrams is lost, doubled, or overtaken: no character is lost and none comes twice.
  @Test(arguments: 1...4)
  func aBadNetworkLosesNothing(_ seed: UInt64) async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(
      on: loop, StubBMC(), weather: Weather(percent: 10, seed: seed))
    let text = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
    let (connections, got) = try await echo(try console(server), text)
    if connections == 1 { #expect(got == text) }
    server.close()
  }

  @Test func aConsoleThatIsTakenIsTakenOnlyWhenAsked() async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, StubBMC())
    let first = try console(server)
    let holder = Task { try await first.run() }
    for await event in first.events where event == .connected(again: false) { break }
    let second = try console(server)
    await #expect(throws: IPMIError.serialRefused(CompletionCode(rawValue: 0x80))) {
      try await second.run()
    }
    let (_, got) = try await echo(try console(server, takes: true), [1, 2, 3])
    #expect(got == [1, 2, 3])
    holder.cancel()
    _ = try? await holder.value
    server.close()
  }

  /// A listener never disturbs who works at the console, and comes when that one has gone.
  @Test func aPatientConsoleWaitsForItsTurn() async throws {
    defer { loop.shutdown() }
    var personality = StubBMC.Personality()
    personality.serialGreeting = Array("login: ".utf8)
    let server = try StubBMCServer(on: loop, StubBMC(personality))
    let first = try console(server)
    let holder = Task { try await first.run() }
    for await event in first.events where event == .connected(again: false) { break }
    let second = try console(server, isPatient: true)
    let listener = Task { try await second.run() }
    var happened: [SerialConsole.Event] = []
    for await event in second.events {
      happened.append(event)
      if happened.count == 3 {
        #expect(Set(happened.map { "\($0)" }).count == 1, "refused, and again")
        await first.close()
      }
      if case .characters(let characters) = event {
        #expect(characters == personality.serialGreeting)
        await second.close()
      }
    }
    #expect(happened.contains(.connected(again: false)))
    #expect(happened.first == .lost(.serialRefused(CompletionCode(rawValue: 0x80))))
    try await listener.value
    try await holder.value
    server.close()
  }

  /// The first try fails too; but what waiting does not mend is an error at once.
  @Test func aPatientConsoleTriesAgainWhereThatMayHelp() async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, StubBMC())
    server.close()
    let patient = try console(server, isPatient: true)
    let listener = Task { try await patient.run() }
    for await event in patient.events {
      guard case .lost = event else {
        Issue.record("\(event)")
        break
      }
      break
    }
    listener.cancel()
    await #expect(throws: IPMIError.cancelled) { try await listener.value }
    var personality = StubBMC.Personality()
    personality.password = "another"
    let other = try StubBMCServer(on: loop, StubBMC(personality))
    await #expect(throws: IPMIError.wrongPassword) {
      try await console(other, isPatient: true).run()
    }
    other.close()
  }

  /// The BMC forgets everything in the middle, as after a reset; the console comes back by itself.
  @Test func aLostConsoleIsTakenUpAgain() async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, StubBMC())
    let (endpoint, loop) = (server.endpoint, loop)
    let console = try console(server)
    let running = Task { try await console.run() }
    var newServer: StubBMCServer?
    var happened: [String] = []
    for await event in console.events {
      switch event {
      case .connected(let again):
        happened.append("connected")
        if again {
          console.write([42])
        } else {
          server.close()
          // The port is taken again as soon as the loop has been round.
          for _ in 0..<100 where newServer == nil {
            newServer = try? StubBMCServer(on: loop, StubBMC(), port: endpoint.port)
            try await Task.sleep(for: .milliseconds(5))
          }
        }
      case .lost:
        if happened.last != "lost" { happened.append("lost") }
      case .characters(let characters):
        #expect(characters == [42])
        happened.append("characters")
        await console.close()
      case .overrun: break
      }
    }
    try await running.value
    #expect(happened == ["connected", "lost", "connected", "characters"])
    newServer?.close()
    loop.shutdown()
  }

  @Test func aDisabledConsoleSaysSo() async throws {
    defer { loop.shutdown() }
    var personality = StubBMC.Personality()
    personality.hasSerial = false
    let server = try StubBMCServer(on: loop, StubBMC(personality))
    await #expect(throws: IPMIError.serialRefused(CompletionCode(rawValue: 0x81))) {
      try await console(server).run()
    }
    server.close()
  }
}
