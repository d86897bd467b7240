/// PowerTests: requests for one BMC wait for each other, those for different BMCs do not.

import IPMI
import Power
import Synchronization
import Testing

/// Stops in the middle of each request until it is let go.
private final class GatedDriver: PowerDriver {
  static let name = "gated"

  let target: String
  private let state = Mutex<(running: Int, most: Int, order: [String])>((0, 0, []))
  private let started = AsyncStream<Void>.makeStream()
  private let gate = AsyncStream<Void>.makeStream()

  init(_ target: String) {
    self.target = target
  }

  var queueKey: String { target }
  var most: Int { state.withLock { $0.most } }
  var order: [String] { state.withLock { $0.order } }

  func waitUntilStarted() async {
    for await _ in started.stream { return }
  }

  /// Lets one request finish.
  func letGo() {
    gate.continuation.yield()
  }

  func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    state.withLock { state in
      state.running += 1
      state.most = max(state.most, state.running)
      state.order.append("\(request)")
    }
    started.continuation.yield()
    for await _ in gate.stream { break }
    state.withLock { $0.running -= 1 }
    if case .power(.soft, _) = request {
      throw PowerError(target: target, cause: .ipmi(.noAnswer))
    }
    return PowerOutcome(target: target, driver: Self.name, request: request, text: "done")
  }
}

struct PowerDeskTests {
  private let desk = PowerDesk()

  private func ask(
    _ request: PowerRequest, _ driver: GatedDriver, limit: Duration = .seconds(600)
  ) -> Task<PowerOutcome, any Error> {
    Task { try await desk.perform(request, with: driver, limit: limit) }
  }

  private func waitForQueue(of count: Int, _ driver: GatedDriver) async {
    while await desk.waitingCount(for: driver) != count { await Task.yield() }
  }

  @Test func oneAfterTheOtherInOrder() async throws {
    let driver = GatedDriver("10.0.0.7")
    let first = ask(.status, driver)
    await driver.waitUntilStarted()
    let second = ask(.power(.soft), driver)
    await waitForQueue(of: 1, driver)
    let third = ask(.power(.on), driver)
    await waitForQueue(of: 2, driver)
    for _ in 0..<3 { driver.letGo() }
    _ = try await first.value
    // A failure does not stop the queue.
    await #expect(throws: PowerError.self) { try await second.value }
    _ = try await third.value
    #expect(driver.order == ["power status", "power soft", "power on"])
    #expect(driver.most == 1)
    #expect(await desk.busyCount == 0)
  }

  @Test func differentBMCsRunSideBySide() async throws {
    let drivers = [GatedDriver("10.0.0.7"), GatedDriver("10.0.0.8")]
    let tasks = drivers.map { ask(.status, $0) }
    for driver in drivers { await driver.waitUntilStarted() }
    #expect(await desk.busyCount == 2)
    for driver in drivers { driver.letGo() }
    for task in tasks { _ = try await task.value }
  }

  @Test func aLongQueueEndsInAnError() async throws {
    let driver = GatedDriver("10.0.0.7")
    let first = ask(.status, driver)
    await driver.waitUntilStarted()
    let late = ask(.power(.on), driver, limit: .milliseconds(1))
    await #expect(
      throws: PowerError(target: "10.0.0.7", cause: .queueTimeLimit(.milliseconds(1)))
    ) { try await late.value }
    driver.letGo()
    _ = try await first.value
    #expect(driver.order == ["power status"])
  }

  @Test func aCancelledRequestLeavesTheQueue() async throws {
    let driver = GatedDriver("10.0.0.7")
    let first = ask(.status, driver)
    await driver.waitUntilStarted()
    let waiting = ask(.power(.on), driver)
    await waitForQueue(of: 1, driver)
    waiting.cancel()
    await #expect(throws: PowerError(target: "10.0.0.7", cause: .cancelled)) {
      try await waiting.value
    }
    driver.letGo()
    _ = try await first.value
    #expect(await desk.busyCount == 0)
  }
}
