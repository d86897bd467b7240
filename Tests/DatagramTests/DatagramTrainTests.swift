/// DatagramTests: many datagrams in one call.

import Datagram
import Testing
import Wire

@Suite struct DatagramTrainTests {
  /// What a train of these payloads brings to a peer.
  private func carry(_ payload: [UInt8], sizes: [Int], isSegmented: Bool) throws -> [[UInt8]] {
    var options = DatagramPort.Options()
    options.buffer = 1024 * 1024
    let from = try DatagramPort.open(at: .loopback, port: 0, options)
    let to = try DatagramPort.open(at: .loopback, port: 0, options)
    var train = DatagramTrain()
    var isSegmented = isSegmented
    let taken = payload.withUnsafeBytes { bytes in
      var offset = 0
      for (index, size) in sizes.enumerated() {
        train.append(
          header: 0x0003_0000 + UInt32(index + 1),
          payload: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)]))
        offset += size
      }
      return train.leave(through: from, to: to.local, from: nil, isSegmented: &isSegmented)
    }
    #expect(taken == sizes.count)
    #expect(train.count == 0)
    var arrived: [[UInt8]] = []
    guard let buffers = ReceiveBatch() else { return [] }
    while buffers.receive(
      from: to, most: 32,
      { datagram in
        #expect(datagram.source == from.local)
        arrived.append(Array(datagram.bytes))
      }) > 0
    {}
    return arrived
  }

  @Test(arguments: [true, false], [1, 2, 64, 100])
  func `every datagram arrives as it is, however the kernel makes it`(
    isSegmented: Bool, count: Int
  ) throws {
    let payload = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
    for (size, last) in [(1432, 1432), (1432, 5), (1432, 0), (8, 3)] {
      let sizes = [Int](repeating: size, count: count - 1) + [last]
      let arrived = try carry(payload, sizes: sizes, isSegmented: isSegmented)
      #expect(arrived.count == count)
      var offset = 0
      for (index, datagram) in arrived.enumerated() {
        #expect(Array(datagram.prefix(4)) == [0, 3, 0, UInt8(index + 1)])
        #expect(Array(datagram.dropFirst(4)) == Array(payload[offset..<(offset + sizes[index])]))
        offset += sizes[index]
      }
    }
  }

  @Test func `a train has an end`() {
    var train = DatagramTrain()
    for _ in 0..<(DatagramTrain.longest + 5) {
      train.append(header: 0, payload: UnsafeRawBufferPointer(start: nil, count: 0))
    }
    #expect(train.isFull && train.count == DatagramTrain.longest)
  }

  @Test func `a closed port sends and receives nothing`() throws {
    let port = try DatagramPort.open(at: .loopback, port: 0, .init())
    port.close()
    port.send([1], to: port.local)
    guard let buffers = ReceiveBatch() else { return }
    #expect(buffers.receive(from: port, most: 1) { _ in Issue.record("received") } == 0)
    #expect(!buffers.receiveOne(from: port) { _ in Issue.record("received") })
  }

  @Test func `a port that is taken names itself`() throws {
    let first = try DatagramPort.open(at: .loopback, port: 0, .init())
    #expect {
      try DatagramPort.open(at: .loopback, port: first.local.port, .init())
    } throws: { error in
      (error as? SocketError)?.isAddressInUse ?? false
    }
  }
}
