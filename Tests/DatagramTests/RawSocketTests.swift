/// Tests of Datagram: frames and packets of our own, and what a capture hears of them.

import NetworkLab
import Testing
import Wire

@testable import Datagram

/// Needs root: network namespaces.
@Suite(
  .timeLimit(.minutes(1)),
  .enabled(
    if: NetworkNamespace.obstacle == nil, "\(NetworkNamespace.obstacle ?? "namespaces")"))
struct RawSocketTests {
  private func on<Value: Sendable>(
    _ loop: DatagramLoop, _ make: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      loop.execute { continuation.resume(with: Result { try make() }) }
    }
  }

  /// Of what a capture lets pass: zeros with DHCP's cookie.
  private func message(_ size: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    bytes.replaceSubrange(236..<240, with: [0x63, 0x82, 0x53, 0x63])
    return bytes
  }

  private func packet(_ payload: [UInt8], to port: UInt16 = 68) throws -> UDPPacket {
    try #require(
      UDPPacket(
        source: Endpoint(IPv4Address(10, 1, 0, 2), 67),
        destination: Endpoint(IPv4Address.broadcast, port), payload: payload))
  }

  @Test func oneFrameThatIsTooLargeDoesNotKeepTheOthers() async throws {
    let host = try NetworkNamespace("host")
    let other = try NetworkNamespace("other")
    try host.connect("eth0", to: other, "eth0")
    let loop = try await host.loop()
    let otherLoop = try await other.loop()
    let client = try await TestClient(
      try await other.interface("eth0", on: otherLoop), on: otherLoop)
    let eth0 = try await host.interface("eth0", on: loop)
    let frames = try await on(loop) { try RawFrameSocket(interface: eth0) }

    // More than one system call takes, with one that is larger than the MTU in the middle.
    let sizes = (241...390).map { $0 == 310 ? 1473 : $0 }
    let failures = frames.send(
      try sizes.map { RawFrameSocket.Frame(try packet(message($0)), to: .broadcast) })
    #expect(Array(failures.keys) == [69])
    #expect(
      failures[69]?.description == "cannot send a frame on eth0: Message too long")
    let heard = try await client.receive(149)
    #expect(heard.map(\.payload.count) == sizes.filter { $0 < 1473 })
    let own = try host.run("cat", "/sys/class/net/eth0/address").filter { !$0.isWhitespace }
    #expect(Set(heard.map(\.hardware)) == [MACAddress(own)])

    // Another port is not heard, nor is what the capture's own side sends.
    _ = frames.send([RawFrameSocket.Frame(try packet(message(305), to: 69), to: .broadcast)])
    client.send(message(309), to: Endpoint(IPv4Address.broadcast, 68))
    _ = frames.send([RawFrameSocket.Frame(try packet(message(306)), to: .broadcast)])
    #expect(try await client.receive(1).map(\.payload.count) == [306])

    try host.ip("link", "set", "eth0", "down")
    #expect(
      frames.send([RawFrameSocket.Frame(try packet(message(300)), to: .broadcast)])[0]?.code != nil)
    loop.shutdown()
    otherLoop.shutdown()
  }

  @Test func whatIsNoDHCPIsCountedByTheKernelAndNotHeard() async throws {
    let host = try NetworkNamespace("host")
    let other = try NetworkNamespace("other")
    try host.connect("eth0", to: other, "eth0")
    let loop = try await host.loop()
    let otherLoop = try await other.loop()
    let interface = try await other.interface("eth0", on: otherLoop)
    let (heard, told) = AsyncStream<[UInt8]>.makeStream()
    let (capture, refused) = try await on(otherLoop) {
      (
        try CaptureSocket(on: otherLoop, interface: interface, port: 67) {
          for datagram in $0 { told.yield(datagram.payload) }
        }, try RefusedDatagrams(at: interface, ports: (67, 4011))
      )
    }
    let eth0 = try await host.interface("eth0", on: loop)
    let frames = try await on(loop) { try RawFrameSocket(interface: eth0) }
    func send(_ payload: [UInt8], to port: UInt16) throws {
      let failures = frames.send([
        RawFrameSocket.Frame(try packet(payload, to: port), to: .broadcast)
      ])
      #expect(failures.isEmpty)
    }
    var damaged = message(300)
    damaged[239] ^= 1
    for count in 0..<300 {
      try send(damaged, to: count % 2 == 0 ? 67 : 4011)
      try send([UInt8](message(300)[..<239]), to: 67)
    }
    try send([], to: 67)
    try send(damaged, to: 69)
    try send(message(240), to: 67)
    #expect(await heard.first { _ in true } == message(240))
    #expect(refused.take() == 601)
    #expect(refused.take() == 0)
    capture.close()
    refused.close()
    loop.shutdown()
    otherLoop.shutdown()
  }

  @Test func aDeafSocketHoldsItsPortAndSaysNothing() async throws {
    let host = try NetworkNamespace("host")
    let other = try NetworkNamespace("other")
    try host.connect("eth0", to: other, "eth0")
    try host.ip("address", "add", "10.1.0.2/24", "dev", "eth0")
    try other.ip("address", "add", "10.1.0.3/24", "dev", "eth0")
    let loop = try await host.loop()
    let otherLoop = try await other.loop()
    let (heard, told) = AsyncStream<Bool>.makeStream()
    let deaf = try await on(loop) {
      try DatagramSocket.bind(
        on: loop, interface: "eth0", address: .any, port: 4011, isDeaf: true, isBusy: true
      ) { _ in told.yield(false) }
    }
    await #expect(throws: SocketError.self) {
      _ = try await on(loop) {
        try DatagramSocket.bind(on: loop, interface: "eth0", address: .any, port: 4011) { _ in }
      }
    }
    // A connected socket would be told of "port unreachable"; what the deaf one sends arrives.
    let peer = try await on(otherLoop) {
      try DatagramSocket.connect(
        on: otherLoop, to: Endpoint(IPv4Address(10, 1, 0, 2), 4011),
        receive: { _ in told.yield(true) },
        failure: { _ in told.yield(false) })
    }
    peer.send([1])
    try await Task.sleep(for: .milliseconds(200))
    deaf.send([2], to: Endpoint(IPv4Address(10, 1, 0, 3), peer.local.port))
    #expect(await heard.first { _ in true } == true)
    deaf.close()
    peer.close()
    loop.shutdown()
    otherLoop.shutdown()
  }

  @Test func packetsFromAPortThatIsNotBoundFindTheirWay() async throws {
    let host = try NetworkNamespace("host")
    let other = try NetworkNamespace("other")
    try host.connect("eth0", to: other, "eth0")
    try host.ip("address", "add", "10.1.0.2/24", "dev", "eth0")
    try other.ip("address", "add", "10.1.0.3/24", "dev", "eth0")
    let loop = try await host.loop()
    let otherLoop = try await other.loop()
    let (heard, told) = AsyncStream<ReceivedDatagram>.makeStream()
    let listener = try await on(otherLoop) {
      try DatagramSocket.bind(on: otherLoop, interface: "eth0", address: .any, port: 67) {
        told.yield($0)
      }
    }
    let raw = try await on(loop) { try RawPacketSocket() }
    func packet(to address: IPv4Address) throws -> UDPPacket {
      try #require(
        UDPPacket(
          source: Endpoint(IPv4Address(10, 1, 0, 2), 67), destination: Endpoint(address, 67),
          payload: [1, 2, 3]))
    }
    #expect(raw.send(try packet(to: IPv4Address(10, 1, 0, 3))) == nil)
    let datagram = try #require(await heard.first { _ in true })
    #expect(datagram.source == Endpoint(IPv4Address(10, 1, 0, 2), 67))
    #expect(datagram.payload == [1, 2, 3])
    #expect(
      raw.send(try packet(to: IPv4Address(192, 0, 2, 1)))?.description
        == "cannot send a packet to 192.0.2.1: Network is unreachable")
    listener.close()
    loop.shutdown()
    otherLoop.shutdown()
  }
}
