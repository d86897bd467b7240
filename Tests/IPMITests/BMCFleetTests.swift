/// IPMITests: how many sessions there are at once, and what is remembered.

import BMCStub
import Datagram
import IPMI
import Synchronization
import Testing
import Wire

private final class Counter: Sendable {
  private let state = Mutex((now: 0, highest: 0))

  var highest: Int { state.withLock { $0.highest } }

  func add(_ number: Int) {
    state.withLock {
      $0.now += number
      $0.highest = max($0.highest, $0.now)
    }
  }
}

struct BMCFleetTests {
  private let loop: DatagramLoop

  init() throws {
    loop = try DatagramLoop(name: "ipmi-fleet")
  }

  @Test func noMoreSessionsThanAllowed() async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, StubBMC())
    let client = IPMIClient(loop: loop, login: try .test(), fleet: BMCFleet(sessions: 3))
    let counter = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          try await client.withSession(to: server.address, limit: .seconds(30)) {
            session async throws(IPMIError) in
            counter.add(1)
            _ = try await session.powerState()
            counter.add(-1)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect((1...3).contains(counter.highest))
    #expect(client.fleet.waitingCount == 0)
    server.close()
  }

  @Test func whoeverGivesUpWaitingLeavesTheQueue() async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, StubBMC())
    let client = IPMIClient(loop: loop, login: try .test(), fleet: BMCFleet(sessions: 1))
    let (entered, signal) = AsyncStream<Void>.makeStream()
    let first = Task {
      try await client.withSession(to: server.address, limit: .seconds(60)) {
        session async throws(IPMIError) in
        signal.yield()
        try await session.pause(.seconds(60))
      }
    }
    for await _ in entered { break }
    let second = Task {
      try await client.withSession(to: server.address, limit: .seconds(60)) {
        session async throws(IPMIError) in try await session.powerState()
      }
    }
    while client.fleet.waitingCount == 0 { await Task.yield() }
    second.cancel()
    await #expect(throws: IPMIError.cancelled) { try await second.value }
    #expect(client.fleet.waitingCount == 0)
    first.cancel()
    await #expect(throws: IPMIError.cancelled) { try await first.value }
    // The place is free again.
    let state = try await client.withSession(to: server.address, limit: .seconds(30)) {
      session async throws(IPMIError) in try await session.powerState()
    }
    #expect(state == .on)
    server.close()
  }

  @Test func theSecondLoginIsShorterAndADeadBMCIsForgotten() async throws {
    defer { loop.shutdown() }
    var personality = StubBMC.Personality()
    personality.suites = [.suite3]
    let server = try StubBMCServer(on: loop, StubBMC(personality))
    let client = IPMIClient(loop: loop, login: try .test())
    func status() async throws {
      _ = try await client.withSession(to: server.address, limit: .seconds(30), privilege: .user) {
        session async throws(IPMIError) in try await session.powerState()
      }
      while server.bmc.openSessions > 0 { await Task.yield() }
    }
    try await status()
    // Probe, suite 17 refused, suite 3, RAKP 1, RAKP 3, status, close.
    #expect(server.bmc.datagramCount == 7)
    #expect(client.fleet.traits(of: server.address) == BMCTraits(suite: .suite3))
    try await status()
    #expect(server.bmc.datagramCount == 7 + 5)
    let address = server.address
    server.close()
    await #expect(throws: IPMIError.refused) {
      try await client.withSession(to: address, limit: .seconds(30)) {
        session async throws(IPMIError) in try await session.powerState()
      }
    }
    #expect(client.fleet.traits(of: address) == nil)
  }

  @Test func memoryIsBounded() throws {
    defer { loop.shutdown() }
    let fleet = BMCFleet(remembered: 100)
    for number in 0..<1_000 {
      fleet.remember(BMCTraits(suite: .suite3), of: try BMCAddress("bmc\(number)"))
    }
    let known = try (0..<1_000).filter { fleet.traits(of: try BMCAddress("bmc\($0)")) != nil }
    #expect((90...100).contains(known.count))
    #expect(known.last == 999)
  }

  @Test func anIdleSessionIsKeptAlive() async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, StubBMC())
    var patience = Patience()
    patience.keepAlive = .milliseconds(40)
    let client = IPMIClient(loop: loop, login: try .test(), patience: patience)
    try await client.withSession(to: server.address, limit: .seconds(60)) {
      session async throws(IPMIError) in
      try await session.pause(.milliseconds(500))
      _ = try await session.powerState()
    }
    #expect(server.bmc.commands.count { $0 == GetDeviceID.code } >= 3)
    server.close()
  }

  @Test func aHeldSessionEndsWhenTheBMCFallsSilent() async throws {
    defer { loop.shutdown() }
    let all = Dictionary(uniqueKeysWithValues: (4..<200).map { ($0, Weather.Fate.lost) })
    let server = try StubBMCServer(on: loop, StubBMC(), weather: Weather(toBMC: all))
    var patience = Patience()
    patience.keepAlive = .milliseconds(40)
    let client = IPMIClient(loop: loop, login: try .test(), patience: patience)
    await #expect(throws: IPMIError.unanswered(command: GetDeviceID.name)) {
      try await client.withSession(to: server.address, limit: .seconds(60)) {
        session async throws(IPMIError) in try await session.pause(.seconds(60))
      }
    }
    server.close()
  }

  @Test func commandsAreSpacedOut() async throws {
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, StubBMC())
    var patience = Patience()
    patience.pace = .milliseconds(60)
    let client = IPMIClient(loop: loop, login: try .test(), patience: patience)
    let start = ContinuousClock.now
    try await client.withSession(to: server.address, limit: .seconds(60)) {
      session async throws(IPMIError) in
      for _ in 0..<4 { _ = try await session.powerState() }
    }
    #expect(start.duration(to: .now) >= .milliseconds(180))
    server.close()
  }
}
