/// Tests of DHCPProxy: the service beside real DHCP servers on the same host.

import DHCPProxy
import Datagram
import NetworkLab
import Testing
import Wire

/// Needs root: network namespaces, and the DHCP servers in them bind port 67.
@Suite(
  .serialized,
  .enabled(
    if: NetworkNamespace.obstacle == nil, "\(NetworkNamespace.obstacle ?? "namespaces")"))
struct PortSharingTests {
  static let installed = DHCPServerProgram.allCases.filter(\.isInstalled)

  private func answers(
    _ client: TestClient, _ count: Int, of type: MessageType = .offer
  ) async throws -> [HeardAnswer] {
    try await client.receive(count).compactMap(HeardAnswer.init).filter { $0.message.type == type }
  }

  @Test(arguments: installed, [true, false])
  func aServerOnTheSameHostAnswersToo(
    _ program: DHCPServerProgram, startedBefore: Bool
  ) async throws {
    let (host, clientHost) = try ProxySite.cable()
    var server = startedBefore ? try await program.start(in: host) : nil
    let site = try await ProxySite(["eth0"], in: host)
    if server == nil { server = try await program.start(in: host) }
    let loop = try await clientHost.loop()
    let client = try await TestClient(try await clientHost.interface("eth0", on: loop), on: loop)

    for flags: UInt16 in [0x8000, 0] {
      client.send(BootQuestion.bytes(xid: 0x1000 + UInt32(flags), flags: flags))
      let offers = try await answers(client, 2)
      #expect(offers.count == 2, "\(server?.output ?? "")")
      let ours = try #require(offers.first { $0.isOurs })
      #expect(ours.server == IPv4Address(10, 77, 0, 2))
      #expect(ours.message.siaddr == IPv4Address(10, 77, 0, 2))
      #expect(ours.source == Endpoint(IPv4Address(10, 77, 0, 2), 67))
      #expect(ours.destination == .broadcast)
      #expect(offers.contains { !$0.isOurs })
    }
    // The lease itself: the server has its REQUEST undisturbed.
    client.send(
      BootQuestion.bytes(
        .request, xid: 0x3000,
        [
          DHCPOption(.serverIdentifier, [10, 77, 0, 2]),
          DHCPOption(.requestedAddress, [10, 77, 0, 150]),
        ]))
    let lease = try await client.receive(1).compactMap(HeardAnswer.init)
    #expect(lease.count == 1 && lease[0].isOurs == false || lease.first?.message.type == .nak)
    await site.stop()
    loop.shutdown()
    withExtendedLifetime(server) {}
  }

  @Test func aBoundPortIsSharedWithThoseThatAllowIt() async throws {
    let (host, clientHost) = try ProxySite.cable()
    let program = DHCPServerProgram.dnsmasqBindInterfaces
    guard program.isInstalled else { return }
    let server = try await program.start(in: host)
    let site = try await ProxySite(["eth0"], in: host, sharing: .bind)
    let loop = try await clientHost.loop()
    let client = try await TestClient(try await clientHost.interface("eth0", on: loop), on: loop)
    client.send(BootQuestion.bytes())
    let offers = try await answers(client, 2)
    #expect(Set(offers.map(\.isOurs)) == [true, false])
    await site.stop()
    loop.shutdown()
    withExtendedLifetime(server) {}
  }

  @Test func withoutTheRightToCaptureThePortIsBound() async throws {
    let (host, clientHost) = try ProxySite.cable()
    let site = try await ProxySite(["eth0"], in: host, mayCapture: false)
    #expect(
      site.all.contains { if case .serving("eth0", .bind) = $0 { true } else { false } })
    let loop = try await clientHost.loop()
    let client = try await ProxySite.client(in: clientHost, on: loop)
    for flags: UInt16 in [0x8000, 0] {
      client.send(BootQuestion.bytes(flags: flags))
      let offers = try await answers(client, 1)
      #expect(offers.map(\.source) == [Endpoint(IPv4Address(10, 77, 0, 2), 67)])
      #expect(offers.map(\.destination) == [.broadcast])
    }
    await site.stop()
    loop.shutdown()
  }
}
