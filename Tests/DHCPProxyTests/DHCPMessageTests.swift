/// Tests of DHCPProxy: the codec, on what real firmware sent and on what it may send.

import Fixtures
import PacketCapture
import Testing
import Wire

@testable import DHCPProxy

@Suite struct DHCPMessageTests {
  @Test(arguments: CapturedDHCP.names)
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

  @Test(arguments: Firmware.all)
  func noPrefixOfARequestTraps(_ firmware: Firmware) {
    var proxy = ProxyHarness()
    for step in firmware.steps {
      for count in 0..<step.bytes.count {
        let bytes = Array(step.bytes.prefix(count))
        guard let message = try? DHCPMessage(parsing: bytes) else { continue }
        #expect(count >= 240)
        for port in [Arrival.ServicePort.dhcp, .bootServer] {
          if case .reply(let reply, _, _) = proxy.decide(message, port: port) {
            #expect(StrictFirmware(reply.bytes, to: bytes).faults == [], "\(count)")
          }
        }
      }
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

  // MARK: Overload

  /// sname holds a host name as an option, file a server name.
  private func overloaded(_ value: [UInt8]) -> [UInt8] {
    var bytes = header()
    bytes.replaceSubrange(44..<48, with: [12, 1, 65, 255])
    bytes.replaceSubrange(108..<112, with: [66, 1, 66, 255])
    return bytes + [52, UInt8(value.count)] + value + [255]
  }

  @Test(arguments: [(1, [66]), (2, [12]), (3, [66, 12])])
  func overloadedFieldsAreRead(_ overload: Int, _ found: [Int]) throws {
    let message = try DHCPMessage(parsing: overloaded([UInt8(overload)]))
    #expect(message.options.map { Int($0.code.rawValue) } == found)
    #expect(message.file.contains { $0 != 0 } == (overload == 2))
    #expect(message.sname.contains { $0 != 0 } == (overload == 1))
  }

  @Test(arguments: [[], [0], [4], [255], [1, 1]] as [[UInt8]])
  func otherOverloadsMeanNothing(_ value: [UInt8]) throws {
    let message = try DHCPMessage(parsing: overloaded(value))
    #expect(message.options.isEmpty)
    #expect(message.file.prefix(3) == [66, 1, 66])
  }

  @Test func anOverloadInsideAnOverloadedFieldMeansNothing() throws {
    var bytes = overloaded([1])
    bytes.replaceSubrange(108..<115, with: [52, 1, 3, 66, 1, 66, 255])
    let message = try DHCPMessage(parsing: bytes)
    #expect(message.options.map(\.code) == [.serverName])
    #expect(message.sname.first == 12, "sname is still text")
  }

  @Test func aValueIsJoinedAcrossOptionsFileAndSname() throws {
    // RFC 3396 §5: in this order.
    var bytes = header()
    bytes.replaceSubrange(44..<48, with: [43, 1, 3, 255])
    bytes.replaceSubrange(108..<112, with: [43, 1, 2, 255])
    let message = try DHCPMessage(parsing: bytes + [43, 1, 1, 52, 1, 3, 255])
    #expect(message.options.first(.vendorSpecific) == [1, 2, 3])
  }

  @Test func anErrorInAnOverloadedFieldHasItsPlaceInTheMessage() throws {
    var bytes = header()
    bytes.replaceSubrange(108..<236, with: [UInt8](repeating: 9, count: 128))
    let error = #expect(throws: WireError.self) {
      try DHCPMessage(parsing: bytes + [52, 1, 1, 255])
    }
    #expect(error?.offset == 108 + 11 * 11 + 2, "11 whole options of 11 bytes, then 7 bytes")
  }

  @Test func overloadIsNeverSentOn() throws {
    let message = try DHCPMessage(parsing: overloaded([3]))
    var writer = ByteWriter()
    message.encode(into: &writer)
    #expect(try DHCPMessage(parsing: writer.bytes) == message)
    #expect(writer.bytes[44..<236].allSatisfy { $0 == 0 })
  }

  // MARK: Other oddities

  @Test func fieldsPaddedWithFFAreFields() throws {
    var bytes = header()
    bytes.replaceSubrange(44..<236, with: [UInt8](repeating: 0xff, count: 192))
    let message = try DHCPMessage(parsing: bytes + [53, 1, 1, 255])
    #expect(message.type == .discover)
    // As places for options they are empty ones.
    let empty = try DHCPMessage(parsing: bytes + [53, 1, 1, 52, 1, 3, 255])
    #expect(empty.options == [DHCPOption(.messageType, [1])])
  }

  @Test func whatStandsBehindENDIsPadding() throws {
    let message = try DHCPMessage(parsing: header() + [53, 1, 1, 255] + [9, 200, 1])
    #expect(message.options.count == 1)
    #expect(try DHCPMessage(parsing: header() + [53, 1, 1]).type == .discover)
    #expect(try DHCPMessage(parsing: header() + [255, 53, 1, 1]).type == nil)
    let flood = [UInt8](repeating: 0, count: 9000)
    #expect(try DHCPMessage(parsing: header() + flood + [53, 1, 1]).type == .discover)
  }

  @Test func wrongMagicAndWrongOpThrow() {
    var bytes = header()
    bytes[236] = 0
    #expect(throws: WireError.self) { try DHCPMessage(parsing: bytes) }
    #expect(throws: WireError.self) { try DHCPMessage(parsing: [9] + header().dropFirst()) }
  }

  @Test func mutatedPacketsNeverTrap() throws {
    var random = SeededRandom(seed: 67)
    let seeds =
      try CapturedDHCP.names.flatMap { try CapturedDHCP($0).frames.map(\.payload) }
      + Firmware.all.flatMap { $0.steps.map(\.bytes) }
    var proxy = ProxyHarness(plan: { _, _ in .loader(file: "undionly.kpxe") })
    for round in 0..<50_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<(1 + random.next() % 8) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      guard let message = try? DHCPMessage(parsing: bytes) else { continue }
      if case .reply(let reply, _, _) = proxy.decide(message) {
        let faults = StrictFirmware(reply.bytes, to: bytes + [UInt8](repeating: 0, count: 300))
          .faults
        #expect(faults.isEmpty, "round \(round)")
      }
    }
  }

  @Test func partsOfALargerBufferAreReadAlike() throws {
    // PAD in front of, between and behind options; a length that runs past the end.
    let message = try DHCPMessage(
      parsing: header() + [0, 0, 53, 1, 1, 0, 60, 2, 7, 8, 0, 60, 1, 9, 0, 0, 255, 1, 2, 3])
    #expect(
      message.options == [
        DHCPOption(.messageType, [1]), DHCPOption(.vendorClass, [7, 8]),
        DHCPOption(.vendorClass, [9]),
      ])
    #expect(message.options.value(.vendorClass) == [7, 8, 9])
    #expect(message.options.value(.clientUUID) == nil)
    #expect(message.options.has(.messageType) && !message.options.has(.clientUUID))
    let short = #expect(throws: WireError.self) {
      try DHCPMessage(parsing: header() + [0, 53, 1, 1, 60, 3, 7])
    }
    #expect(
      short
        == WireError(
          field: "option 60", offset: 246, reason: .truncated(needed: 3, available: 1)))
    let bare = #expect(throws: WireError.self) {
      try DHCPMessage(parsing: header() + [53, 1, 1, 60])
    }
    #expect(
      bare
        == WireError(
          field: "length of option 60", offset: 244, reason: .truncated(needed: 1, available: 0)))
  }

  private func header() -> [UInt8] {
    [1, 1, 6, 0] + [UInt8](repeating: 0, count: 232) + [0x63, 0x82, 0x53, 0x63]
  }
}
