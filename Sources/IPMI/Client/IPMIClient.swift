/// IPMI: the way in: a session with a BMC, for as long as some work takes.

package import Datagram

package struct IPMIClient: Sendable {
  private let loop: DatagramLoop
  private let login: IPMILogin
  private let patience: Patience
  package let fleet: BMCFleet

  /// Any number of sessions may share one loop. The `fleet` should be one for the whole process.
  package init(
    loop: DatagramLoop, login: IPMILogin, patience: Patience = Patience(),
    fleet: BMCFleet = BMCFleet()
  ) {
    self.loop = loop
    self.login = login
    self.patience = patience
    self.fleet = fleet
  }

  /// Logs in, does the work, and gives the session back, also after an error and on cancellation.
  /// Returns or throws at the latest when `limit` is over, whatever the BMC does; nil is no limit.
  /// `privilege` is what the work needs; the login's is the most that is asked for, and what nil
  /// asks for.
  package func withSession<Value: Sendable>(
    to address: BMCAddress, limit: Duration?, privilege: PrivilegeLevel? = nil,
    _ work: @Sendable (BMCSession) async throws(IPMIError) -> Value
  ) async throws(IPMIError) -> Value {
    let start = ContinuousClock.now
    guard await fleet.enter() else { throw .cancelled }
    defer { fleet.leave() }
    var rest: Duration?
    if let limit {
      // What was spent waiting for a place counts.
      rest = limit - start.duration(to: .now)
      guard rest ?? .zero > .zero else { throw .timeLimit(limit) }
    }
    let session = BMCSession(
      loop: loop, address: address, login: login, patience: patience,
      privilege: min(privilege ?? login.privilege, login.privilege), fleet: fleet, limit: limit,
      rest: rest)
    do throws(IPMIError) {
      try await session.open()
      let value = try await work(session)
      await session.close()
      return value
    } catch {
      await session.close()
      throw error
    }
  }
}
