/// Tests of PacketCapture: memory of the last packets, bounded and shared fairly.

import Testing
import Wire

@testable import PacketCapture

@Suite struct CaptureRingTests {
  private static let interfaces = [CaptureInterface(name: "eth0")]
  private static func mac(_ number: Int) -> MACAddress {
    MACAddress(value: 0x5254_0000_0000 + UInt64(number))
  }

  private static func add(
    _ ring: inout CaptureRing, _ machine: Int, _ time: UInt64, length: Int = 300
  ) {
    ring.add(
      [UInt8](repeating: UInt8(machine & 255), count: length)[...], originalLength: length,
      time: time, interface: 0, isOutgoing: false, for: mac(machine))
  }

  @Test func itNeverHoldsMoreThanItMay() {
    var ring = CaptureRing(capacity: 100_000, interfaces: Self.interfaces)
    for time in 0..<20_000 as Range<UInt64> {
      Self.add(&ring, Int(time % 7), time, length: 60 + Int(time % 1400))
      #expect(ring.cost <= 100_000)
    }
    let kept = (0..<7).map { ring.frames(of: Self.mac($0)).entries }
    #expect(kept.allSatisfy { !$0.isEmpty })
    // What is counted is what is there.
    #expect(
      ring.cost
        == kept.joined().reduce(0) { $0 + $1.bytes.count + CaptureRing.Entry.overhead })
    // The newest stay.
    #expect(kept.allSatisfy { ($0.last?.time ?? 0) >= 19_993 })
  }

  @Test func whoTalksMuchDoesNotPushOutWhoTalksLittle() {
    var ring = CaptureRing(capacity: 200_000, interfaces: Self.interfaces)
    for time in 0..<20 as Range<UInt64> { Self.add(&ring, 1, time) }
    for time in 100..<50_000 as Range<UInt64> { Self.add(&ring, 2, time) }
    #expect(ring.frames(of: Self.mac(1)).entries.count == 20)
    #expect(ring.frames(of: Self.mac(1)).lost == 0)
    let much = ring.frames(of: Self.mac(2))
    #expect(much.entries.count > 300)
    #expect(much.lost + much.entries.count == 49_900)
    #expect(much.entries.last?.time == 49_999)
  }

  @Test func ofBulkDataTheHeadIsKept() throws {
    var ring = CaptureRing(capacity: 100_000, interfaces: Self.interfaces)
    Self.add(&ring, 1, 1, length: 1514)
    Self.add(&ring, 1, 2, length: 590)
    let entries = ring.frames(of: Self.mac(1)).entries
    #expect(entries.map(\.bytes.count) == [96, 590])
    #expect(entries.map(\.originalLength) == [1514, 590])
  }

  @Test func theFramesOfABootComeWithTheirDecisions() throws {
    var ring = CaptureRing(capacity: 100_000, interfaces: Self.interfaces)
    for time in 1...5 as ClosedRange<UInt64> { Self.add(&ring, 1, time * 10) }
    Self.add(&ring, 2, 30)
    let taken = [
      ring.comment("offered snponly.efi", for: Self.mac(1), at: 30),
      ring.comment("because it is x64", for: Self.mac(1), at: 30),
      ring.comment("too early", for: Self.mac(1), at: 5), ring.comment("none", for: Self.mac(9)),
    ]
    #expect(taken == [true, true, false, false])
    let bytes = try #require(
      try ring.capture(of: Self.mac(1), from: 20, to: 40, application: "fino"))
    var reader = CaptureReader(bytes: bytes)
    var frames: [CapturedFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    #expect(frames.map(\.time) == [20, 30, 40])
    #expect(frames.map(\.comment) == [nil, "offered snponly.efi\nbecause it is x64", nil])
    #expect(reader.interfaces.map(\.name) == ["eth0"])
    #expect(try ring.capture(of: Self.mac(9), application: "fino") == nil)
  }

  @Test func inventedMachinesAreBounded() {
    var ring = CaptureRing(capacity: 64 << 20, interfaces: Self.interfaces)
    for number in 0..<(CaptureRing.mostMachines + 50) {
      Self.add(&ring, number, UInt64(number), length: 60)
    }
    #expect(ring.machines.count == CaptureRing.mostMachines)
    #expect(!ring.frames(of: Self.mac(CaptureRing.mostMachines + 49)).entries.isEmpty)
    #expect(ring.frames(of: Self.mac(0)).entries.isEmpty)
  }

  private func machines(in bytes: [UInt8]) throws -> [MACAddress] {
    var decoder = PacketDecoder()
    let frame = CapturedFrame(number: 1, time: 0, bytes: bytes[...])
    return SharedCaptureRing.machines(in: try #require(try decoder.decode(frame)))
  }

  @Test func whatIsSaidIsKeptWholeAndWhatIsCarriedIsNot() {
    var ring = CaptureRing(capacity: 1 << 20, interfaces: Self.interfaces)
    let frame = [UInt8](repeating: 7, count: 1400)
    for isConversation in [true, false] {
      ring.add(
        frame[...], originalLength: 1400, time: isConversation ? 5 : 9, interface: 0,
        isOutgoing: !isConversation, for: Self.mac(1), isConversation: isConversation)
    }
    #expect(ring.frames(of: Self.mac(1)).entries.map(\.bytes.count) == [1400, 96])
    #expect(ring.lastHeard == [Self.mac(1): 5], "what we send is not heard from it")
    #expect(ring.isWhole(Self.mac(1), from: 1) && !ring.isWhole(Self.mac(2), from: 1))
  }

  @Test func aFrameBelongsToWhoItIsAbout() throws {
    let server = Self.mac(99)
    let ring = SharedCaptureRing(
      CaptureRing(capacity: 100_000, interfaces: Self.interfaces), excluding: [server])
    var offer: [UInt8] = MACAddress.broadcast.bytes + server.bytes + [8, 0, 0x45, 0]
    let dhcp: [UInt8] =
      [2, 1, 6, 0] + [UInt8](repeating: 0, count: 24) + Self.mac(5).bytes
      + [UInt8](repeating: 0, count: 202)
    let total = 28 + dhcp.count
    offer += [UInt8(total >> 8), UInt8(total & 255), 0, 1, 0, 0, 64, 17, 0, 0]
    offer += [10, 0, 0, 2, 255, 255, 255, 255, 0, 67, 0, 68]
    offer += [UInt8((total - 20) >> 8), UInt8((total - 20) & 255), 0, 0] + dhcp
    #expect(try machines(in: offer) == [Self.mac(5)])
    let arp: [UInt8] =
      MACAddress.broadcast.bytes + Self.mac(6).bytes + [8, 6, 0, 1, 8, 0, 6, 4, 0, 1]
      + Self.mac(6).bytes + [UInt8](repeating: 0, count: 14)
    #expect(try machines(in: arp) == [Self.mac(6)])
    for frame in [offer, arp, [1, 2, 3]] {
      ring.add(
        frame, originalLength: frame.count, time: 1, interface: 0, isOutgoing: false)
    }
    #expect(try ring.capture(of: Self.mac(5), application: "fino") != nil)
    #expect(try ring.capture(of: server, application: "fino") == nil)
  }
}
