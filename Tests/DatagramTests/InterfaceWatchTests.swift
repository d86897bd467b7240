/// Tests of Datagram: interfaces and addresses that come and go.

import NetworkLab
import Testing
import Wire

@testable import Datagram

/// Needs root: network namespaces.
@Suite(
  .timeLimit(.minutes(1)),
  .enabled(
    if: NetworkNamespace.obstacle == nil, "\(NetworkNamespace.obstacle ?? "namespaces")"))
struct InterfaceWatchTests {
  @Test func tellsWhatThereIsAfterEachChange() async throws {
    let host = try NetworkNamespace("watch")
    let other = try NetworkNamespace("other")
    let loop = try await host.loop()
    let (lists, told) = AsyncStream<[NetworkInterface]>.makeStream()
    let before = await host.interfaces(on: loop)
    let watch: InterfaceWatch = try await withCheckedThrowingContinuation { continuation in
      loop.execute {
        continuation.resume(
          with: Result { try InterfaceWatch(on: loop, latest: before) { told.yield($0) } })
      }
    }
    /// The first list in which the interface is as wanted; the suite's time limit is the test's.
    func eth0(_ wanted: (NetworkInterface?) -> Bool) async -> NetworkInterface? {
      for await list in lists {
        let found = list.first { $0.name == "eth0" }
        if wanted(found) { return found }
      }
      return nil
    }
    try host.connect("eth0", to: other, "eth0")
    try host.ip("link", "set", "eth0", "mtu", "9000")
    #expect(await eth0 { $0?.mtu == 9000 && $0?.isUp == true } != nil)

    try host.ip("address", "add", "10.1.0.2/24", "dev", "eth0")
    try host.ip("address", "add", "10.2.0.2/20", "dev", "eth0", "label", "eth0:1")
    let both = await eth0 { $0?.networks.count == 2 }
    #expect(both?.networks.map(\.description) == ["10.1.0.2/24", "10.2.0.2/20"])

    try host.ip("address", "add", "fd77::2/64", "dev", "eth0")
    // Not before the kernel has made sure that nobody else has it.
    let six = await eth0 { $0?.networks6.contains { !$0.address.isLinkLocal } == true }
    #expect(six?.networks6.contains { $0.description == "fd77::2/64" } == true)

    try host.ip("link", "set", "eth0", "down")
    #expect(await eth0 { $0?.isUp == false } != nil)
    try host.ip("link", "delete", "eth0")
    #expect(await eth0 { $0 == nil } == nil)
    watch.close()
    loop.shutdown()
  }

  @Test func theKernelSaysWhereWeWouldTalkFrom() async throws {
    let host = try NetworkNamespace("route")
    let other = try NetworkNamespace("other")
    try host.connect("eth0", to: other, "eth0")
    try host.ip("address", "add", "10.1.0.2/24", "dev", "eth0")
    try host.ip("address", "add", "10.2.0.2/24", "dev", "eth0")
    try host.ip("route", "add", "172.16.0.0/16", "via", "10.2.0.1")
    let loop = try await host.loop()
    func source(_ peer: IPv4Address) async -> IPv4Address? {
      await withCheckedContinuation { continuation in
        loop.execute { continuation.resume(returning: LocalRoute.source(toward: peer)) }
      }
    }
    #expect(await source(IPv4Address(10, 1, 0, 9)) == IPv4Address(10, 1, 0, 2))
    #expect(await source(IPv4Address(172, 16, 3, 4)) == IPv4Address(10, 2, 0, 2))
    #expect(await source(IPv4Address(10, 2, 0, 2)) == IPv4Address(10, 2, 0, 2))
    #expect(await source(IPv4Address(192, 0, 2, 1)) == nil)
    loop.shutdown()
  }
}
