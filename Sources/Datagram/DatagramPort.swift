/// Datagram: a UDP socket whose owner reads it, many datagrams at a time.

import CSockets
import Glibc
import Synchronization
package import Wire

/// Where `DatagramSocket` calls a closure for each datagram, this one is only watched: the loop tells
/// its attendant which ports can be read. For services that carry much.
package final class DatagramPort: Sendable {
  /// What the socket is for.
  package struct Options: Sendable {
    /// nil: any.
    package var interface: String?
    /// Each datagram tells which address of ours it was sent to.
    package var tellsDestination = false
    /// Several ports of ours at the same number share what arrives: each peer's datagrams go to
    /// one of them (SO_REUSEPORT).
    package var sharesLoad = false
    /// Bytes of the kernel's buffers in each direction; 0: as they come.
    package var buffer = 0

    package init(interface: String? = nil) {
      self.interface = interface
    }
  }

  /// -1 once it is closed. The lock is held while the number is used.
  private let descriptor: Mutex<Int32>
  /// Our end; the port is the real one also where 0 was asked for.
  package let local: Endpoint
  private let scope: Int32

  private init(descriptor: Int32, local: Endpoint, scope: Int32) {
    self.descriptor = Mutex(descriptor)
    self.local = local
    self.scope = scope
  }

  /// Port 0 is one that the kernel chooses.
  package static func open(
    at address: IPAddress, port: UInt16, _ options: Options
  ) throws(SocketError) -> DatagramPort {
    // Only link-local addresses of IPv6 belong to an interface.
    let named = address.v6 == nil ? nil : options.interface
    let scope = named.map { Int32(clamping: if_nametoindex($0)) } ?? 0
    let fd = withName(options.interface) { name in
      var wanted = fino_port_options(
        interface: name, tells_destination: options.tellsDestination ? 1 : 0,
        shares_load: options.sharesLoad ? 1 : 0, buffer: Int32(clamping: options.buffer))
      return fino_port_open(fino_address(address), port, scope, &wanted)
    }
    var local = fino_address()
    var number: UInt16 = 0
    let result = fd < 0 ? fd : fino_udp_local(fd, &local, &number)
    guard result >= 0 else {
      if fd >= 0 { Glibc.close(fd) }
      let place =
        options.interface.map { " on \($0)" } ?? (address.isUnspecified ? "" : " at \(address)")
      throw SocketError("bind UDP port \(port)\(place)", code: -result)
    }
    return DatagramPort(
      descriptor: fd, local: Endpoint(IPAddress(local) ?? .any, number), scope: scope)
  }

  /// Sends to `peer` from `source` (nil: the kernel chooses). Never blocks; what the kernel does not
  /// take is lost, as it would be on the wire.
  package func send(_ payload: [UInt8], to peer: Endpoint, from source: IPAddress? = nil) {
    _ = use {
      fino_send(
        $0, payload, payload.count, fino_address(peer.address), peer.port, fino_address(source),
        scope)
    }
  }

  /// How many of the datagrams the kernel took.
  func send(
    _ pieces: UnsafeMutablePointer<iovec>, _ count: Int, to peer: Endpoint,
    from source: IPAddress?, segments: inout Int32
  ) -> Int {
    descriptor.withLock { fd in
      guard fd >= 0 else { return 0 }
      return Int(
        max(
          0,
          fino_send_train(
            fd, pieces, Int32(clamping: count), fino_address(peer.address), peer.port,
            fino_address(source), scope, &segments)))
    }
  }

  /// Ends it at once, from any thread; who watches it hears nothing more.
  package func close() {
    descriptor.withLock { fd in
      if fd >= 0 { Glibc.close(fd) }
      fd = -1
    }
  }

  deinit {
    close()
  }

  /// -EBADF once it is closed.
  func use(_ body: (Int32) -> Int32) -> Int32 {
    descriptor.withLock { fd in fd >= 0 ? body(fd) : -EBADF }
  }

  private static func withName(
    _ name: String?, _ body: (UnsafePointer<CChar>?) -> Int32
  ) -> Int32 {
    guard let name else { return body(nil) }
    return name.withCString { body($0) }
  }
}

/// What the machine has for us.
package enum Machine {
  /// Processors that this process may run on.
  package static let processors = Int(fino_processors())
}
