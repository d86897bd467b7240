/// Appliance: the head of an EFI program: for which processor, and whether it is signed.

import DHCPProxy
import Wire

/// PE/COFF: at 0x3c of the DOS header the offset of `PE\0\0`, then machine (2) and the rest of the
/// COFF header (18), then the optional header: magic (2), …, number of directories (4) at 92 (PE32) or
/// 108 (PE32+), and behind it the directories of 8 bytes; the fifth is the certificate table.
struct EFIProgram: Equatable {
  var machine: UInt16
  var isSigned: Bool

  /// Throws for what is no such program. The beginning of the file is enough: 4 KiB.
  init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    guard try reader.readUInt16("DOS magic") == 0x4d5a else {
      throw reader.invalid("DOS magic", "is not MZ", back: 2)
    }
    try reader.skip(0x3a, "DOS header")
    let offset = Int(try reader.readUInt32LE("offset of the PE header"))
    try reader.skip(offset - 0x40, "DOS program")
    guard try reader.readUInt32("PE magic") == 0x5045_0000 else {
      throw reader.invalid("PE magic", "is not PE", back: 4)
    }
    machine = try reader.readUInt16LE("machine")
    try reader.skip(18, "COFF header")
    let magic = try reader.readUInt16LE("optional header's magic")
    let directories: Int
    switch magic {
    case 0x10b: directories = 92
    case 0x20b: directories = 108
    default: throw reader.invalid("optional header's magic", "is neither PE32 nor PE32+", back: 2)
    }
    try reader.skip(directories - 2, "optional header")
    let count = try reader.readUInt32LE("number of directories")
    isSigned = false
    guard count > 4 else { return }
    try reader.skip(4 * 8, "directories")
    let table = try reader.readUInt32LE("certificate table")
    let size = try reader.readUInt32LE("size of the certificate table")
    isSigned = table != 0 && size != 0
  }

  /// nil for a machine that no firmware here has.
  var instructionSet: Architecture.InstructionSet? {
    switch machine {
    case 0x014c: .ia32
    case 0x8664: .x64
    case 0x01c0, 0x01c2, 0x01c4: .arm32
    case 0xaa64: .arm64
    case 0x5064: .riscv64
    case 0x6264: .loong64
    default: nil
    }
  }
}
