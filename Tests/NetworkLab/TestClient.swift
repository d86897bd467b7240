/// NetworkLab: a machine that talks UDP before it has an address.

package import Datagram
import Synchronization
package import Wire

/// Sends and hears on one interface, below the kernel's UDP.
package final class TestClient: Sendable {
  package static let hardware = MACAddress(value: 0x5254_00aa_0001)

  private let frames: RawFrameSocket
  private let capture: CaptureSocket
  private let heard: Heard

  /// `port` is where it hears: 68, or 67 for a relay.
  package init(
    _ interface: NetworkInterface, on loop: DatagramLoop, port: UInt16 = 68
  ) async throws {
    let heard = Heard()
    self.heard = heard
    (frames, capture) = try await withCheckedThrowingContinuation { continuation in
      loop.execute {
        continuation.resume(
          with: Result {
            (
              try RawFrameSocket(interface: interface),
              try CaptureSocket(on: loop, interface: interface, port: port) { heard.add($0) }
            )
          })
      }
    }
  }

  /// By broadcast, unless it is said to whom.
  package func send(
    _ message: [UInt8], from source: Endpoint = Endpoint(IPv4Address.any, 68),
    to destination: Endpoint = Endpoint(IPv4Address.broadcast, 67),
    hardware: MACAddress = .broadcast
  ) {
    let packet = UDPPacket(source: source, destination: destination, payload: message)
    if let packet { _ = frames.send([RawFrameSocket.Frame(packet, to: hardware)]) }
  }

  /// Waits for so many datagrams; answers those that came when there are enough, or after the time.
  package func receive(
    _ count: Int, within time: Duration = .seconds(5)
  ) async throws -> [ReceivedDatagram] {
    let end = ContinuousClock.now.advanced(by: time)
    while heard.count < count, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(10))
    }
    return heard.takeAll()
  }

  package func close() {
    capture.close()
  }
}

private final class Heard: Sendable {
  private let list = Mutex<[ReceivedDatagram]>([])
  var count: Int { list.withLock { $0.count } }
  func add(_ more: [ReceivedDatagram]) { list.withLock { $0 += more } }
  func takeAll() -> [ReceivedDatagram] {
    list.withLock { list in
      defer { list = [] }
      return list
    }
  }
}
