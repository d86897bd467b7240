/// Lab: a program as UEFI firmware loads it: PE32 or PE32+ with one section.

internal import Wire

/// Microsoft PE format, "COFF File Header" and "Optional Header" (UEFI 2.10 §2.1.1). Headers are one
/// file block (200h); code is loaded 1000h behind the image's base, and needs no relocation.
struct EFIApplication {
  enum Machine: UInt16 {
    case ia32 = 0x014c
    case x64 = 0x8664
    case aarch64 = 0xaa64
  }

  var machine: Machine
  var code: [UInt8]

  /// Nil for code of more than 200h bytes.
  var encoded: [UInt8]? {
    guard code.count <= 0x200 else { return nil }
    var image = ByteWriter(capacity: 0x400)
    image.write(Array("MZ".utf8))
    image.pad(to: 0x3c)
    image.writeLE(UInt32(0x40))  // e_lfanew
    writeHeaders(into: &image)
    image.pad(to: 0x200)
    image.write(code)
    image.pad(to: 0x400)
    return image.bytes
  }

  private func writeHeaders(into image: inout ByteWriter) {
    let isNarrow = machine == .ia32
    image.write(Array("PE".utf8) + [0, 0])
    for field: UInt16 in [machine.rawValue, 1] { image.writeLE(field) }  // NumberOfSections
    for _ in 0..<3 { image.writeLE(UInt32(0)) }  // TimeDateStamp, no symbols
    image.writeLE(UInt16(isNarrow ? 224 : 240))  // SizeOfOptionalHeader
    // Executable, large addresses or 32 bits; relocatable, as it needs no fixes.
    image.writeLE(UInt16(isNarrow ? 0x102 : 0x22))
    image.writeLE(UInt16(isNarrow ? 0x10b : 0x20b))  // PE32, PE32+
    image.writeLE(UInt16(0))  // linker version
    for field: UInt32 in [
      0x200, 0, 0,  // SizeOfCode, SizeOfInitializedData, SizeOfUninitializedData
      0x1000, 0x1000,  // AddressOfEntryPoint, BaseOfCode
      0, 0,  // ImageBase of 64 bits; or BaseOfData, and ImageBase of 32
      0x1000, 0x200,  // SectionAlignment, FileAlignment
      0, 0, 0, 0,  // versions: operating system, image, subsystem, Win32
      0x2000, 0x200, 0,  // SizeOfImage, SizeOfHeaders, CheckSum
    ] { image.writeLE(field) }
    for field: UInt16 in [10, 0] { image.writeLE(field) }  // Subsystem: EFI application
    for _ in 0..<(isNarrow ? 4 : 8) { image.writeLE(UInt32(0)) }  // stack and heap sizes
    for field: UInt32 in [0, 16] { image.writeLE(field) }  // LoaderFlags, NumberOfRvaAndSizes
    for _ in 0..<32 { image.writeLE(UInt32(0)) }  // no data directories
    image.write(Array(".text".utf8) + [0, 0, 0])
    for field: UInt32 in [UInt32(code.count), 0x1000, 0x200, 0x200, 0, 0, 0] {
      image.writeLE(field)
    }
    image.writeLE(UInt32(0x6000_0020))  // code, executable, readable
  }
}
