/// Tests of DHCPv6Proxy: the service, on a cable of its own.

import Datagram
import Testing
import Wire

@testable import DHCPv6Proxy

@Suite(.enabled(if: Cable.isPossible, "needs root and iproute2"))
struct ProxyDHCPv6ServiceTests {
  private let cable: Cable
  private let service: ProxyDHCPv6Service
  private let events: AsyncStream<ProxyEventV6>

  init() async throws {
    cable = try await Cable()
    let (events, toTest) = AsyncStream<ProxyEventV6>.makeStream()
    self.events = events
    let networks = [IPv6Address(linkLocal: cable.ours), .ours].map {
      IPv6Network($0, prefixLength: 64)
    }
    service = ProxyDHCPv6Service(
      loop: cable.loop,
      interfaces: [
        ServedInterfaceV6(name: "fino0", addresses: networks)
      ],
      server: DUID(server: cable.ours),
      plan: { _, arrival in .loader(file: arrival.interface) },
      report: { toTest.yield($0) })
    try await service.listen()
  }

  /// A client's socket, and what it receives.
  private func client(
    port: UInt16
  ) async throws -> (socket: DatagramSocket, received: AsyncStream<ReceivedDatagram>) {
    let (received, toTest) = AsyncStream<ReceivedDatagram>.makeStream()
    let loop = cable.loop
    let socket = try await cable.inside {
      try DatagramSocket.bind(on: loop, interface: "peer0", address: .v6(.any), port: port) {
        toTest.yield($0)
      }
    }
    return (socket, received)
  }

  @Test func answersTheGroupFromItsLinkLocalAddress() async throws {
    let client = try await client(port: 546)
    client.socket.send(
      Recorded.pxeSolicit, to: Endpoint(ProxyDHCPv6Service.group, 547))
    let answer = try #require(await client.received.first { _ in true })
    #expect(answer.source == Endpoint(IPv6Address(linkLocal: cable.ours), 547))
    let message = try DHCPv6Message(parsing: answer.payload)
    #expect(message.type == .advertise)
    #expect(message.options.first(.bootFileURL) == Array("tftp://[fd77::2]/fino0".utf8))
    guard case .answered(_, let who, _, _, let arrival) = await events.first(where: { _ in true })
    else {
      Issue.record("no event")
      return
    }
    #expect(who.mac == cable.client)
    #expect(arrival.isMulticast)
    await service.stop()
    cable.loop.shutdown()
  }

  @Test func answersTheBootServerPortAndRemembersTheMachine() async throws {
    let (solicits, asks) = (try await client(port: 546), try await client(port: 4011))
    solicits.socket.send(Recorded.pxeSolicit, to: Endpoint(ProxyDHCPv6Service.group, 547))
    let offer = try #require(await solicits.received.first { _ in true })
    var request = try DHCPv6Message(parsing: Recorded.bootServerRequest)
    request.options[0].bytes = try #require(
      DHCPv6Message(parsing: offer.payload).options.first(.serverIdentifier))
    var writer = ByteWriter()
    try request.encode(into: &writer)
    let ours = IPv6Address(linkLocal: cable.ours)
    asks.socket.send(writer.bytes, to: Endpoint(ours, 4011))
    let answer = try #require(await asks.received.first { _ in true })
    #expect(answer.source == Endpoint(ours, 4011))
    let reply = try DHCPv6Message(parsing: answer.payload)
    #expect(reply.type == .reply)
    // A link-local address that was asked goes into no URL.
    #expect(reply.options.first(.bootFileURL) == Array("tftp://[fd77::2]/fino0".utf8))
    await service.stop()
    cable.loop.shutdown()
  }

  @Test func whatIsMalformedOrNoBootIsReported() async throws {
    let client = try await client(port: 546)
    let group = Endpoint(ProxyDHCPv6Service.group, 547)
    client.socket.send([1, 2, 3], to: group)
    client.socket.send([1, 0, 0, 1, 0, 1, 0, 3, 0, 4, 9], to: group)
    client.socket.send(Recorded.ipxeSolicit, to: group)
    var kinds: [String] = []
    for await event in events {
      switch event {
      case .malformed(let error, _): kinds.append("malformed \(error.field)")
      case .ignored: kinds.append("ignored")
      case .silent: kinds.append("silent")
      default: kinds.append("answered")
      }
      if kinds.count == 3 { break }
    }
    #expect(kinds == ["malformed msg-type and transaction-id", "ignored", "silent"])
    await service.stop()
    cable.loop.shutdown()
  }

  @Test func anotherServerOnThisHostHearsTheGroupAsWell() async throws {
    let (heard, toTest) = AsyncStream<ReceivedDatagram>.makeStream()
    let loop = cable.loop
    let other = try await cable.inside {
      try DatagramSocket.bind(
        on: loop, interface: "fino0", address: .v6(.any), port: 547,
        joining: ProxyDHCPv6Service.group
      ) { toTest.yield($0) }
    }
    let client = try await client(port: 546)
    client.socket.send(Recorded.pxeSolicit, to: Endpoint(ProxyDHCPv6Service.group, 547))
    #expect(await heard.first { _ in true }?.payload == Recorded.pxeSolicit)
    #expect(await client.received.first { _ in true } != nil)
    other.close()
    await service.stop()
    cable.loop.shutdown()
  }
}
