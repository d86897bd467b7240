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

  private init(loop: DatagramLoop, descriptor: Int32, local: Endpoint) {
    self.loop = loop
    self.descriptor = Mutex(descriptor)
    self.local = local
  }

  /// A socket that receives from anybody. `interface` nil is any; address `.any` takes broadcasts
  /// too; port 0 is one that the kernel chooses. `receive` runs on the loop's thread.
  package static func bind(
    on loop: DatagramLoop, interface: String?, address: IPv4Address, port: UInt16,
    receive: @escaping @Sendable (ReceivedDatagram) -> Void
  ) throws(SocketError) -> DatagramSocket {
    let place = interface.map { " on \($0)" } ?? (address.isUnspecified ? "" : " at \(address)")
    let operation = "bind UDP port \(port)\(place)"
    let fd = try open(operation)
    do throws(SocketError) {
      if let interface {
        var name = Array(interface.utf8)
        try check(
          setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, &name, socklen_t(name.count)), operation)
      }
      try set(fd, SOL_SOCKET, SO_BROADCAST, operation)
      try set(fd, ipLevel, IP_PKTINFO, operation)
      try withAddress(Endpoint(address, port)) {
        Glibc.bind(fd, $0, $1)
      } check: {
        operation
      }
      let socket = DatagramSocket(
        loop: loop, descriptor: fd, local: try localEndpoint(fd, operation))
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
    let fd = try open(operation)
    do throws(SocketError) {
      try withAddress(peer) {
        Glibc.connect(fd, $0, $1)
      } check: {
        operation
      }
      let socket = DatagramSocket(
        loop: loop, descriptor: fd, local: try localEndpoint(fd, operation))
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
  /// not take is lost, as it would be on the wire, and the protocols repeat.
  package func send(_ payload: [UInt8], to peer: Endpoint, from source: IPv4Address? = nil) {
    descriptor.withLock { fd in
      guard fd >= 0 else { return }
      _ = fino_send(
        fd, payload, payload.count, peer.address.value, peer.port, source?.value ?? 0)
    }
  }

  /// Sends to the peer of a connected socket. An error that the kernel kept for us ("port
  /// unreachable") is answered.
  @discardableResult
  package func send(_ payload: [UInt8]) -> SocketError? {
    descriptor.withLock { fd in
      guard fd >= 0 else { return nil }
      let result = fino_send(fd, payload, payload.count, 0, 0, 0)
      return result == 0 || result == -EAGAIN ? nil : SocketError("send", code: -result)
    }
  }

  /// No callback runs after the loop's present round.
  package func close() {
    let fd = descriptor.withLock { fd in
      defer { fd = -1 }
      return fd
    }
    guard fd >= 0 else { return }
    loop.remove(fd)
    // Closed on the loop's thread, so that the number is not reused while a callback holds it.
    loop.execute { Glibc.close(fd) }
  }

  deinit {
    close()
  }

  // MARK: System calls

  private static let ipLevel = Int32(IPPROTO_IP)

  private static func open(_ operation: String) throws(SocketError) -> Int32 {
    let fd = socket(
      AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    try check(fd, operation)
    return fd
  }

  private static func set(
    _ fd: Int32, _ level: Int32, _ option: Int32, _ operation: String
  ) throws(SocketError) {
    var on: Int32 = 1
    try check(setsockopt(fd, level, option, &on, socklen_t(MemoryLayout<Int32>.size)), operation)
  }

  private static func check(_ result: Int32, _ operation: String) throws(SocketError) {
    if result < 0 { throw SocketError(operation, code: errno) }
  }

  private static func withAddress(
    _ endpoint: Endpoint, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32,
    check operation: () -> String
  ) throws(SocketError) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port.bigEndian
    address.sin_addr.s_addr = endpoint.address.value.bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try check(result, operation())
  }

  private static func localEndpoint(
    _ fd: Int32, _ operation: String
  ) throws(SocketError) -> Endpoint {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(fd, $0, &length) }
    }
    try check(result, operation)
    return Endpoint(
      IPv4Address(value: UInt32(bigEndian: address.sin_addr.s_addr)),
      UInt16(bigEndian: address.sin_port))
  }
}
