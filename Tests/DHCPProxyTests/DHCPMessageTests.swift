/// Tests of DHCPProxy: the codec, on what real firmware sent.

import Fixtures
import PacketCapture
import Testing
import Wire

@testable import DHCPProxy

/// The DHCP datagrams of a capture, by whom they were sent to.
struct CapturedDHCP {
  var frames: [UDPFrame]

  init(_ name: String) throws {
    let capture = try CaptureFile(parsing: Fixtures.bytes("captures/\(name).pcap"))
    frames = try capture.records.compactMap { try UDPFrame(parsing: $0.bytes) }
      .filter { [67, 68, 4011].contains($0.destination.port) }
  }

  /// Those that a client sent to a server.
  var questions: [UDPFrame] { frames.filter { $0.payload.first == 1 } }
}

@Suite struct DHCPMessageTests {
  static let captures = ["fino-bios", "fino-uefi", "s1", "b2", "b15", "e3", "e13", "e15", "h1"]

  @Test(arguments: captures)
  func everyCapturedMessageComesBackTheSame(_ name: String) throws {
    for frame in try CapturedDHCP(name).frames {
      let message = try DHCPMessage(parsing: frame.payload)
      var writer = ByteWriter()
      message.encode(into: &writer)
      #expect(try DHCPMessage(parsing: writer.bytes) == message)
      #expect(writer.count >= 300)
      // All but the padding is byte for byte what the firmware sent.
      let common = min(writer.count, frame.payload.count)
      #expect(Array(writer.bytes.prefix(common)) == Array(frame.payload.prefix(common)))
    }
  }

  @Test(arguments: ["b2", "e3"])
  func eachProperPrefixOfTheFixedPartThrows(_ name: String) throws {
    let payload = try #require(try CapturedDHCP(name).questions.first).payload
    for count in 0..<240 {
      #expect(throws: WireError.self) { try DHCPMessage(parsing: Array(payload.prefix(count))) }
    }
    // From there on a prefix that ends between two options is a message without END, which iPXE
    // tolerates and so do we; the others throw.
    for count in 240..<payload.count {
      _ = try? DHCPMessage(parsing: Array(payload.prefix(count)))
    }
  }

  @Test func anOptionThatRunsPastTheEndNamesItselfAndItsPlace() throws {
    let bytes = header() + [60, 9, 0x50]
    let error = #expect(throws: WireError.self) { try DHCPMessage(parsing: bytes) }
    #expect(error?.description == "option 60 at byte 242: needs 9 bytes, 1 left")
  }

  @Test func splitOptionsAreJoined() throws {
    let message = try DHCPMessage(parsing: header() + [43, 2, 1, 2, 0, 43, 1, 3, 255, 9, 9])
    #expect(message.options.first(.vendorSpecific) == [1, 2, 3])
  }

  @Test func longOptionsAreSplit() throws {
    var message = try DHCPMessage(parsing: header() + [255])
    message.options = [DHCPOption(.vendorSpecific, [UInt8](repeating: 7, count: 600))]
    var writer = ByteWriter()
    message.encode(into: &writer)
    let again = try DHCPMessage(parsing: writer.bytes)
    #expect(again.options.map(\.bytes.count) == [255, 255, 90])
    #expect(again.options.first(.vendorSpecific)?.count == 600)
  }

  @Test(arguments: [(1, [66]), (2, [12]), (3, [66, 12])])
  func overloadedFieldsAreRead(_ overload: Int, _ found: [Int]) throws {
    var bytes = header()
    bytes.replaceSubrange(44..<48, with: [12, 1, 65, 255])  // sname: host name
    bytes.replaceSubrange(108..<112, with: [66, 1, 66, 255])  // file: server name
    let message = try DHCPMessage(parsing: bytes + [52, 1, UInt8(overload), 255])
    #expect(message.options.dropFirst().map { Int($0.code.rawValue) } == found)
  }

  @Test func wrongMagicAndWrongOpThrow() {
    var bytes = header()
    bytes[236] = 0
    #expect(throws: WireError.self) { try DHCPMessage(parsing: bytes) }
    #expect(throws: WireError.self) { try DHCPMessage(parsing: [9] + header().dropFirst()) }
  }

  @Test func mutatedPacketsNeverTrap() throws {
    var random = SeededRandom(seed: 67)
    let seeds = try Self.captures.flatMap { try CapturedDHCP($0).frames.map(\.payload) }
    let arrival = Arrival(
      interface: "eth0", local: IPv4Address(10, 77, 0, 2), port: .dhcp,
      source: Endpoint(IPAddress.any, 68))
    for round in 0..<50_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<(1 + random.next() % 8) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      guard let message = try? DHCPMessage(parsing: bytes) else { continue }
      if case .reply(let reply, _, _) = ProxyDecision.decide(
        message, arrival, plan: { _, _ in .loader(file: "undionly.kpxe") })
      {
        #expect(reply.message.yiaddr == .any)
      }
    }
  }

  private func header() -> [UInt8] {
    [1, 1, 6, 0] + [UInt8](repeating: 0, count: 232) + DHCPMessage.magic
  }
}
