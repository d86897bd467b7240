/// Tests of PacketCapture: what is written is read again, by us and by Wireshark's rules.

import Foundation
import Testing
import Wire

@testable import PacketCapture

@Suite struct PcapngWriterTests {
  private static let interfaces = [
    CaptureInterface(name: "eth0", snapLength: 262_144), CaptureInterface(name: "eth1"),
  ]

  private static func frame(
    _ bytes: [UInt8], _ time: UInt64, interface: Int = 0, original: Int? = nil,
    comment: String? = nil
  ) -> CapturedFrame {
    CapturedFrame(
      number: 1, time: time, interface: interface, originalLength: original, bytes: bytes[...],
      comment: comment)
  }

  @Test func theBytesAreThoseOfTheStandard() throws {
    var encoder = PcapngEncoder()
    try encoder.section(application: "fino")
    try encoder.interface(CaptureInterface(name: "eth0", snapLength: 65_535))
    try encoder.packet(Self.frame([1, 2, 3], 0x0000_0001_0000_0002, original: 9, comment: "why"))
    let expected =
      "0a0d0d0a 28000000 4d3c2b1a 01000000 ffffffff ffffffff 04000400 66696e6f 00000000 28000000"
      + "01000000 28000000 01000000 ffff0000 02000400 65746830 09000100 09000000 00000000 28000000"
      + "06000000 30000000 00000000 01000000 02000000 03000000 09000000 01020300"
      + "01000300 77687900 00000000 30000000"
    #expect(HexDump.plain(encoder.bytes) == expected.filter { $0 != " " })
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    var encoder = PcapngEncoder()
    try encoder.section(application: "fino")
    for interface in Self.interfaces { try encoder.interface(interface) }
    let frames = (0..<9).map { length in
      Self.frame(
        [UInt8](repeating: 7, count: length), 1_700_000_000_000_000_001 + UInt64(length),
        interface: length % 2, original: length + 10,
        comment: length % 3 == 0 ? String(repeating: "ü", count: length) : nil)
    }
    for frame in frames { try encoder.packet(frame, isOutgoing: frame.interface == 1) }
    encoder.statistics(interface: 1, time: 5, received: 9, dropped: 3)
    var reader = CaptureReader(bytes: encoder.bytes)
    var found: [CapturedFrame] = []
    while let frame = try reader.next() { found.append(frame) }
    #expect(found.map { Array($0.bytes) } == frames.map { Array($0.bytes) })
    #expect(found.map(\.time) == frames.map(\.time))
    #expect(found.map(\.interface) == frames.map(\.interface))
    #expect(found.map(\.originalLength) == frames.map(\.originalLength))
    #expect(found.map { $0.comment ?? "" } == frames.map { $0.comment ?? "" })
    #expect(reader.interfaces.map(\.name) == ["eth0", "eth1"])
    #expect(reader.interfaces.map(\.dropped) == [0, 3])
    #expect(!reader.isTruncated)
  }

  @Test func whatNoReaderTakesIsRefusedAndLeavesNothingBehind() throws {
    var encoder = PcapngEncoder()
    let long = String(repeating: "x", count: 65_536)
    #expect(throws: CaptureError.self) { try encoder.packet(Self.frame([1], 0, comment: long)) }
    #expect(throws: CaptureError.self) {
      try encoder.packet(Self.frame([UInt8](repeating: 0, count: 262_145), 0))
    }
    #expect(encoder.bytes.isEmpty)
  }

  @Test func eachFileOfARotationIsReadableAlone() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rotate-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "boot.pcapng").path
    for kept in [nil, 3] as [Int?] {
      let writer = try PcapngWriter(
        path: path, interfaces: Self.interfaces, application: "fino", limit: 70_000,
        keptFiles: kept)
      for number in 0..<1000 {
        try writer.write(
          Self.frame([UInt8](repeating: UInt8(number & 255), count: 500), UInt64(number)))
      }
      try writer.close()
      var times: [UInt64] = []
      for number in 0..<9 {
        let name = PcapngWriter.path(path, number: number)
        guard FileManager.default.fileExists(atPath: name) else { continue }
        let size = try FileManager.default.attributesOfItem(atPath: name)[.size] as? Int
        #expect(size.map { $0 <= 70_000 } == true)
        var reader = try CaptureReader(path: name)
        while let frame = try reader.next() { times.append(frame.time) }
        #expect(reader.interfaces.count == 2)
        #expect(!reader.isTruncated)
      }
      let all = Array(0..<1000 as Range<UInt64>)
      #expect(kept == nil ? times == all : times == Array(all.suffix(times.count)))
      #expect(kept == nil ? true : times.count > 200 && times.count < 400)
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        try FileManager.default.removeItem(at: folder.appending(path: file))
      }
    }
  }

  @Test func theNumberStandsBeforeTheEnding() {
    #expect(PcapngWriter.path("a.b/boot.pcapng", number: 2) == "a.b/boot.2.pcapng")
    #expect(PcapngWriter.path("a.b/boot", number: 1) == "a.b/boot.1")
    #expect(PcapngWriter.path("boot.pcapng", number: 0) == "boot.pcapng")
    #expect(PcapngWriter.path(".boot", number: 1) == ".boot.1")
  }

  @Test func aFullDiskIsToldInASentence() throws {
    let writer = try PcapngWriter(
      path: "/dev/full", interfaces: Self.interfaces, application: "fino")
    let error = #expect(throws: CaptureError.self) { try writer.close() }
    #expect(error?.why.hasPrefix("can't write /dev/full") == true)
  }
}
