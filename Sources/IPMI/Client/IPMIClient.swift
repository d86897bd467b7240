/// IPMI: the way in: a session with a BMC, for as long as some work takes.

package import Datagram

package struct IPMIClient: Sendable {
  private let loop: DatagramLoop
  private let login: IPMILogin
  private let patience: Patience

  /// Any number of sessions may share one loop.
  package init(loop: DatagramLoop, login: IPMILogin, patience: Patience = Patience()) {
    self.loop = loop
    self.login = login
    self.patience = patience
  }

  /// Logs in, does the work, and gives the session back, also after an error and on cancellation.
  /// Returns or throws at the latest when `limit` is over, whatever the BMC does.
  package func withSession<Value: Sendable>(
    to address: BMCAddress, limit: Duration,
    _ work: @Sendable (BMCSession) async throws(IPMIError) -> Value
  ) async throws(IPMIError) -> Value {
    let session = BMCSession(
      loop: loop, address: address, login: login, patience: patience, limit: limit)
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
