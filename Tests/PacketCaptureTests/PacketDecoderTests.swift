/// Tests of PacketCapture: links, tags, headers and fragments.

import Fixtures
import Testing
import Wire

@testable import PacketCapture

@Suite struct PacketDecoderTests {
  private static let client = MACAddress(value: 0x5254_0000_0009)
  private static let server = MACAddress(value: 0x5254_0000_0002)
  private static let ethernet = server.bytes + client.bytes

  private static func udp(_ payload: [UInt8], length: Int? = nil) -> [UInt8] {
    let length = length ?? payload.count + 8
    return [0x08, 0x16, 0, 69, UInt8(length >> 8), UInt8(length & 255), 0, 0] + payload
  }

  private static func ipv4(
    _ payload: [UInt8], nextProtocol: UInt8 = 17, fragment: UInt16 = 0, identification: UInt8 = 7
  ) -> [UInt8] {
    let total = 20 + payload.count
    return [0x45, 0, UInt8(total >> 8), UInt8(total & 255), 0, identification]
      + [UInt8(fragment >> 8), UInt8(fragment & 255), 64, nextProtocol, 0, 0]
      + [10, 0, 0, 9, 10, 0, 0, 2] + payload
  }

  private static func ipv6(_ payload: [UInt8], next: UInt8) -> [UInt8] {
    [0x60, 0, 0, 0, UInt8(payload.count >> 8), UInt8(payload.count & 255), next, 64]
      + [0xfd] + [UInt8](repeating: 0, count: 14) + [9]
      + [0xfd] + [UInt8](repeating: 0, count: 14) + [2] + payload
  }

  private static func frame(
    _ bytes: [UInt8], _ linkType: LinkType = .ethernet, original: Int? = nil, time: UInt64 = 0
  ) -> CapturedFrame {
    CapturedFrame(
      number: 1, time: time, linkType: linkType, originalLength: original, bytes: bytes[...])
  }

  private static func payload(_ packet: Packet?) -> [UInt8]? {
    guard case .udp(2070, 69, let payload, let length) = packet?.content,
      length == payload.count
    else { return nil }
    return Array(payload)
  }

  /// The other decoder of this room was written apart.
  @Test(arguments: ["b2", "fino-bios", "fino-uefi", "v6-pxe", "h1", "e13"])
  func agreesWithTheSmallDecoder(_ name: String) throws {
    var reader = CaptureReader(bytes: try Fixtures.bytes("captures/\(name).pcap"))
    var decoder = PacketDecoder()
    var datagrams = 0
    while let frame = try reader.next() {
      // What the capture cut, the small one refuses.
      guard frame.bytes.count == frame.originalLength else { continue }
      let expected = try UDPFrame(parsing: Array(frame.bytes))
      let packet = try #require(try decoder.decode(frame))
      guard case .udp(let source, let destination, let payload, let length) = packet.content else {
        #expect(expected == nil)
        continue
      }
      datagrams += 1
      #expect(expected?.source == Endpoint(packet.source, source))
      #expect(expected?.destination == Endpoint(packet.destination, destination))
      #expect(expected?.payload == Array(payload))
      #expect(expected?.sourceHardware == packet.sourceHardware)
      #expect(expected?.destinationHardware == packet.destinationHardware)
      #expect(length == payload.count)
      #expect(!packet.isTruncated)
    }
    #expect(datagrams > 3)
  }

  @Test func readsEveryLinkWithAndWithoutTags() throws {
    let packet = Self.ipv4(Self.udp([1, 2, 3]))
    let cooked: [UInt8] = [0, 4, 0, 1, 0, 6] + Self.client.bytes + [0, 0]
    let cooked2: [UInt8] = [0, 0, 0, 0, 0, 3, 0, 1, 4, 6] + Self.client.bytes + [0, 0]
    let links: [(LinkType, [UInt8], UInt16?, UInt16?)] = [
      (.ethernet, Self.ethernet + [8, 0], nil, nil),
      (.ethernet, Self.ethernet + [0x81, 0, 0xe0, 7, 8, 0], 7, nil),
      (.ethernet, Self.ethernet + [0x88, 0xa8, 0, 5, 0x81, 0, 0, 7, 8, 0], 7, 5),
      (.ethernet, Self.ethernet + [0, 100, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0], nil, nil),
      (.linuxCooked, cooked + [8, 0], nil, nil),
      (.linuxCooked, cooked + [0x81, 0, 0, 9, 8, 0], 9, nil),
      (.linuxCooked2, [8, 0] + cooked2, nil, nil),
      (.rawIP, [], nil, nil),
      (.loopback, [2, 0, 0, 0], nil, nil),
      (.loopback, [0, 0, 0, 2], nil, nil),
    ]
    for (type, head, vlan, outer) in links {
      var decoder = PacketDecoder()
      // Ethernet's padding is no payload.
      let decoded = try decoder.decode(Self.frame(head + packet + [0, 0, 0], type))
      #expect(Self.payload(decoded) == [1, 2, 3], "\(type) \(head)")
      #expect(decoded?.vlan == vlan)
      #expect(decoded?.outerVLAN == outer)
      let hasHardware = type == .ethernet || type == .linuxCooked || type == .linuxCooked2
      #expect(decoded?.sourceHardware == (hasHardware ? Self.client : nil))
      for count in 1..<(head.count + packet.count) {
        // A frame of IEEE 802.3 without the whole SNAP header is another protocol's.
        if type == .ethernet, head[12] == 0, (14..<22).contains(count) {
          let cut = Self.frame(Array(head.prefix(count)), type)
          #expect(try decoder.decode(cut) == nil)
          continue
        }
        #expect(throws: WireError.self, "\(type) \(count)") {
          _ = try decoder.decode(Self.frame(Array((head + packet).prefix(count)), type))
            .map { packet in
              // The whole header is there, the payload is short.
              if case .udp(_, _, let payload, let length) = packet.content, payload.count < length {
                throw WireError(field: "payload", offset: 0, reason: .trailing(count: 0))
              }
            }
        }
      }
    }
  }

  @Test func whatTheCaptureCutSaysSo() throws {
    var decoder = PacketDecoder()
    let whole = Self.ethernet + [8, 0] + Self.ipv4(Self.udp([UInt8](repeating: 7, count: 500)))
    let packet = try #require(
      try decoder.decode(Self.frame(Array(whole.prefix(96)), original: whole.count)))
    #expect(packet.isTruncated)
    guard case .udp(2070, 69, let payload, 500) = packet.content else {
      Issue.record("\(packet)")
      return
    }
    #expect(payload.count == 96 - 42)
  }

  @Test func passesOverIPv6Extensions() throws {
    var decoder = PacketDecoder()
    let hop: [UInt8] = [60, 0, 0, 0, 0, 0, 0, 0]
    let options: [UInt8] = [17, 1] + [UInt8](repeating: 0, count: 14)
    let bytes = Self.ipv6(hop + options + Self.udp([4, 5]), next: 0)
    let packet = try decoder.decode(Self.frame(bytes, .rawIP))
    #expect(Self.payload(packet) == [4, 5])
    #expect(packet?.source.description == "fd00::9")
    let endless = Self.ipv6([UInt8](repeating: 0, count: 400), next: 0)
    #expect(throws: WireError.self) { try decoder.decode(Self.frame(endless, .rawIP)) }
  }

  @Test func putsFragmentsTogetherInAnyOrder() throws {
    let datagram = Self.udp((0..<100).map { UInt8($0) })
    let pieces: [(offset: Int, bytes: [UInt8], isLast: Bool)] = [
      (0, Array(datagram[..<48]), false), (48, Array(datagram[48..<96]), false),
      (96, Array(datagram[96...]), true),
    ]
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 0, 2, 1]] {
      var four = PacketDecoder()
      var six = PacketDecoder()
      for (step, index) in order.enumerated() {
        let piece = pieces[index]
        let field = UInt16(piece.offset / 8) | (piece.isLast ? 0 : 0x2000)
        let packet = try four.decode(
          Self.frame(Self.ipv4(piece.bytes, fragment: field), .rawIP))
        let header: [UInt8] =
          [17, 0, UInt8(piece.offset >> 8), UInt8(piece.offset & 255) | (piece.isLast ? 0 : 1)]
          + [0, 0, 0, 1]
        let packet6 = try six.decode(
          Self.frame(Self.ipv6(header + piece.bytes, next: 44), .rawIP))
        if step == order.count - 1 {
          #expect(Self.payload(packet) == Array(datagram[8...]))
          #expect(Self.payload(packet6) == Array(datagram[8...]))
        } else {
          guard
            case .fragment(17, _, piece.offset, piece.bytes.count, piece.isLast) =
              packet?.content
          else {
            Issue.record("\(order) \(step)")
            continue
          }
        }
      }
    }
  }

  @Test func overlappingAndOldFragmentsMakeNoDatagram() throws {
    var decoder = PacketDecoder()
    let datagram = Self.udp([UInt8](repeating: 1, count: 56))
    func decode(_ from: Int, _ to: Int, isLast: Bool, at time: UInt64 = 0) throws -> Packet? {
      let field = UInt16(from / 8) | (isLast ? 0 : 0x2000)
      return try decoder.decode(
        Self.frame(
          Self.ipv4(Array(datagram[from..<to]), fragment: field), .rawIP, time: time))
    }
    _ = try decode(0, 32, isLast: false)
    _ = try decode(24, 40, isLast: false)
    #expect(Self.payload(try decode(32, 64, isLast: true)) == nil)
    decoder = PacketDecoder()
    _ = try decode(0, 32, isLast: false)
    #expect(Self.payload(try decode(32, 64, isLast: true, at: 31_000_000_000)) == nil)
    #expect(Self.payload(try decode(0, 32, isLast: false, at: 31_000_000_000)) != nil)
  }

  @Test func aFloodOfFirstFragmentsIsForgotten() throws {
    var store = FragmentStore()
    for number in 0..<10_000 as Range<UInt32> {
      let key = FragmentStore.Key(
        source: .any, destination: .any, identification: number, nextProtocol: 17)
      #expect(
        store.add(
          [UInt8](repeating: 0, count: 1480)[...], at: 0, isLast: false, nextProtocol: 17, key,
          time: 0) == nil)
    }
    // The newest are there, the oldest gone.
    func complete(_ number: UInt32) -> Bool {
      let key = FragmentStore.Key(
        source: .any, destination: .any, identification: number, nextProtocol: 17)
      return store.add([1][...], at: 1480, isLast: true, nextProtocol: 17, key, time: 1) != nil
    }
    #expect(complete(9999))
    #expect(!complete(0))
  }

  @Test func readsTCP() throws {
    var decoder = PacketDecoder()
    let head: [UInt8] = [0xc0, 0, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2]
    let syn = head + [0x70, 0x12, 0x20, 0, 0, 0, 0, 0] + [1, 1, 1, 1, 2, 4, 5, 0xb4]
    let packet = try decoder.decode(Self.frame(Self.ipv4(syn + [9], nextProtocol: 6), .rawIP))
    guard case .tcp(let segment) = packet?.content else {
      Issue.record("no segment")
      return
    }
    #expect(segment.sourcePort == 0xc000 && segment.destinationPort == 80)
    #expect(segment.sequence == 1 && segment.acknowledgment == 2 && segment.window == 0x2000)
    #expect(segment.flags == [.syn, .ack])
    #expect(segment.maximumSegmentSize == 1460)
    #expect(Array(segment.payload) == [9] && segment.length == 1)
    var bad = syn
    bad[12] = 0xf0
    #expect(throws: WireError.self) {
      try decoder.decode(Self.frame(Self.ipv4(bad, nextProtocol: 6), .rawIP))
    }
  }

  @Test func readsWhatAnErrorIsAbout() throws {
    var decoder = PacketDecoder()
    let quoted = Array(Self.ipv4(Self.udp([1, 2, 3])).prefix(28))
    let error: [UInt8] = [3, 4, 0, 0, 0, 0, 5, 0x14] + quoted
    let packet = try decoder.decode(Self.frame(Self.ipv4(error, nextProtocol: 1), .rawIP))
    guard case .icmp(let message) = packet?.content else {
      Issue.record("no message")
      return
    }
    #expect(message.type == 3 && message.code == 4 && message.mtu == 1300)
    #expect(message.quoted?.destinationPort == 69)
    #expect(message.quoted?.source == .v4(IPv4Address(10, 0, 0, 9)))
    let six: [UInt8] = [1, 4, 0, 0, 0, 0, 0, 0] + Self.ipv6(Self.udp([1]), next: 17)
    let packet6 = try decoder.decode(Self.frame(Self.ipv6(six, next: 58), .rawIP))
    guard case .icmp(let message6) = packet6?.content else {
      Issue.record("no message")
      return
    }
    #expect(message6.quoted?.sourcePort == 2070)
  }

  @Test func readsARPAndTellsOtherTypes() throws {
    var decoder = PacketDecoder()
    let arp: [UInt8] =
      [0, 1, 8, 0, 6, 4, 0, 1] + Self.client.bytes + [10, 0, 0, 9] + [0, 0, 0, 0, 0, 0]
      + [10, 0, 0, 2]
    let packet = try decoder.decode(Self.frame(Self.ethernet + [8, 6] + arp))
    guard case .arp(let message) = packet?.content else {
      Issue.record("no ARP")
      return
    }
    #expect(message.operation == 1 && message.senderHardware == Self.client)
    #expect(message.target == IPv4Address(10, 0, 0, 2))
    let other = try decoder.decode(Self.frame(Self.ethernet + [0x88, 0x8e, 1]))
    guard case .link(etherType: 0x888e) = other?.content else {
      Issue.record("no 802.1X")
      return
    }
    #expect(try decoder.decode(Self.frame(Self.ethernet + [0, 3, 0x42, 0x42, 3])) == nil)
    #expect(try decoder.decode(Self.frame([1, 2, 3], .other(105))) == nil)
  }

  /// Nothing that a frame says traps: the bytes are random behind real headers.
  @Test func noiseEndsInAPacketOrAnError() throws {
    var random = SeededRandom(seed: 7)
    var decoder = PacketDecoder()
    var read = 0
    for round in 0..<20_000 {
      var bytes = Self.ethernet + (round % 2 == 0 ? [8, 0, 0x45] : [0x86, 0xdd, 0x60])
      for _ in 0..<Int.random(in: 0..<120, using: &random) {
        bytes.append(UInt8.random(in: 0...255, using: &random))
      }
      let length = bytes.count + Int.random(in: 0..<2, using: &random) * 1000
      let frame = Self.frame(bytes, original: length, time: UInt64(round))
      if (try? decoder.decode(frame)) != nil { read += 1 }
    }
    #expect(read > 500)
  }
}
