/// DHCPProxy: option 93, the processor and firmware of the machine that asks.

/// Client system architecture (RFC 4578 §2.1; the numbers are IANA's «Processor Architecture Types»,
/// which DHCPv6 shares). The registry as a table is in `Architecture+registry.swift`.
///
/// RFC 4578 printed 7 as EFI byte code and 9 as x64; its erratum 4624 and the registry have it the
/// other way round. Shipping x64 firmware sends 7, some early machines 9, and nothing that boots is
/// byte code: both are x64 here, and so is 17 beside 16.
package struct Architecture: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let bios = Architecture(rawValue: 0)
  package static let uefiIA32 = Architecture(rawValue: 6)
  package static let uefiX64 = Architecture(rawValue: 7)
  package static let uefiEBC = Architecture(rawValue: 9)
  package static let uefiARM32 = Architecture(rawValue: 10)
  package static let uefiARM64 = Architecture(rawValue: 11)
  package static let httpIA32 = Architecture(rawValue: 15)
  package static let httpX64 = Architecture(rawValue: 16)
  package static let httpEBC = Architecture(rawValue: 17)
  package static let httpARM32 = Architecture(rawValue: 18)
  package static let httpARM64 = Architecture(rawValue: 19)
  package static let uBootARM32 = Architecture(rawValue: 21)
  package static let uBootARM64 = Architecture(rawValue: 22)
  package static let uefiRISCV64 = Architecture(rawValue: 27)
  package static let httpRISCV64 = Architecture(rawValue: 28)
  package static let uefiLoongArch64 = Architecture(rawValue: 39)
  package static let httpLoongArch64 = Architecture(rawValue: 40)
  package static let raspberryPi = Architecture(rawValue: 41)

  /// How a machine of this kind starts from the network.
  package enum BootMethod: Equatable, Sendable {
    case bios, biosHTTP
    case uefiPXE, uefiHTTP
    case uBoot, uBootHTTP
    /// Raspberry Pi's boot ROM.
    case rpiboot
    /// Open Firmware, ePAPR, OPAL.
    case powerFirmware
    /// s390's loader.
    case s390
    /// What IANA calls deprecated.
    case historic
  }

  /// What the machine's processor runs. The raw value is the word for it in rules.
  package enum InstructionSet: String, CaseIterable, Sendable {
    case bios
    case ia32, x64, itanium, alpha, xscale
    case arm32, arm64
    case riscv32, riscv64, riscv128
    case loong32 = "loongarch32"
    case loong64 = "loongarch64"
    case mips32, mips64, sunway32, sunway64
    case powerpc, s390
    case pc98, arc, lean
  }

  /// The code whose boot programs fit: what differs only by the way of fetching is one platform.
  package var platform: Architecture { entry.map { Architecture(rawValue: $0.platform) } ?? self }

  /// The platform as one word, for configuration and URLs: `bios`, `x64`; nil for what no program of
  /// ours or an operator's could start.
  package var platformName: String? {
    Self.platforms.contains(platform) ? instructionSet?.rawValue : nil
  }

  /// Those that boot programs are made for.
  package static let platforms: [Architecture] = [
    .bios, .uefiIA32, .uefiX64, .uefiARM32, .uefiARM64, .uefiRISCV64, .uefiLoongArch64,
  ]

  package var bootMethod: BootMethod? { entry?.method }

  /// BIOS machines are `.bios` here, not `.ia32`: no UEFI program fits them.
  package var instructionSet: InstructionSet? { entry?.instructionSet }

  /// One that is in the registry.
  package var isKnown: Bool { Int(rawValue) < Self.registry.count }

  /// The codes of option 93, first known one first in rank: firmware that could run several kinds of
  /// program lists them in its order of liking. nil for no code, and for a value of odd length.
  init?(option93 codes: ArraySlice<UInt8>) {
    guard !codes.isEmpty, codes.count.isMultiple(of: 2) else { return nil }
    var first: Architecture?
    for index in stride(from: codes.startIndex, to: codes.endIndex, by: 2) {
      let code = Architecture(rawValue: UInt16(codes[index]) << 8 | UInt16(codes[index + 1]))
      if code.isKnown {
        self = code
        return
      }
      first = first ?? code
    }
    guard let first else { return nil }
    self = first
  }

  /// Out of the text of option 60, `PXEClient:Arch:00007:UNDI:003000`.
  init?(vendorClass text: String) {
    let parts = text.split(separator: ":")
    guard let label = parts.firstIndex(of: "Arch"), label + 1 < parts.count,
      let code = UInt16(parts[label + 1])
    else { return nil }
    self.init(rawValue: code)
  }
}

extension Architecture: CustomStringConvertible {
  package var description: String { entry?.name ?? "architecture \(rawValue)" }
}
