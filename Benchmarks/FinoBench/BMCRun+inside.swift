/// FinoBench: `ipmi`, in one process: what a session costs in time and memory.

import BMCStub
import Datagram
import Foundation
import IPMI
import Wire

extension BMCRun {
  func inside() throws -> Report {
    var report = Report("IPMI in one process; BMCs and client share one thread")
    let loop = try DatagramLoop(name: "bench-ipmi")
    defer { loop.shutdown() }
    let server = try StubBMCServer(on: loop, Self.stub())
    defer { server.close() }
    let (measure, address) = (measure, server.address)

    for suite in [CipherSuite.suite17, .suite3] {
      let login = try Self.login(suite)
      var cold = Sample()
      var known = Sample()
      for round in 0..<(200 + 20) {
        let client = IPMIClient(loop: loop, login: login)
        let first = try Self.wait { try await Self.status(client, address) }
        let second = try Self.wait { try await Self.status(client, address) }
        if round >= 20 {
          cold.add(first.inSeconds * 1e3)
          known.add(second.inSeconds * 1e3)
        }
      }
      report.add(
        "a status, login and all, suite \(suite.id)", "ms", fino: cold.median, better: .less,
        wanted: .below(5))
      report.add(
        "the same where the BMC is known", "ms", fino: known.median, better: .less)
    }

    let client = IPMIClient(loop: loop, login: try Self.login())
    var cold = Sample()
    var warm = Sample()
    for _ in 0..<measure.rounds {
      let before = ProcessUse(getpid()).processor
      let count = try Self.wait {
        try await Self.statusUntil(client, address, seconds: measure.seconds)
      }
      cold.add(Double(count) / max(ProcessUse(getpid()).processor - before, 0.01))
      let between = ProcessUse(getpid()).processor
      let commands = try Self.wait {
        try await client.withSession(to: address, limit: nil) {
          session async throws(IPMIError) in
          let end = ContinuousClock.now.advanced(by: .seconds(measure.seconds))
          var count = 0
          while ContinuousClock.now < end {
            _ = try await session.powerState()
            count += 1
          }
          return count
        }
      }
      warm.add(Double(commands) / max(ProcessUse(getpid()).processor - between, 0.01))
    }
    report.add(
      "statuses with a login each, of a processor's second", "1/s", fino: cold.median,
      wanted: .atLeast(1000))
    report.add(
      "statuses in one session, of a processor's second", "1/s", fino: warm.median,
      wanted: .atLeast(1000))

    let (held, memory) = try Self.wait { try await Self.hold(5000, loop, address) }
    report.add(
      "sessions held open at once", "", fino: Double(held), wanted: .atLeast(5000))
    report.add(
      "memory for them, BMCs included", "MB", fino: memory / 1e6, better: .less,
      wanted: .below(200))
    return report
  }

  private static func status(
    _ client: IPMIClient, _ address: BMCAddress
  ) async throws -> Duration {
    let start = ContinuousClock.now
    _ = try await client.withSession(to: address, limit: .seconds(20), privilege: .user) {
      session async throws(IPMIError) in try await session.powerState()
    }
    return start.duration(to: .now)
  }

  /// Sixteen at once; how many there were.
  private static func statusUntil(
    _ client: IPMIClient, _ address: BMCAddress, seconds: Double
  ) async throws -> Int {
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    return try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<16 {
        group.addTask {
          var count = 0
          while ContinuousClock.now < end {
            _ = try await status(client, address)
            count += 1
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
  }

  /// How many sessions were open together, and by how many bytes this process grew.
  private static func hold(
    _ count: Int, _ loop: DatagramLoop, _ address: BMCAddress
  ) async throws -> (Int, Double) {
    let client = IPMIClient(loop: loop, login: try login(), fleet: BMCFleet(sessions: count))
    // One stub is all five thousand of them: it is asked by two hundred at a time, as by a fleet.
    let (places, place) = AsyncStream<Void>.makeStream()
    for _ in 0..<200 { place.yield() }
    var free = places.makeAsyncIterator()
    let before = ProcessUse(getpid()).resident
    let (opened, arrival) = AsyncStream<Bool>.makeStream()
    var tasks: [Task<Void, Never>] = []
    for _ in 0..<count {
      _ = await free.next()
      let task = Task {
        _ = try? await client.withSession(to: address, limit: nil) {
          session async throws(IPMIError) in
          _ = try await session.powerState()
          arrival.yield(true)
          place.yield()
          try await session.pause(.seconds(600))
        }
        arrival.yield(false)
        place.yield()
      }
      tasks.append(task)
    }
    var open = 0
    var answers = 0
    for await isOpen in opened {
      answers += 1
      if isOpen { open += 1 }
      if answers == count { break }
    }
    let after = ProcessUse(getpid()).resident
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
    return (open, after - before)
  }
}
