/// TFTP: blocks on their way out, straight from the file's memory.

internal import Datagram
internal import Wire

/// Where the blocks of one transfer go out and to whom.
struct TFTPRoute {
  var port: DatagramPort
  let peer: Endpoint
  /// The address of ours to send from, where the port has several; else nil.
  let source: IPAddress?
  /// Whether the kernel cuts windows into datagrams for this peer.
  var isSegmented: Bool
}

extension TFTPBlocks {
  /// Sends these blocks. The first block whose bytes are not in memory, and with which the caller has
  /// to go on later; nil when all were sent.
  mutating func send(
    _ wanted: ClosedRange<Int>, with train: inout DatagramTrain, on route: inout TFTPRoute
  ) -> Int? {
    guard !isText else {
      for block in wanted { send(block, textPayload(of: block), &train, &route) }
      return nil
    }
    var next = wanted.lowerBound
    while next <= wanted.upperBound {
      let start = offset(of: next)
      let whole = contents.withPiece(at: start) { piece in
        let before = next
        var offset = start
        while next <= wanted.upperBound {
          let count = min(blockSize, size - offset)
          guard offset - start + count <= piece.count else { break }
          train.append(
            header: Self.header(of: next),
            payload: UnsafeRawBufferPointer(
              rebasing: piece[(offset - start)..<(offset - start + count)]))
          if train.isFull { leave(&train, &route) }
          offset += count
          next += 1
        }
        leave(&train, &route)
        return next > before
      }
      guard let whole else { return next }
      if !whole {
        // The block lies in two slices.
        guard let bytes = payload(of: next) else { return next }
        send(next, bytes, &train, &route)
        next += 1
      }
    }
    return nil
  }

  private func send(
    _ block: Int, _ payload: [UInt8], _ train: inout DatagramTrain, _ route: inout TFTPRoute
  ) {
    payload.withUnsafeBytes {
      train.append(header: Self.header(of: block), payload: $0)
      leave(&train, &route)
    }
  }

  private func leave(_ train: inout DatagramTrain, _ route: inout TFTPRoute) {
    train.leave(
      through: route.port, to: route.peer, from: route.source, isSegmented: &route.isSegmented)
  }

  /// A byte of the file that the block needs and that may not be in memory.
  func missing(of block: Int) -> Int {
    let start = offset(of: block)
    return contents.withPiece(at: start) { start + $0.count } ?? start
  }
}
