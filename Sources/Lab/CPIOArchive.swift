/// Lab: an initial RAM disk, as the Linux kernel unpacks it.

internal import Wire

/// The "newc" format (Linux, Documentation/driver-api/early-userspace/buffer-format.rst): each file
/// is a header of 110 characters (`070701` and thirteen fields of eight hexadecimal digits), its
/// name with a zero, and its content; name and content are each padded to a multiple of 4. The
/// order is that of the calls, and no clock gets in, so the same files give the same bytes.
package struct CPIOArchive: Sendable {
  private var writer = ByteWriter()
  private var files: UInt32 = 0

  package init() {}

  package mutating func addDirectory(_ name: String) {
    add(name, mode: 0o040755, content: [])
  }

  package mutating func addFile(_ name: String, mode: UInt32 = 0o644, content: [UInt8]) {
    add(name, mode: 0o100000 | mode, content: content)
  }

  package mutating func addCharacterDevice(_ name: String, major: UInt32, minor: UInt32) {
    add(name, mode: 0o020600, content: [], device: (major, minor))
  }

  /// The whole archive, with its closing entry.
  package func finished() -> [UInt8] {
    var copy = self
    copy.add("TRAILER!!!", mode: 0, content: [])
    return copy.writer.bytes
  }

  private mutating func add(
    _ name: String, mode: UInt32, content: [UInt8], device: (major: UInt32, minor: UInt32) = (0, 0)
  ) {
    files += 1
    let fields: [UInt32] = [
      files, mode, 0, 0, 1, 0,  // inode, mode, user, group, links, time
      UInt32(truncatingIfNeeded: content.count), 0, 0, device.major, device.minor,
      UInt32(truncatingIfNeeded: name.utf8.count + 1), 0,  // length of the name, no checksum
    ]
    writer.write(Array("070701".utf8))
    for field in fields { writer.write(Array(Self.hex(field).utf8)) }
    writer.write(Array(name.utf8) + [0])
    align()
    writer.write(content)
    align()
  }

  private mutating func align() {
    writer.pad(to: (writer.count + 3) / 4 * 4)
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
