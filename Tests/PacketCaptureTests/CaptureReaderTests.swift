/// Tests of PacketCapture: the reader against every format, whole, cut and damaged.

import Fixtures
import Testing
import Wire

@testable import PacketCapture

@Suite struct CaptureReaderTests {
  private static func frames(_ bytes: [UInt8]) throws -> [CapturedFrame] {
    var reader = CaptureReader(bytes: bytes)
    var frames: [CapturedFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
  }

  private static func refusal(_ bytes: [UInt8]) -> CaptureError? {
    do {
      _ = try frames(bytes)
      return nil
    } catch {
      return error as? CaptureError
    }
  }

  /// The two readers of this room were written apart.
  @Test(arguments: ["b2", "fino-bios", "fino-uefi", "v6-pxe", "h1"])
  func readsWhatTheSmallReaderReads(_ name: String) throws {
    let bytes = try Fixtures.bytes("captures/\(name).pcap")
    let expected = try CaptureFile(parsing: bytes).records
    let found = try Self.frames(bytes)
    #expect(found.map(\.number) == Array(1...expected.count))
    #expect(found.map(\.time) == expected.map(\.timestamp))
    #expect(found.map { Array($0.bytes) } == expected.map(\.bytes))
    #expect(found.map(\.originalLength) == expected.map { max($0.originalLength, $0.bytes.count) })
  }

  @Test(arguments: [false, true], [(0xa1b2_c3d4, 1000), (0xa1b2_3c4d, 1)] as [(UInt32, UInt64)])
  func readsBothByteOrdersAndUnits(_ isBig: Bool, _ variant: (UInt32, UInt64)) throws {
    let bytes = BuiltCapture.classic(isBig: isBig, magic: variant.0, frames: [[1, 2, 3], [4]])
    let frames = try Self.frames(bytes)
    #expect(frames.map { Array($0.bytes) } == [[1, 2, 3], [4]])
    #expect(frames.map(\.originalLength) == [6, 4])
    #expect(frames.map(\.time) == [5, 6].map { 1_000_000_000_000 + $0 * variant.1 })
  }

  @Test(arguments: [false, true])
  func readsSectionsInterfacesUnitsAndComments(_ isBig: Bool) throws {
    var capture = BuiltCapture(isBig: isBig)
    capture.section()
    capture.interface(name: "eth0", resolution: 9)
    // An unknown block, and one of name resolution.
    capture.block(0x0bad) { $0.word(7) }
    capture.interface(linkType: 113, name: "any")
    capture.packet([1, 2, 3, 4, 5], ticks: 1_700_000_000_000_000_123, comments: ["one", "two"])
    capture.packet([6], interface: 1, ticks: 1_700_000_000_000_002)
    capture.section()
    // 2^-10 seconds.
    capture.interface(linkType: 276, snapLength: 2, name: "late", resolution: 0x8a)
    capture.packet([7], ticks: 1024 * 5 + 512)
    capture.block(3) {
      $0.word(9)
      $0.bytes += [8, 9, 0, 0]
    }
    var reader = CaptureReader(bytes: capture.bytes)
    var frames: [CapturedFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    #expect(reader.interfaces.map(\.name) == ["eth0", "any", "late"])
    #expect(frames.map(\.interface) == [0, 1, 2, 2])
    #expect(frames.map(\.linkType) == [.ethernet, .linuxCooked, .linuxCooked2, .linuxCooked2])
    #expect(
      frames.map(\.time) == [
        1_700_000_000_000_000_123, 1_700_000_000_000_002_000, 5_500_000_000, 5_500_000_000,
      ])
    #expect(frames.map { Array($0.bytes) } == [[1, 2, 3, 4, 5], [6], [7], [8, 9]])
    #expect(frames.map(\.comment) == ["one\ntwo", nil, nil, nil])
    #expect(frames.last?.originalLength == 9)
    #expect(!reader.isTruncated)
  }

  @Test func aCutFileIsReadAsFarAsItGoes() throws {
    var capture = BuiltCapture()
    capture.section()
    capture.interface()
    capture.packet([1, 2, 3, 4], ticks: 1)
    let one = capture.bytes.count
    capture.packet([5, 6, 7, 8], ticks: 2)
    let pcap = BuiltCapture.classic(isBig: false, frames: [[1, 2, 3, 4], [5, 6, 7, 8]])
    for (bytes, first) in [(capture.bytes, one), (pcap, 44)] {
      for count in first..<bytes.count {
        var reader = CaptureReader(bytes: Array(bytes[..<count]))
        #expect(try reader.next()?.number == 1)
        #expect(try reader.next() == nil)
        #expect(reader.isTruncated == (count > first))
        #expect(try reader.next() == nil)
      }
    }
  }

  @Test func whatIsNoCaptureIsRefusedWithASentence() throws {
    #expect(Self.refusal([])?.description == "the capture is empty (byte 0, before frame 1)")
    #expect(Self.refusal(Array("GET / HTTP/1.1".utf8))?.why.contains("neither pcap nor") == true)
    let header = BuiltCapture.classic(isBig: true, frames: [])
    for count in 1..<24 { #expect(Self.refusal(Array(header.prefix(count))) != nil) }
    #expect(Self.refusal(header) == nil)
  }

  @Test func damageIsRefusedWithItsPlace() throws {
    var pcap = BuiltCapture.classic(isBig: false, frames: [[1, 2], [3, 4]])
    pcap[24 + 18 + 11] = 0xff
    let refusal = try #require(Self.refusal(pcap))
    #expect(refusal.offset == 42)
    #expect(refusal.frame == 2)

    var capture = BuiltCapture()
    capture.section()
    capture.packet([1], interface: 3, ticks: 0)
    #expect(Self.refusal(capture.bytes)?.why.contains("interface 3") == true)

    var short = BuiltCapture()
    short.section()
    short.word(6)
    short.word(8)
    short.word(0)
    #expect(Self.refusal(short.bytes)?.why.contains("a block of 8 bytes") == true)

    var lengths = BuiltCapture()
    lengths.section()
    lengths.interface()
    lengths.bytes[lengths.bytes.count - 4] ^= 4
    #expect(Self.refusal(lengths.bytes)?.why.contains("lengths of a block differ") == true)
  }

  /// No byte of a damaged file traps, and every reading ends.
  @Test func damageAnywhereEndsInFramesOrInAnError() throws {
    var capture = BuiltCapture()
    capture.section()
    capture.interface(name: "eth0", resolution: 9)
    capture.packet([1, 2, 3, 4, 5], ticks: 1, comments: ["a comment"])
    capture.block(3) {
      $0.word(2)
      $0.bytes += [8, 9]
    }
    capture.block(5) {
      $0.word(0)
      $0.word(0)
      $0.word(0)
      $0.option(5, [1, 0, 0, 0, 0, 0, 0, 0])
    }
    let pcap = BuiltCapture.classic(isBig: true, frames: [[1, 2], [3, 4]])
    var refused = 0
    for bytes in [capture.bytes, pcap] {
      for place in bytes.indices {
        for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
          var damaged = bytes
          damaged[place] = value
          if Self.refusal(damaged) != nil { refused += 1 }
        }
      }
    }
    #expect(refused > 100)
  }

  @Test func framesAcrossTheBufferAreWhole() throws {
    let frames = (0..<40).map { [UInt8](repeating: UInt8($0), count: 60_000 + $0 * 7) }
    let bytes = BuiltCapture.classic(isBig: false, frames: frames)
    #expect(bytes.count > 2 * CaptureReader.longestBlock)
    // All are held at once: the reader must not write over what was given away.
    #expect(try Self.frames(bytes).map { Array($0.bytes) } == frames)
  }

  @Test func theFirstLinkTypesAreKnownByTheirNumbers() {
    for type in [.ethernet, .rawIP, .linuxCooked, .linuxCooked2, .loopback] as [LinkType] {
      #expect(LinkType(number: type.number) == type)
    }
    #expect(LinkType(number: 105) == .other(105))
  }
}
