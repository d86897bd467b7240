/// Tests of PacketCapture: reading captures, whole and damaged.

import Fixtures
import Testing
import Wire

@testable import PacketCapture

@Suite struct CaptureFileTests {
  @Test func readsARealCapture() throws {
    let capture = try CaptureFile(parsing: Fixtures.bytes("captures/b2.pcap"))
    #expect(capture.linkType == 1)
    #expect(!capture.isTruncated)
    let frames = try capture.records.compactMap { try UDPFrame(parsing: $0.bytes) }
    let discover = try #require(frames.first)
    #expect(discover.source == Endpoint(IPv4Address.any, 68))
    #expect(discover.destination == Endpoint(IPv4Address.broadcast, 67))
    #expect(discover.destinationHardware == .broadcast)
    #expect(discover.payload.count >= 240)
  }

  @Test func aFileThatIsStillWrittenIsReadAsFarAsItGoes() throws {
    let bytes = try Fixtures.bytes("captures/b2.pcap")
    let whole = try CaptureFile(parsing: bytes).records.count
    let cut = try CaptureFile(parsing: Array(bytes.dropLast(5)))
    #expect(cut.isTruncated)
    #expect(cut.records.count == whole - 1)
  }

  @Test func eachPrefixOfTheHeaderThrows() throws {
    let bytes = try Fixtures.bytes("captures/b2.pcap")
    for count in 0..<24 {
      #expect(throws: WireError.self) { try CaptureFile(parsing: Array(bytes.prefix(count))) }
    }
  }

  @Test func eachPrefixOfAFrameThrows() throws {
    let capture = try CaptureFile(parsing: Fixtures.bytes("captures/b2.pcap"))
    let frame = try #require(capture.records.first).bytes
    for count in 0..<frame.count {
      #expect(throws: WireError.self) { try UDPFrame(parsing: Array(frame.prefix(count))) }
    }
  }

  @Test func whatIsNoUDPIsNoUDP() throws {
    let arp = [UInt8](repeating: 0xff, count: 12) + [8, 6] + [UInt8](repeating: 0, count: 28)
    #expect(try UDPFrame(parsing: arp) == nil)
  }
}
