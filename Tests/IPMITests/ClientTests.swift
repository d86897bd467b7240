/// IPMITests: the client over real sockets on the loopback interface, against the stub BMC.

import BMCStub
import Datagram
import IPMI
import Testing
import Wire

/// Shared by all tests here, as the appliance shares one.
private let loop: Result<DatagramLoop, SocketError> = {
  do throws(SocketError) {
    return .success(try DatagramLoop(name: "ipmi-tests"))
  } catch {
    return .failure(error)
  }
}()

extension StubBMCServer {
  /// The client does not wait until its goodbye has arrived, so this does.
  fileprivate func expectNoSession() async throws {
    for _ in 0..<200 where bmc.openSessions > 0 {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(bmc.openSessions == 0)
  }
}

struct ClientTests {
  /// Short enough that a lost datagram costs the test little.
  private var patience: Patience {
    var patience = Patience()
    patience.probe = [.milliseconds(50), .milliseconds(100), .milliseconds(200)]
    patience.step = [.milliseconds(100), .milliseconds(200)]
    patience.command = [.milliseconds(100), .milliseconds(200), .milliseconds(300)]
    patience.closing = .milliseconds(200)
    return patience
  }

  private func client(_ login: IPMILogin, patience: Patience? = nil) throws -> IPMIClient {
    IPMIClient(loop: try loop.get(), login: login, patience: patience ?? self.patience)
  }

  @Test(arguments: CipherSuite.all)
  func statusAndClose(_ suite: CipherSuite) async throws {
    var personality = StubBMC.Personality()
    personality.suites = CipherSuite.all
    let server = try StubBMCServer(on: try loop.get(), StubBMC(personality))
    defer { server.close() }
    let state = try await client(.test(suite: suite)).withSession(
      to: server.address, limit: .seconds(30)
    ) { session async throws(IPMIError) in try await session.powerState() }
    #expect(state == .on)
    try await server.expectNoSession()
    // On a busy machine something may have been repeated; nothing else may have been asked.
    #expect(Set(server.bmc.commands.dropLast()) == [0x01])
    #expect(server.bmc.commands.last == 0x3c)
  }

  @Test func lossIsMendedAndTheSessionGivenBack() async throws {
    let server = try StubBMCServer(
      on: try loop.get(), StubBMC(),
      weather: Weather(toBMC: [0: .lost, 3: .lost], toClient: [2: .lost, 4: .arrivesTwice]))
    defer { server.close() }
    let report = try await client(.test()).withSession(to: server.address, limit: .seconds(30)) {
      session async throws(IPMIError) in try await session.power(.off, verify: .seconds(5))
    }
    #expect(report.after == .off)
    #expect(server.bmc.actions == [.powerDown])
    try await server.expectNoSession()
  }

  @Test func aFailedCommandStillClosesTheSession() async throws {
    var personality = StubBMC.Personality()
    personality.forgetsBootDevice = true
    let server = try StubBMCServer(on: try loop.get(), StubBMC(personality))
    defer { server.close() }
    let client = try client(.test())
    await #expect(throws: IPMIError.bootDeviceNotKept(wanted: .pxe, found: .none)) {
      try await client.withSession(to: server.address, limit: .seconds(30)) {
        session async throws(IPMIError) in try await session.setBootDevice(.pxe)
      }
    }
    try await server.expectNoSession()
  }

  @Test func cancellationClosesTheSession() async throws {
    let server = try StubBMCServer(on: try loop.get(), StubBMC())
    defer { server.close() }
    let client = try client(.test())
    let (loggedIn, continuation) = AsyncStream<Void>.makeStream()
    let task = Task {
      try await client.withSession(to: server.address, limit: .seconds(600)) {
        session async throws(IPMIError) in
        continuation.yield()
        try await session.pause(.seconds(600))
      }
    }
    for await _ in loggedIn { break }
    #expect(server.bmc.openSessions == 1)
    task.cancel()
    await #expect(throws: IPMIError.cancelled) { try await task.value }
    try await server.expectNoSession()
  }

  @Test func theTimeLimitEndsEverything() async throws {
    let server = try StubBMCServer(on: try loop.get(), StubBMC())
    defer { server.close() }
    let client = try client(.test())
    await #expect(throws: IPMIError.timeLimit(.milliseconds(300))) {
      try await client.withSession(to: server.address, limit: .milliseconds(300)) {
        session async throws(IPMIError) in try await session.pause(.seconds(600))
      }
    }
  }

  @Test func silenceIsNoAnswer() async throws {
    let all = Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, Weather.Fate.lost) })
    let server = try StubBMCServer(on: try loop.get(), StubBMC(), weather: Weather(toBMC: all))
    defer { server.close() }
    let client = try client(.test())
    await #expect(throws: IPMIError.noAnswer) {
      try await client.withSession(to: server.address, limit: .seconds(30)) {
        session async throws(IPMIError) in try await session.powerState()
      }
    }
  }

  /// ICMP "port unreachable" ends it at once: the wait here would outlast the time limit.
  @Test func aClosedPortIsRefusedAtOnce() async throws {
    let server = try StubBMCServer(on: try loop.get(), StubBMC())
    let address = server.address
    server.close()
    // The port is free as soon as the loop has been round.
    let client = try client(.test(), patience: Patience())
    await #expect(throws: IPMIError.refused) {
      try await client.withSession(to: address, limit: .seconds(30)) {
        session async throws(IPMIError) in try await session.powerState()
      }
    }
  }

  @Test func namesAreResolved() async throws {
    let server = try StubBMCServer(on: try loop.get(), StubBMC())
    defer { server.close() }
    let address = try BMCAddress("localhost:\(server.endpoint.port)")
    let state = try await client(.test()).withSession(to: address, limit: .seconds(30)) {
      session async throws(IPMIError) in try await session.powerState()
    }
    #expect(state == .on)
  }

  @Test func anUnknownNameSaysSo() async throws {
    let client = try client(.test())
    do throws(IPMIError) {
      _ = try await client.withSession(to: BMCAddress("bmc.invalid"), limit: .seconds(60)) {
        session async throws(IPMIError) in try await session.powerState()
      }
      Issue.record("resolved")
    } catch {
      guard case .unknownHost("bmc.invalid", _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func manyAtOnce() async throws {
    let loop = try loop.get()
    let client = try client(.test(), patience: Patience())
    let states = try await withThrowingTaskGroup(of: PowerState.self) { group in
      for _ in 0..<50 {
        let server = try StubBMCServer(on: loop, StubBMC())
        group.addTask {
          defer { server.close() }
          return try await client.withSession(to: server.address, limit: .seconds(60)) {
            session async throws(IPMIError) in try await session.powerState()
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(states.count == 50)
  }
}
