/// Datagram: what a socket received, with the way on which it came.

import CSockets
package import Wire

package struct ReceivedDatagram: Sendable {
  package var payload: [UInt8]
  package var source: Endpoint
  /// The destination in the IP header: one of our addresses, a broadcast, or a multicast group.
  package var destination: IPAddress
  /// The address of ours to answer from: `destination`, or the interface's own after a broadcast;
  /// after a multicast unspecified.
  package var local: IPAddress
  /// The kernel's index of the interface; 0 when it did not say.
  package var interfaceIndex: Int
  /// Of a captured datagram: the Ethernet address of whoever put it on this link, the peer itself or a
  /// router.
  package var hardware: MACAddress?

  package init(
    payload: [UInt8], source: Endpoint, destination: IPAddress, local: IPAddress,
    interfaceIndex: Int, hardware: MACAddress? = nil
  ) {
    self.payload = payload
    self.source = source
    self.destination = destination
    self.local = local
    self.interfaceIndex = interfaceIndex
    self.hardware = hardware
  }
}

/// A datagram as it lies in the receive buffers, not copied.
package struct ArrivedDatagram {
  /// Valid inside the call that it is given to.
  package var bytes: UnsafeRawBufferPointer
  package var source: Endpoint
  /// The address of ours to answer from, where the socket tells it; else unspecified.
  package var local: IPAddress
  /// Sent to many: a broadcast or a multicast group, where the socket tells it.
  package var isForMany = false
}

/// Receive buffers of one thread: 32 datagrams of up to 9,216 bytes (jumbo frames), allocated once.
package struct ReceiveBatch: ~Copyable {
  static let size = 32
  private static let room = 9216
  private let batch: OpaquePointer

  /// nil when there is no memory.
  package init?() {
    guard let batch = fino_batch_new(Int32(Self.size), Self.room) else { return nil }
    self.batch = batch
  }

  deinit {
    fino_batch_free(batch)
  }

  /// Takes what waits on the socket, at most 32 datagrams. One that is larger than the buffer is
  /// left out: no protocol here sends it. Throws what the kernel said.
  func receive(
    from descriptor: Int32
  ) throws(SocketError) -> [ReceivedDatagram] {
    let count = fino_receive(descriptor, batch, Int32(Self.size))
    guard count >= 0 else { throw SocketError("receive a datagram", code: -count) }
    return (0..<count).compactMap { index in
      let message = fino_batch_message(batch, index)
      guard message.truncated == 0 else { return nil }
      return ReceivedDatagram(
        payload: [UInt8](UnsafeBufferPointer(start: message.bytes, count: message.count)),
        source: Endpoint(IPAddress(message.source) ?? .any, message.source_port),
        destination: IPAddress(message.destination) ?? .any,
        local: IPAddress(message.local) ?? .any,
        interfaceIndex: Int(message.interface), hardware: MACAddress(sender: message))
    }
  }

  /// Gives `body` the next datagram of the port; false when none waits. For ports of one peer, of which
  /// nothing but the source matters.
  package func receiveOne(
    from port: DatagramPort, _ body: (ArrivedDatagram) -> Void
  ) -> Bool {
    var source = fino_address()
    var number: UInt16 = 0
    let bytes = fino_batch_arena(batch)
    let count = port.use { fino_take($0, bytes, Self.room, &source, &number) }
    guard count >= 0 else { return false }
    if count <= Self.room {
      body(
        ArrivedDatagram(
          bytes: UnsafeRawBufferPointer(start: bytes, count: Int(count)),
          source: Endpoint(IPAddress(source) ?? .any, number), local: .any))
    }
    return true
  }

  /// Gives `body` what waits at the port, at most `most` datagrams and never more than 32; how many
  /// there were. One that is larger than the buffer is left out.
  package func receive(
    from port: DatagramPort, most: Int, _ body: (ArrivedDatagram) -> Void
  ) -> Int {
    let count = port.use { fino_receive($0, batch, Int32(clamping: most)) }
    guard count > 0 else { return 0 }
    for index in 0..<count {
      let message = fino_batch_message(batch, index)
      guard message.truncated == 0 else { continue }
      body(
        ArrivedDatagram(
          bytes: UnsafeRawBufferPointer(start: message.bytes, count: message.count),
          source: Endpoint(IPAddress(message.source) ?? .any, message.source_port),
          local: IPAddress(message.local) ?? .any,
          isForMany: IPAddress(message.destination) != IPAddress(message.local)))
    }
    return Int(count)
  }
}

extension MACAddress {
  fileprivate init?(sender message: fino_message) {
    guard message.has_hardware != 0 else { return nil }
    let value = withUnsafeBytes(of: message.hardware) { bytes in
      bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
    self.init(value: value)
  }
}
