/// FinoBench: a capture of many whole boots, made out of one that was recorded.

import Foundation
import Lab
import PacketCapture
import Wire

/// The DHCP, ARP and TFTP of `healthy-uefi.pcap` (OVMF, Fino beside dnsmasq) with the blocks put back
/// that the recording leaves out, then a script, a kernel and an initrd by HTTP as iPXE fetches them.
/// Every machine has a MAC address, an IP address and a UUID of its own. Check sums are unfinished.
struct BootCapture {
  /// Bytes that a machine fetches over HTTP.
  struct Images {
    var kernel: Int
    var initrd: Int
  }

  struct Frame {
    /// Microseconds since the boot began.
    var time: UInt64
    var bytes: [UInt8]
    var originalLength: Int
    /// Where the last two bytes of the machine's MAC and IP addresses and of its UUID stand.
    var numbers: [Int] = []
  }

  var frames: [Frame] = []

  static let machine: [UInt8] = [0x52, 0x54, 0x00, 0xfa, 0x00, 0x01]
  static let machineAddress: [UInt8] = [10, 77, 0, 55]
  private static let recording = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/captures/faults/healthy-uefi.pcap")

  /// Without images nothing is put back, and only the script is fetched.
  init(_ images: Images?) throws {
    let file = try CaptureFile(parsing: [UInt8](try Data(contentsOf: Self.recording)))
    guard file.records.count == 58, let begin = file.records.first else {
      throw LabError("\(Self.recording.path) is not the capture that it was")
    }
    let recorded = file.records.map { record in
      Frame(
        time: (record.timestamp - begin.timestamp) / 1000, bytes: record.bytes,
        originalLength: record.originalLength)
    }
    if images == nil {
      frames = recorded
    } else {
      // Up to the acknowledgment of the options; then all blocks; then from iPXE's DHCP on.
      frames = Array(recorded[..<15])
      addLoader(answering: recorded[14])
      frames += recorded[47...]
    }
    let script = images == nil ? "#!ipxe\nexit\n" : Self.script
    addDownload("/pxe/525400fa0001", Array(script.utf8), port: 40_001)
    if let images {
      addDownload("/images/vmlinuz", Self.filling(images.kernel), port: 40_002)
      addDownload("/images/initrd.img", Self.filling(images.initrd), port: 40_003)
    }
    let uuid = try Self.uuid(of: begin.bytes)
    for index in frames.indices {
      frames[index].numbers = [Self.machine, Self.machineAddress, uuid].flatMap {
        // Images hold no addresses; looking through them would only take time.
        Self.places(after: $0, in: frames[index].bytes.prefix(600)).map { $0 - 2 }
      }
    }
  }

  /// Bytes of one boot in the file.
  var size: Int { frames.reduce(0) { $0 + 16 + $1.bytes.count } }

  /// Writes a boot of each machine, half a minute after each other; answers the file's bytes.
  func write(machines: Int, to path: String) throws -> Int {
    var batch = Self.words([0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1])
    var written = 0
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    defer { try? file.close() }
    for machine in 1...machines {
      let begin = 1_700_000_000_000_000 + UInt64(machine) * 30_000_000
      for frame in frames {
        let time = begin + frame.time
        batch += Self.words([
          UInt32(time / 1_000_000), UInt32(time % 1_000_000), UInt32(frame.bytes.count),
          UInt32(frame.originalLength),
        ])
        let start = batch.count
        batch += frame.bytes
        // 10.77.0.0/24 has the servers.
        let number = machine + 256
        for place in frame.numbers {
          batch[start + place] = UInt8(truncatingIfNeeded: number >> 8)
          batch[start + place + 1] = UInt8(truncatingIfNeeded: number)
        }
      }
      written += batch.count
      try file.write(contentsOf: batch)
      batch.removeAll(keepingCapacity: true)
    }
    return written
  }

  private static func words(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  /// Option 97 of a DISCOVER, without its type.
  private static func uuid(of frame: [UInt8]) throws -> [UInt8] {
    guard let place = places(after: [97, 17, 0], in: frame[...]).first, place + 16 <= frame.count
    else { throw LabError("the recorded machine tells no UUID") }
    return Array(frame[place..<(place + 16)])
  }

  /// Behind every occurrence.
  private static func places(after pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> [Int] {
    bytes.indices.filter { bytes[$0...].starts(with: pattern) }.map { $0 + pattern.count }
  }
}
