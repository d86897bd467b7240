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

  /// Why a connection is one too many.
  package enum Refusal: Equatable, Sendable {
    case ofAll
    case ofAddress(IPAddress)
  }

  /// nil where there is place for one more; else it is not counted. What has no address (a Unix
  /// socket) is only in the total.
  package func enter(_ address: IPAddress?) -> Refusal? {
    state.withLock { state in
      guard state.total < limits.connections else { return .ofAll }
      if let address = counted(address) {
        let count = state.ofAddress[address, default: 0]
        guard count < limits.connectionsPerAddress else { return .ofAddress(address) }
        state.ofAddress[address] = count + 1
      }
      state.total += 1
      return nil
    }
  }

  /// nil for what has no limit of its own: behind a loopback address is a proxy on this host, with
  /// everybody's connections.
  private func counted(_ address: IPAddress?) -> IPAddress? {
    switch address {
    case .v4(let v4) where limits.exemptsLoopback && v4.value >> 24 == 127: nil
    case .v6(.loopback) where limits.exemptsLoopback: nil
    default: address
    }
  }

  /// For whoever has to change it.
  func sentence(_ refusal: Refusal) -> String {
    switch refusal {
    case .ofAddress(let address):
      return "too many connections from \(address): http.connections-per-address allows "
        + "\(limits.connectionsPerAddress)"
    case .ofAll:
      let files = limits.openFiles.map { ", as this process may open only \($0) files" } ?? ""
      return "too many connections: http.connections allows \(limits.connections)\(files)"
    }
  }

  /// Connections now.
  var total: Int { state.withLock(\.total) }

  /// Of one that entered.
  package func leave(_ address: IPAddress?) {
    state.withLock { state in
      state.total = max(0, state.total - 1)
      guard let address = counted(address), let count = state.ofAddress[address]
      else { return }
      state.ofAddress[address] = count > 1 ? count - 1 : nil
    }
  }
}
