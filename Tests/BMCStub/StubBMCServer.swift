/// BMCStub: the stub BMC on a real socket.

package import Datagram
package import IPMI
import Synchronization
package import Wire

/// Listens on a free port of 127.0.0.1, or of another address of this host.
package final class StubBMCServer: Sendable {
  private let state: Mutex<StubBMC>
  private let weather: Mutex<Weather>
  private let socket = Mutex<DatagramSocket?>(nil)
  package let endpoint: Endpoint

  package init(
    on loop: DatagramLoop, _ bmc: StubBMC, weather: Weather = Weather(),
    address: IPAddress = .loopback, port: UInt16 = 0
  ) throws {
    state = Mutex(bmc)
    self.weather = Mutex(weather)
    let box = Hook()
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: address, port: port, isBusy: true
    ) { box.call($0) }
    endpoint = socket.local
    self.socket.withLock { $0 = socket }
    box.set { [weak self] in self?.received($0) }
  }

  package var address: BMCAddress { BMCAddress(endpoint) }

  /// A look at the BMC as it is now.
  package var bmc: StubBMC { state.withLock { $0 } }

  package func close() {
    socket.withLock { $0 }?.close()
  }

  private func received(_ datagram: ReceivedDatagram) {
    let copies = weather.withLock { $0.fate(.toBMC) }
    if case .lost = copies { return }
    for answer in state.withLock({ $0.receive(datagram.payload) }) {
      switch weather.withLock({ $0.fate(.toClient) }) {
      case .lost: break
      case .arrivesTwice:
        send(answer, to: datagram.source)
        send(answer, to: datagram.source)
      case .arrives, .late, .overtaken: send(answer, to: datagram.source)
      }
    }
  }

  private func send(_ answer: [UInt8], to peer: Endpoint) {
    socket.withLock { $0 }?.send(answer, to: peer)
  }
}

/// A callback that is set after the socket exists. The struct keeps the closure from being wrapped
/// anew at every look through the lock.
private final class Hook: Sendable {
  private struct Body {
    var call: @Sendable (ReceivedDatagram) -> Void
  }

  private let body = Mutex<Body?>(nil)

  func set(_ body: @escaping @Sendable (ReceivedDatagram) -> Void) {
    self.body.withLock { $0 = Body(call: body) }
  }

  func call(_ datagram: ReceivedDatagram) {
    body.withLock { $0 }?.call(datagram)
  }
}
