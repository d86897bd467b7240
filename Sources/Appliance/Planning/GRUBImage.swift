/// Appliance: what is built into a GRUB program.

/// A GRUB for UEFI is a PE file with a list of modules inside, made by `grub-mkimage`:
///
///     "mimg"  u32 padding  u64 offset of the first object  u64 size of all, this head included
///     object: u32 type  u32 size, this head included  body
///
/// in the byte order of the machine (little on all that there are). Objects of type 0 are modules, ELF
/// files with their name in the section `.modname` (include/grub/kernel.h of GRUB).
struct GRUBImage: Equatable, Sendable {
  /// Names, such as `tftp`.
  var modules: Set<String> = []

  private static let magic: [UInt8] = Array("mimg".utf8)
  private static let headSize = 24
  private static let mostObjects = 1024

  /// nil where there is no such list, or a broken one. Modules without a readable name are left out.
  init?(_ bytes: [UInt8]) {
    guard let start = Self.start(bytes) else { return nil }
    let end = bytes.count
    guard let first = Self.number(bytes, start + 8, 8),
      let size = Self.number(bytes, start + 16, 8),
      first >= Self.headSize, size >= first, size <= end - start
    else { return nil }
    var at = start + first
    var objects = 0
    while at < start + size, objects < Self.mostObjects {
      guard let type = Self.number(bytes, at, 4), let length = Self.number(bytes, at + 4, 4),
        length >= 8, length <= start + size - at
      else { return nil }
      if type == 0, let name = Self.moduleName(bytes[(at + 8)..<(at + length)]) {
        modules.insert(name)
      }
      at += length
      objects += 1
    }
  }

  /// The list begins at a section of the PE file, and those begin at multiples of 512.
  private static func start(_ bytes: [UInt8]) -> Int? {
    stride(from: 0, to: bytes.count, by: 512).first {
      bytes[$0...].starts(with: magic)
    }
  }

  /// ELF64 (gABI chapter 4): e_shoff at 40, e_shentsize at 58, e_shnum at 60, e_shstrndx at 62; a
  /// section's name at 0, offset at 24, size at 32.
  private static func moduleName(_ body: ArraySlice<UInt8>) -> String? {
    let elf = Array(body)
    guard elf.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2]),
      let table = number(elf, 40, 8), let entry = number(elf, 58, 2),
      let count = number(elf, 60, 2),
      let names = number(elf, 62, 2), entry >= 64,
      let nameTable = section(elf, table, entry, names)
    else { return nil }
    for index in 0..<count {
      guard let section = section(elf, table, entry, index) else { return nil }
      if text(elf, from: nameTable.offset, plus: section.name) == ".modname" {
        return text(elf, from: section.offset, plus: 0)
      }
    }
    return nil
  }

  private static func section(
    _ elf: [UInt8], _ table: Int, _ entry: Int, _ index: Int
  ) -> (name: Int, offset: Int)? {
    // Both factors have 16 bits.
    let (at, overflow) = table.addingReportingOverflow(entry * index)
    guard !overflow, at <= elf.count, let name = number(elf, at, 4),
      let offset = number(elf, at + 24, 8)
    else { return nil }
    return (name, offset)
  }

  /// At most 64 bytes up to a NUL.
  private static func text(_ bytes: [UInt8], from offset: Int, plus more: Int) -> String? {
    let (start, overflow) = offset.addingReportingOverflow(more)
    guard !overflow, bytes.indices.contains(start) else { return nil }
    let text = bytes[start...].prefix(64).prefix { $0 != 0 }
    return String(validating: text, as: UTF8.self)
  }

  /// A little-endian number; nil when it is not all there or too large for an `Int`. `at` is no larger
  /// than the array and a few bytes.
  private static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int? {
    guard at >= 0, at <= bytes.count, bytes.count - at >= width else { return nil }
    let value = bytes[at..<(at + width)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value)
  }
}
