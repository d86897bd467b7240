/// Datagram: a UDP socket on an event loop.

import CSockets
import Glibc
import Synchronization
package import Wire

/// A UDP socket, bound to one interface where that is asked for, so that the arrival interface and
/// the source address of an answer are never a guess.
package final class DatagramSocket: Sendable {
  private let loop: DatagramLoop
  /// -1 once it is closed. The lock is held while sending, so that a closed number is never used.
  private let descriptor: Mutex<Int32>
  /// Our end; the port is the real one also where 0 was asked for.
  package let local: Endpoint
  /// The index of our interface, which link-local addresses of peers belong to; 0 for any.
  private let scope: Int32

  private init(loop: DatagramLoop, descriptor: Int32, local: Endpoint, scope: Int32) {
    self.loop = loop
    self.descriptor = Mutex(descriptor)
    self.local = local
    self.scope = scope
  }

  /// A socket that receives from anybody. `interface` nil is any; address `.any` takes broadcasts
  /// too; port 0 is one that the kernel chooses. `receive` runs on the loop's thread.
  ///
  /// `shared` lets others on this host have the port as well, if they allow it too (SO_REUSEADDR):
  /// broadcasts then go to each of us, and unicasts to one. `isDeaf` holds the port, and sends from it,
  /// but receives nothing: somebody else of ours hears it. `isBusy` is a service's port, with large
  /// buffers. `joining` is a group of IPv6 multicast to
  /// hear on that interface, with others on this host (RFC 3493 §5.2), as a DHCPv6 server may be.
  package static func bind(
    on loop: DatagramLoop, interface: String?, address: IPAddress, port: UInt16,
    shared: Bool = false, isDeaf: Bool = false, isBusy: Bool = false,
    joining group: IPv6Address? = nil,
    receive: @escaping @Sendable (ReceivedDatagram) -> Void
  ) throws(SocketError) -> DatagramSocket {
    let place = interface.map { " on \($0)" } ?? (address.isUnspecified ? "" : " at \(address)")
    let operation = "bind UDP port \(port)\(place)"
    let fd = try open(address, operation)
    do throws(SocketError) {
      var scope: Int32 = 0
      if let interface {
        var name = Array(interface.utf8)
        if setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, &name, socklen_t(name.count)) < 0 {
          throw SocketError(operation, code: errno)
        }
        scope = Int32(clamping: if_nametoindex(interface))
      }
      var on: Int32 = 1
      let size = socklen_t(MemoryLayout<Int32>.size)
      if shared || group != nil, setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, size) < 0 {
        throw SocketError(operation, code: errno)
      }
      if isBusy { fino_make_room(fd) }
      if isDeaf { try check(fino_udp_deafen(fd), operation) }
      try check(fino_udp_bind(fd, fino_address(address), port, scope), operation)
      if let group {
        try check(fino_udp_join(fd, fino_address(.v6(group)), scope), "join \(group)\(place)")
      }
      let socket = DatagramSocket(
        loop: loop, descriptor: fd, local: try localEndpoint(fd, operation), scope: scope)
      try loop.add(fd) { batch in
        // An error here is an echo of a datagram that we sent (ICMP); an unconnected socket has no
        // use for it.
        guard let received = try? batch.receive(from: fd) else { return }
        for datagram in received { receive(datagram) }
      }
      return socket
    } catch {
      Glibc.close(fd)
      throw error
    }
  }

  /// A socket for one peer: the kernel drops what others send, and tells of "port unreachable"
  /// through `failure`. Both closures run on the loop's thread.
  package static func connect(
    on loop: DatagramLoop, to peer: Endpoint,
    receive: @escaping @Sendable ([UInt8]) -> Void,
    failure: @escaping @Sendable (SocketError) -> Void
  ) throws(SocketError) -> DatagramSocket {
    let operation = "reach \(peer)"
    let fd = try open(peer.address, operation)
    do throws(SocketError) {
      try check(fino_udp_connect(fd, fino_address(peer.address), peer.port, 0), operation)
      let socket = DatagramSocket(
        loop: loop, descriptor: fd, local: try localEndpoint(fd, operation), scope: 0)
      try loop.add(fd) { batch in
        do throws(SocketError) {
          for datagram in try batch.receive(from: fd) { receive(datagram.payload) }
        } catch {
          failure(SocketError(operation, code: error.code))
        }
      }
      return socket
    } catch {
      Glibc.close(fd)
      throw error
    }
  }

  /// Sends to `peer` from `source` (nil: the kernel chooses). Never blocks; what the kernel does
  /// not take is lost, as it would be on the wire, and the protocols repeat. Answers why it was not
  /// taken.
  @discardableResult
  package func send(
    _ payload: [UInt8], to peer: Endpoint, from source: IPAddress? = nil
  ) -> SocketError? {
    descriptor.withLock { fd in
      guard fd >= 0 else { return SocketError("send to \(peer)", code: EBADF) }
      let result = fino_send(
        fd, payload, payload.count, fino_address(peer.address), peer.port, fino_address(source),
        scope)
      return result == 0 ? nil : SocketError("send to \(peer)", code: -result)
    }
  }

  /// Sends to the peer of a connected socket. An error that the kernel kept for us ("port
  /// unreachable") is answered.
  @discardableResult
  package func send(_ payload: [UInt8]) -> SocketError? {
    descriptor.withLock { fd in
      guard fd >= 0 else { return nil }
      let result = fino_send(
        fd, payload, payload.count, fino_address(nil), 0, fino_address(nil), 0)
      return result == 0 || result == -EAGAIN ? nil : SocketError("send", code: -result)
    }
  }

  /// No callback runs after the loop's present round.
  package func close() {
    let fd = descriptor.withLock { fd in
      defer { fd = -1 }
      return fd
    }
    if fd >= 0 { loop.close(fd) }
  }

  deinit {
    close()
  }

  // MARK: System calls

  private static func open(
    _ address: IPAddress, _ operation: String
  ) throws(SocketError) -> Int32 {
    let fd = fino_udp_open(address.v6 == nil ? 4 : 6)
    try check(fd, operation)
    return fd
  }

  private static func check(_ result: Int32, _ operation: String) throws(SocketError) {
    if result < 0 { throw SocketError(operation, code: -result) }
  }

  private static func localEndpoint(
    _ fd: Int32, _ operation: String
  ) throws(SocketError) -> Endpoint {
    var address = fino_address()
    var port: UInt16 = 0
    try check(fino_udp_local(fd, &address, &port), operation)
    return Endpoint(IPAddress(address) ?? .any, port)
  }
}
