/// Lab: the program on a machine's disk: it says one line on the serial console and stops there.

internal import Wire

/// Machine code that writes `greeting` to COM1 and halts, packed for either firmware. It halts
/// instead of waiting in a loop, so that a machine that has arrived costs the host nothing.
package struct GreetingProgram: Equatable, Sendable {
  package var greeting: String

  package init(_ greeting: String) {
    self.greeting = greeting
  }

  /// What follows the load of the text's address into SI; the same bytes in 16-bit and, with the
  /// operand size prefix before the immediate loads of DX, in 64-bit mode.
  private static func body(wide: Bool) -> [UInt8] {
    let prefix: [UInt8] = wide ? [0x66] : []
    let put: [UInt8] =
      [0x88, 0xc4]  // mov ah, al
      + prefix + [0xba, 0xfd, 0x03]  // mov dx, 3fdh: line status
      + [0xec, 0xa8, 0x20, 0x74, 0xfb]  // wait: in al, dx; test al, 20h; jz wait
      + [0x88, 0xe0]  // mov al, ah
      + prefix + [0xba, 0xf8, 0x03]  // mov dx, 3f8h: data
      + [0xee]  // out dx, al
    let length = UInt8(put.count)
    return [0xfc]  // cld
      + [0xac, 0x84, 0xc0]  // next: lodsb; test al, al
      + [0x74, length + 2]  // jz done
      + put
      + [0xeb, UInt8(bitPattern: -Int8(length + 7))]  // jmp next
      + [0xfa, 0xf4, 0xeb, 0xfd]  // done: cli; stop: hlt; jmp stop
  }

  private var text: [UInt8] { Array("\r\n\(greeting)\r\n".utf8) + [0] }

  /// A master boot record: BIOS loads it to 0000:7c00 and jumps there. Nil when the text is too long.
  package var bootSector: [UInt8]? {
    let body = Self.body(wide: false)
    let address = UInt16(0x7c00 + 7 + body.count)
    var writer = ByteWriter(capacity: 512)
    writer.write([0x31, 0xc0, 0x8e, 0xd8])  // xor ax, ax; mov ds, ax
    writer.write(UInt8(0xbe))  // mov si, text
    writer.writeLE(address)
    writer.write(body)
    writer.write(text)
    guard writer.count <= 510 else { return nil }
    writer.pad(to: 510)
    writer.writeLE(UInt16(0xaa55))
    return writer.bytes
  }

  /// An application for 64-bit UEFI: PE32+ with one section. Nil when the text is too long.
  package var efiApplication: [UInt8]? {
    let body = Self.body(wide: true)
    var code = ByteWriter(capacity: 512)
    code.write([0x48, 0x8d, 0x35])  // lea rsi, [rip + body.count]
    code.writeLE(UInt32(body.count))
    code.write(body)
    code.write(text)
    guard code.count <= 512 else { return nil }
    var image = ByteWriter(capacity: 1024)
    image.write(Array("MZ".utf8))
    image.pad(to: 0x3c)
    image.writeLE(UInt32(0x40))  // e_lfanew
    Self.writeHeaders(into: &image, codeLength: UInt32(code.count))
    image.pad(to: 0x200)
    image.write(code.bytes)
    image.pad(to: 0x400)
    return image.bytes
  }

  /// Microsoft PE format, "COFF File Header" and "Optional Header"; headers are one file block
  /// (200h), code is loaded 1000h behind the image's base.
  private static func writeHeaders(into image: inout ByteWriter, codeLength: UInt32) {
    image.write(Array("PE".utf8) + [0, 0])
    for field: UInt16 in [0x8664, 1] { image.writeLE(field) }  // Machine, NumberOfSections
    for _ in 0..<3 { image.writeLE(UInt32(0)) }  // TimeDateStamp, no symbols
    image.writeLE(UInt16(240))  // SizeOfOptionalHeader
    image.writeLE(UInt16(0x22))  // executable, large addresses; relocatable, as it needs no fixes
    image.writeLE(UInt16(0x20b))  // PE32+
    image.writeLE(UInt16(0))  // linker version
    for field: UInt32 in [
      0x200, 0, 0,  // SizeOfCode, SizeOfInitializedData, SizeOfUninitializedData
      0x1000, 0x1000,  // AddressOfEntryPoint, BaseOfCode
      0, 0,  // ImageBase
      0x1000, 0x200,  // SectionAlignment, FileAlignment
      0, 0, 0, 0,  // versions: operating system, image, subsystem, Win32
      0x2000, 0x200, 0,  // SizeOfImage, SizeOfHeaders, CheckSum
    ] { image.writeLE(field) }
    for field: UInt16 in [10, 0] { image.writeLE(field) }  // Subsystem: EFI application
    for _ in 0..<8 { image.writeLE(UInt32(0)) }  // stack and heap sizes
    for field: UInt32 in [0, 16] { image.writeLE(field) }  // LoaderFlags, NumberOfRvaAndSizes
    for _ in 0..<32 { image.writeLE(UInt32(0)) }  // no data directories
    image.write(Array(".text".utf8) + [0, 0, 0])
    for field: UInt32 in [codeLength, 0x1000, 0x200, 0x200, 0, 0, 0] { image.writeLE(field) }
    image.writeLE(UInt32(0x6000_0020))  // code, executable, readable
  }
}
