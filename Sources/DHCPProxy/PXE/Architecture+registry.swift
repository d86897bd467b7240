/// DHCPProxy: IANA's table of processor architecture types.

extension Architecture {
  /// One line of the registry.
  struct Entry: Sendable {
    var code: UInt16
    var name: String
    var instructionSet: InstructionSet
    var method: BootMethod
    /// The code of the machine's boot programs.
    var platform: UInt16
  }

  var entry: Entry? {
    Int(rawValue) < Self.registry.count ? Self.registry[Int(rawValue)] : nil
  }

  /// Codes 0 to 41, each at its own index; all that were assigned by 2025. The last column is the
  /// platform.
  static let registry: [Entry] = [
    Entry(0, "x86 BIOS", .bios, .bios, 0),
    Entry(1, "NEC PC98", .pc98, .historic, 1),
    Entry(2, "Itanium", .itanium, .uefiPXE, 2),
    Entry(3, "DEC Alpha", .alpha, .historic, 3),
    Entry(4, "Arc x86", .arc, .historic, 4),
    Entry(5, "Intel Lean Client", .lean, .historic, 5),
    Entry(6, "UEFI ia32", .ia32, .uefiPXE, 6),
    Entry(7, "UEFI x64", .x64, .uefiPXE, 7),
    Entry(8, "EFI XScale", .xscale, .historic, 8),
    Entry(9, "UEFI x64 (9)", .x64, .uefiPXE, 7),
    Entry(10, "UEFI ARM", .arm32, .uefiPXE, 10),
    Entry(11, "UEFI ARM64", .arm64, .uefiPXE, 11),
    Entry(12, "PowerPC Open Firmware", .powerpc, .powerFirmware, 12),
    Entry(13, "PowerPC ePAPR", .powerpc, .powerFirmware, 13),
    Entry(14, "POWER OPAL", .powerpc, .powerFirmware, 14),
    Entry(15, "UEFI ia32 HTTP", .ia32, .uefiHTTP, 6),
    Entry(16, "UEFI x64 HTTP", .x64, .uefiHTTP, 7),
    Entry(17, "UEFI x64 HTTP (17)", .x64, .uefiHTTP, 7),
    Entry(18, "UEFI ARM HTTP", .arm32, .uefiHTTP, 10),
    Entry(19, "UEFI ARM64 HTTP", .arm64, .uefiHTTP, 11),
    Entry(20, "x86 BIOS HTTP", .bios, .biosHTTP, 0),
    Entry(21, "U-Boot ARM", .arm32, .uBoot, 21),
    Entry(22, "U-Boot ARM64", .arm64, .uBoot, 22),
    Entry(23, "U-Boot ARM HTTP", .arm32, .uBootHTTP, 21),
    Entry(24, "U-Boot ARM64 HTTP", .arm64, .uBootHTTP, 22),
    Entry(25, "UEFI RISC-V 32", .riscv32, .uefiPXE, 25),
    Entry(26, "UEFI RISC-V 32 HTTP", .riscv32, .uefiHTTP, 25),
    Entry(27, "UEFI RISC-V 64", .riscv64, .uefiPXE, 27),
    Entry(28, "UEFI RISC-V 64 HTTP", .riscv64, .uefiHTTP, 27),
    Entry(29, "UEFI RISC-V 128", .riscv128, .uefiPXE, 29),
    Entry(30, "UEFI RISC-V 128 HTTP", .riscv128, .uefiHTTP, 29),
    Entry(31, "s390 Basic", .s390, .s390, 31),
    Entry(32, "s390 Extended", .s390, .s390, 32),
    Entry(33, "UEFI MIPS 32", .mips32, .uefiPXE, 33),
    Entry(34, "UEFI MIPS 64", .mips64, .uefiPXE, 34),
    Entry(35, "UEFI Sunway 32", .sunway32, .uefiPXE, 35),
    Entry(36, "UEFI Sunway 64", .sunway64, .uefiPXE, 36),
    Entry(37, "UEFI LoongArch 32", .loong32, .uefiPXE, 37),
    Entry(38, "UEFI LoongArch 32 HTTP", .loong32, .uefiHTTP, 37),
    Entry(39, "UEFI LoongArch 64", .loong64, .uefiPXE, 39),
    Entry(40, "UEFI LoongArch 64 HTTP", .loong64, .uefiHTTP, 39),
    Entry(41, "Raspberry Pi", .arm64, .rpiboot, 41),
  ]
}

extension Architecture.Entry {
  fileprivate init(
    _ code: UInt16, _ name: String, _ instructionSet: Architecture.InstructionSet,
    _ method: Architecture.BootMethod, _ platform: UInt16
  ) {
    self.init(
      code: code, name: name, instructionSet: instructionSet, method: method, platform: platform)
  }
}
