/// HTTPBoot: who has how many connections.

import Synchronization
package import Wire

/// One for all connections of a server.
package final class ConnectionCounts: Sendable {
  private struct State {
    var total = 0
    var ofAddress: [IPAddress: Int] = [:]
  }

  private let limits: HTTPLimits
  private let state = Mutex(State())

  package init(_ limits: HTTPLimits) {
    self.limits = limits
  }

  /// False where it is one too many; then it is not counted. What has no address (a Unix socket) is
  /// only in the total.
  package func enter(_ address: IPAddress?) -> Bool {
    state.withLock { state in
      guard state.total < limits.connections else { return false }
      if let address {
        let count = state.ofAddress[address, default: 0]
        guard count < limits.connectionsPerAddress else { return false }
        state.ofAddress[address] = count + 1
      }
      state.total += 1
      return true
    }
  }

  /// Connections now.
  var total: Int { state.withLock(\.total) }

  /// Of one that entered.
  package func leave(_ address: IPAddress?) {
    state.withLock { state in
      state.total = max(0, state.total - 1)
      guard let address, let count = state.ofAddress[address] else { return }
      state.ofAddress[address] = count > 1 ? count - 1 : nil
    }
  }
}
