/// Tests of PacketCapture: captures that gzip wrote, from files and pipes.

import Fixtures
import Foundation
import Testing

@testable import PacketCapture

@Suite struct CompressedCaptureTests {
  /// What the program gzip makes of it.
  private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pcap")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-c", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Array(output)
  }

  private static func count(_ reader: inout CaptureReader) throws -> Int {
    while try reader.next() != nil {}
    return reader.frameCount
  }

  @Test func readsGzipAndSeveralMembers() throws {
    let bytes = try Fixtures.bytes("captures/fino-uefi.pcap")
    let expected = try CaptureFile(parsing: bytes).records.count
    var whole = CaptureReader(bytes: try Self.gzip(bytes))
    #expect(try Self.count(&whole) == expected)
    #expect(!whole.isTruncated)
    #expect(whole.offset == UInt64(bytes.count))

    let members = try Self.gzip(Array(bytes[..<1000])) + Self.gzip(Array(bytes[1000...]))
    var two = CaptureReader(bytes: members)
    #expect(try Self.count(&two) == expected)
  }

  @Test func aCutOneIsReadAsFarAsItGoesAndADamagedOneRefused() throws {
    let bytes = try Self.gzip(try Fixtures.bytes("captures/fino-uefi.pcap"))
    var cut = CaptureReader(bytes: Array(bytes.dropLast(bytes.count / 3)))
    #expect(try Self.count(&cut) > 0)
    #expect(cut.isTruncated)
    // Only the check sum's end is missing: every frame is there.
    var end = CaptureReader(bytes: Array(bytes.dropLast(4)))
    _ = try Self.count(&end)
    #expect(end.isTruncated)

    var damaged = bytes
    for place in 60..<90 { damaged[place] ^= 0x55 }
    #expect(throws: CaptureError.self) {
      var reader = CaptureReader(bytes: damaged)
      _ = try Self.count(&reader)
    }
    for count in 0..<64 {
      var reader = CaptureReader(bytes: Array(bytes.prefix(count)))
      #expect(throws: CaptureError.self) { _ = try Self.count(&reader) }
    }
  }

  @Test func readsAPipeInPieces() throws {
    let bytes = try Fixtures.bytes("captures/fino-uefi.pcap")
    let pipe = Pipe()
    let writer = Thread {
      for start in stride(from: 0, to: bytes.count, by: 999) {
        try? pipe.fileHandleForWriting.write(
          contentsOf: bytes[start..<min(start + 999, bytes.count)])
      }
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    var reader = CaptureReader(descriptor: pipe.fileHandleForReading.fileDescriptor)
    #expect(try Self.count(&reader) == CaptureFile(parsing: bytes).records.count)
    #expect(!reader.isTruncated)
  }

  @Test func aFileThatIsNotThereIsNamed() {
    let error = #expect(throws: CaptureError.self) { try CaptureReader(path: "/nowhere/x.pcap") }
    #expect(error?.description.contains("/nowhere/x.pcap") == true)
  }
}
