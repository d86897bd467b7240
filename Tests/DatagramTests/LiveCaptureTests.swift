/// Tests of Datagram: whole frames of an interface, with their tags and times.

import Glibc
import NetworkLab
import Synchronization
import Testing
import Wire

@testable import Datagram

/// Needs root: network namespaces.
@Suite(
  .timeLimit(.minutes(1)),
  .enabled(
    if: NetworkNamespace.obstacle == nil, "\(NetworkNamespace.obstacle ?? "namespaces")"))
struct LiveCaptureTests {
  private final class Frames: Sendable {
    private let list = Mutex<[LiveFrame]>([])
    func add(_ more: [LiveFrame]) { list.withLock { $0 += more } }
    var all: [LiveFrame] { list.withLock { $0 } }

    /// Waits for so many UDP datagrams to port 67.
    func questions(_ count: Int) async throws -> [LiveFrame] {
      let end = ContinuousClock.now + .seconds(5)
      while ContinuousClock.now < end {
        let found = all.filter { $0.bytes.suffix(3).elementsEqual([7, 7, 7]) }
        if found.count >= count { return found }
        try await Task.sleep(for: .milliseconds(10))
      }
      return []
    }
  }

  @Test func hearsBothWaysWithTagsAndLengths() async throws {
    let host = try NetworkNamespace("host")
    let other = try NetworkNamespace("other")
    try host.connect("eth0", to: other, "eth0")
    let loop = try await host.loop()
    let otherLoop = try await other.loop()
    let eth0 = try await host.interface("eth0", on: loop)
    let frames = Frames()
    let capture = try await withCheckedThrowingContinuation { continuation in
      loop.execute {
        continuation.resume(
          with: Result {
            var filter = CaptureFilter()
            filter.snapLength = 60
            return try LiveCapture(on: loop, interface: eth0, filter: filter) { frames.add($0) }
          })
      }
    }
    let client = try await TestClient(
      try await other.interface("eth0", on: otherLoop), on: otherLoop)
    let ours = try await TestClient(eth0, on: loop)
    let tagged = try await TaggedFrames(
      try await other.interface("eth0", on: otherLoop), vlan: 10, on: otherLoop)
    client.send([1, 7, 7, 7])
    #expect(try await frames.questions(1).count == 1)
    tagged.send([2, 7, 7, 7])
    #expect(try await frames.questions(2).count == 2)
    ours.send([3, 7, 7, 7])
    let heard = try await frames.questions(3)
    try #require(heard.count == 3)
    #expect(heard.map(\.isOutgoing) == [false, false, true])
    // The tag is where it was, behind the addresses.
    #expect(Array(heard[1].bytes[12..<18]) == [0x81, 0, 0, 10, 8, 0])
    #expect(heard.map(\.originalLength) == [46, 50, 46])
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    for frame in heard {
      let age = Double(now.tv_sec) - Double(frame.time) / 1e9
      #expect(age > -2 && age < 60)
    }
    // What is not of a boot stays away; what is long is cut.
    let before = frames.all.count
    client.send(
      [1, 7, 7, 7], from: Endpoint(IPv4Address(10, 0, 0, 1), 5000),
      to: Endpoint(IPv4Address.broadcast, 5001))
    client.send([UInt8](repeating: 5, count: 300) + [7, 7, 7])
    let end = ContinuousClock.now + .seconds(5)
    while frames.all.count == before, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(10))
    }
    let long = try #require(frames.all.last)
    #expect(long.bytes.count == 60)
    #expect(long.originalLength == 345)
    #expect(capture.counts.passed >= 4)
    #expect(capture.counts.dropped == 0)
    capture.close()
    let after = frames.all.count
    client.send([1, 7, 7, 7])
    try await Task.sleep(for: .milliseconds(50))
    #expect(frames.all.count == after)
    loop.shutdown()
    otherLoop.shutdown()
  }

  /// Linux 6.1 (Debian 12) has room for programs of 20,480 bytes, newer ones for 131,072. In a kernel
  /// where the limit is not the namespace's own, this is what they have anyway.
  @Test func theLongestFiltersFitTheRoomOfOlderKernels() async throws {
    let host = try NetworkNamespace("host")
    try host.run(
      "sh", "-c", "f=/proc/sys/net/core/optmem_max; [ ! -e $f ] || echo 20480 >$f")
    let loop = try await host.loop()
    try host.ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
    let eth0 = try await host.interface("eth0", on: loop)
    var appliance = CaptureFilter()
    appliance.tcpPorts += [8081, 8082]
    appliance.leavesOutBulk = true
    var machines = CaptureFilter()
    machines.machines = (0..<CaptureFilter.mostMachines).map {
      MACAddress(value: 0x5254_0000_0000 + UInt64($0))
    }
    for filter in [appliance, machines] {
      let capture = try await withCheckedThrowingContinuation { continuation in
        loop.execute {
          continuation.resume(
            with: Result { try LiveCapture(on: loop, interface: eth0, filter: filter) { _ in } })
        }
      }
      capture.close()
    }
    loop.shutdown()
  }

  @Test func anInterfaceThatIsNoEthernetIsRefused() async throws {
    let loop = try DatagramLoop(name: "fino-test")
    let nowhere = NetworkInterface(
      name: "nowhere", index: 99_999, isUp: true, isLoopback: false, mtu: 1500, networks: [])
    let error = #expect(throws: SocketError.self) {
      _ = try LiveCapture(on: loop, interface: nowhere, filter: CaptureFilter()) { _ in }
    }
    #expect(error?.operation == "capture on nowhere")
    loop.shutdown()
  }
}
