/// Datagram: many datagrams to one peer in one system call.

import CSockets
import Glibc
package import Wire

/// Datagrams of a 4-byte header and a payload that stays where it is: nothing is copied before the
/// kernel does. All payloads but the last have one length. They leave as one message that the kernel
/// cuts (UDP_SEGMENT), or as many messages in one call (sendmmsg) where it can't.
package struct DatagramTrain: ~Copyable {
  /// How many fit.
  package static let longest = 128
  /// Whether the kernel cuts messages.
  package static let isSegmented = fino_can_segment() != 0

  private let pieces: UnsafeMutablePointer<iovec>
  private let headers: UnsafeMutablePointer<UInt32>
  package private(set) var count = 0

  package init() {
    pieces = .allocate(capacity: 2 * Self.longest)
    pieces.initialize(repeating: iovec(), count: 2 * Self.longest)
    headers = .allocate(capacity: Self.longest)
    headers.initialize(repeating: 0, count: Self.longest)
  }

  deinit {
    pieces.deallocate()
    headers.deallocate()
  }

  package var isFull: Bool { count == Self.longest }

  /// `payload` must stay valid until the train has left. Nothing happens when it is full.
  package mutating func append(header: UInt32, payload: UnsafeRawBufferPointer) {
    guard count < Self.longest else { return }
    headers[count] = header.bigEndian
    pieces[2 * count] = iovec(iov_base: headers + count, iov_len: 4)
    pieces[2 * count + 1] = iovec(
      iov_base: UnsafeMutableRawPointer(mutating: payload.baseAddress), iov_len: payload.count)
    count += 1
  }

  /// Sends and empties it. `isSegmented` is cleared when the kernel refuses to cut for this peer. How
  /// many the kernel took; the rest is lost, as it would be on the wire.
  @discardableResult
  package mutating func leave(
    through port: DatagramPort, to peer: Endpoint, from source: IPAddress?,
    isSegmented: inout Bool
  ) -> Int {
    guard count > 0 else { return 0 }
    var segments: Int32 = isSegmented ? 1 : 0
    let taken = port.send(pieces, count, to: peer, from: source, segments: &segments)
    isSegmented = segments != 0
    count = 0
    return taken
  }
}
