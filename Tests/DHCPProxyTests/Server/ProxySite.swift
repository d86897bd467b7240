/// Tests of DHCPProxy: the service in a network namespace, and what it told.

import DHCPProxy
import Datagram
import NetworkLab
import Synchronization
import Wire

/// A running service, and the questions that are put to it.
final class ProxySite: Sendable {
  let loop: DatagramLoop
  let service: ProxyDHCPService

  /// Serves interfaces of a namespace.
  init(
    _ names: [String], in namespace: NetworkNamespace, sharing: PortSharing = .capture,
    mayCapture: Bool = true
  ) async throws {
    let loop = try await namespace.loop(mayCapture: mayCapture)
    self.loop = loop
    var interfaces: [NetworkInterface] = []
    for name in names { interfaces.append(try await namespace.interface(name, on: loop)) }
    let events = Events()
    self.events = events
    service = ProxyDHCPService(
      loop: loop, interfaces: interfaces, sharing: sharing,
      plan: { client, _ in
        client.architecture == .bios ? .loader(file: "undionly.kpxe") : .silence(reason: "test")
      },
      report: { events.add($0) })
    try await service.listen()
  }

  private let events: Events
  var all: [ProxyEvent] { events.all }

  /// Serves whatever interface there is, as they come and go.
  func follow() async throws -> InterfaceWatch {
    let loop = loop
    let service = service
    return try await withCheckedThrowingContinuation { continuation in
      loop.execute {
        continuation.resume(
          with: Result {
            try InterfaceWatch(on: loop, latest: []) { now in
              service.assumeIsolated { $0.update(now.filter { !$0.isLoopback }) }
            }
          })
      }
    }
  }

  func stop() async {
    await service.stop()
    loop.shutdown()
  }

  /// Until the events say so, five seconds at most.
  func waitFor(_ condition: @Sendable ([ProxyEvent]) -> Bool) async throws -> Bool {
    for _ in 0..<500 {
      if condition(all) { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  /// One host with `eth0` 10.77.0.2, and a client's on the other end of the cable.
  static func cable() throws -> (host: NetworkNamespace, client: NetworkNamespace) {
    let host = try NetworkNamespace("host")
    let client = try NetworkNamespace("client")
    try host.connect("eth0", to: client, "eth0")
    try host.ip("address", "add", "10.77.0.2/24", "dev", "eth0")
    try client.ip("link", "set", "eth0", "address", TestClient.hardware.description)
    return (host, client)
  }

  /// A client of its own at an interface of a namespace.
  static func client(
    _ interface: String = "eth0", in namespace: NetworkNamespace, on loop: DatagramLoop,
    port: UInt16 = 68
  ) async throws -> TestClient {
    try await TestClient(
      try await namespace.interface(interface, on: loop), on: loop, port: port)
  }

  private final class Events: Sendable {
    private let list = Mutex<[ProxyEvent]>([])
    var all: [ProxyEvent] { list.withLock { $0 } }
    func add(_ event: ProxyEvent) { list.withLock { $0.append(event) } }
  }
}

/// Questions of a BIOS machine, and answers as they are on the wire.
enum BootQuestion {
  static func bytes(
    _ type: MessageType = .discover, xid: UInt32 = 0x1234_5678, flags: UInt16 = 0x8000,
    ciaddr: IPv4Address = .any, giaddr: IPv4Address = .any, _ more: [DHCPOption] = []
  ) -> [UInt8] {
    let options =
      [
        DHCPOption(.messageType, [type.rawValue]),
        DHCPOption(.vendorClass, Array("PXEClient:Arch:00000:UNDI:002001".utf8)),
        DHCPOption(.clientArchitecture, [0, 0]),
        DHCPOption(.clientUUID, [0] + [UInt8](repeating: 7, count: 16)),
        DHCPOption(OptionCode(rawValue: 55), [1, 3, 43, 54, 60, 66, 67]),
      ] + more
    return encoded(
      .request, xid: xid, flags: flags, ciaddr: ciaddr, yiaddr: .any, giaddr: giaddr, options)
  }

  /// What a DHCP server offers to another machine.
  static func offer(of address: IPv4Address) -> [UInt8] {
    encoded(
      .reply, xid: 1, flags: 0x8000, ciaddr: .any, yiaddr: address, giaddr: .any,
      [DHCPOption(.messageType, [MessageType.offer.rawValue])])
  }

  private static func encoded(
    _ op: DHCPMessage.Operation, xid: UInt32, flags: UInt16, ciaddr: IPv4Address,
    yiaddr: IPv4Address, giaddr: IPv4Address, _ options: [DHCPOption]
  ) -> [UInt8] {
    let message = DHCPMessage(
      op: op, htype: 1, hlen: 6, hops: 0, xid: xid, secs: 0, flags: flags, ciaddr: ciaddr,
      yiaddr: yiaddr, siaddr: .any, giaddr: giaddr,
      chaddr: TestClient.hardware.bytes + [UInt8](repeating: 0, count: 10),
      sname: [UInt8](repeating: 0, count: 64), file: [UInt8](repeating: 0, count: 128),
      options: options)
    var writer = ByteWriter()
    message.encode(into: &writer)
    return writer.bytes
  }
}

/// A DHCP message that a client heard, with the way it came.
struct HeardAnswer {
  var message: DHCPMessage
  var source: Endpoint
  var destination: IPAddress

  init?(_ datagram: ReceivedDatagram) {
    guard let message = try? DHCPMessage(parsing: datagram.payload) else { return nil }
    self.message = message
    source = datagram.source
    destination = datagram.destination
  }

  /// Fino's: it gives no address.
  var isOurs: Bool { message.yiaddr.isUnspecified }
  var server: IPv4Address? {
    message.options.first(.serverIdentifier).flatMap { IPv4Address(bytes: $0) }
  }
}
