/// BMCStub: a bad network between a client and BMCs: delay, losses, doubles, overtaking.

package import Datagram
import Synchronization
package import Wire

/// Listens on a port of its own for each BMC and passes on, both ways, what the weather lets through.
/// The kernel of a test machine need not know about delays.
package final class DatagramRelay: Sendable {
  private struct State {
    var weather: Weather
    var sockets: [DatagramSocket] = []
    var clients: [UInt16: [Endpoint: DatagramSocket]] = [:]
  }

  private let loop: DatagramLoop
  /// One way.
  private let delay: Duration
  private let state: Mutex<State>

  package init(on loop: DatagramLoop, delay: Duration = .zero, weather: Weather = Weather()) {
    self.loop = loop
    self.delay = delay
    state = Mutex(State(weather: weather))
  }

  /// Where to send what is meant for `target`.
  package func door(to target: Endpoint) throws -> Endpoint {
    let box = Box()
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0
    ) { [weak self] datagram in
      guard let self, let door = box.socket else { return }
      self.received(datagram, at: door, target)
    }
    box.set(socket)
    state.withLock { $0.sockets.append(socket) }
    return socket.local
  }

  package func close() {
    let sockets = state.withLock { state in
      defer {
        state.sockets = []
        state.clients = [:]
      }
      return state.sockets + state.clients.values.flatMap(\.values)
    }
    for socket in sockets { socket.close() }
  }

  private func received(
    _ datagram: ReceivedDatagram, at door: DatagramSocket, _ target: Endpoint
  ) {
    let client = datagram.source
    var socket = state.withLock { $0.clients[door.local.port]?[client] }
    if socket == nil {
      socket = try? DatagramSocket.connect(
        on: loop, to: target,
        receive: { [weak self] answer in
          self?.pass(.toClient) { door.send(answer, to: client) }
        }, failure: { _ in })
      state.withLock { $0.clients[door.local.port, default: [:]][client] = socket }
    }
    guard let socket else { return }
    let payload = datagram.payload
    pass(.toBMC) { socket.send(payload) }
  }

  private func pass(_ direction: Weather.Direction, _ send: @escaping @Sendable () -> Void) {
    let (copies, extra): (Int, Duration) =
      switch state.withLock({ $0.weather.fate(direction) }) {
      case .arrives: (1, .zero)
      case .lost: (0, .zero)
      case .arrivesTwice: (2, .zero)
      case .late: (1, .milliseconds(700))
      case .overtaken: (1, .milliseconds(30))
      }
    for _ in 0..<copies {
      if delay + extra > .zero {
        loop.schedule(after: delay + extra, send)
      } else {
        send()
      }
    }
  }
}

private final class Box: Sendable {
  private let state = Mutex<DatagramSocket?>(nil)

  var socket: DatagramSocket? { state.withLock { $0 } }

  func set(_ socket: DatagramSocket) {
    state.withLock { $0 = socket }
  }
}
