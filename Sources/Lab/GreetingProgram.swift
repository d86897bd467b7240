/// Lab: the program on a machine's disk: it says one line on the serial console and stops there.

internal import Wire

/// Machine code that writes `greeting` to the serial port and halts, packed for each firmware. It
/// halts instead of waiting in a loop, so that a machine that has arrived costs the host nothing.
package struct GreetingProgram: Equatable, Sendable {
  package var greeting: String

  package init(_ greeting: String) {
    self.greeting = greeting
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

  /// An application for UEFI. Nil when the text is too long.
  package func application(for firmware: OpenFirmware) -> [UInt8]? {
    switch firmware {
    case .x64, .secureBoot:
      // lea rsi, [rip + body.count]
      EFIApplication(machine: .x64, code: Self.load([0x48, 0x8d, 0x35]) + text).encoded
    case .ia32:
      // call next; next: add dword [esp], 5 + body.count; pop esi
      EFIApplication(
        machine: .ia32,
        code: [0xe8, 0, 0, 0, 0, 0x83, 0x04, 0x24, UInt8(5 + Self.body(wide: true).count), 0x5e]
          + Self.body(wide: true) + text
      ).encoded
    case .aarch64:
      EFIApplication(machine: .aarch64, code: Self.arm + text).encoded
    }
  }

  private static func load(_ instruction: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(instruction)
    writer.writeLE(UInt32(body(wide: true).count))
    return writer.bytes + body(wide: true)
  }

  /// What follows the load of the text's address into SI, for COM1; the same bytes in 16-bit and,
  /// with the operand size prefix before the immediate loads of DX, in 32-bit and 64-bit mode.
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

  /// For the PL011 of QEMU's "virt" at 0900_0000; the text is behind it.
  private static let arm: [UInt8] = {
    var writer = ByteWriter()
    for instruction: UInt32 in [
      0xd2a1_2001,  // movz x1, #0x900, lsl #16
      0x1000_0140,  // adr x0, text
      0x3840_1402,  // next: ldrb w2, [x0], #1
      0x3400_00a2,  // cbz w2, done
      0xb940_1823,  // wait: ldr w3, [x1, #0x18]: flags
      0x372f_ffe3,  // tbnz w3, #5, wait: the FIFO is full
      0x3900_0022,  // strb w2, [x1]: data
      0x17ff_fffb,  // b next
      0xd503_4fdf,  // done: msr daifset, #15
      0xd503_207f,  // stop: wfi
      0x17ff_ffff,  // b stop
    ] { writer.writeLE(instruction) }
    return writer.bytes
  }()
}
