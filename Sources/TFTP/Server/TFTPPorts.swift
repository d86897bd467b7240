/// TFTP: the ports that transfers may have, where a firewall lets only some of them through.

internal import Datagram
internal import Synchronization
internal import Wire

/// Opens ports for transfers: any that the kernel chooses, or those of a range, each in turn, so that
/// one that was just given back stays unused for as long as possible (RFC 1350 §4: a transfer
/// identifier should not come again soon).
final class TFTPPorts: Sendable {
  private struct State {
    /// In the order in which they will be used.
    var free: [UInt16]
    var first = 0
  }

  private let isLimited: Bool
  private let state: Mutex<State>

  /// nil: ports that the kernel chooses.
  init(_ range: ClosedRange<UInt16>?) {
    isLimited = range != nil
    state = Mutex(State(free: range.map { Array($0) } ?? []))
  }

  func open(
    at address: IPAddress, _ options: DatagramPort.Options
  ) throws(SocketError) -> DatagramPort {
    guard isLimited else { return try DatagramPort.open(at: address, port: 0, options) }
    var failure = SocketError("find a free port in the range for transfers", code: 98)
    // Somebody else may hold some of them.
    for _ in 0..<1024 {
      guard let port = take() else { throw failure }
      do throws(SocketError) {
        return try DatagramPort.open(at: address, port: port, options)
      } catch {
        giveBack(port)
        failure = error
        if !error.isAddressInUse { throw error }
      }
    }
    throw failure
  }

  /// Closes it, and lets others have it.
  func close(_ port: DatagramPort) {
    port.close()
    if isLimited { giveBack(port.local.port) }
  }

  private func take() -> UInt16? {
    state.withLock { state in
      guard state.first < state.free.count else { return nil }
      let port = state.free[state.first]
      state.first += 1
      if state.first > 1024 {
        state.free.removeFirst(state.first)
        state.first = 0
      }
      return port
    }
  }

  private func giveBack(_ port: UInt16) {
    state.withLock { $0.free.append(port) }
  }
}
