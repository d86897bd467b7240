/// DHCPProxy: option 93, the processor and firmware of the machine that asks.

/// Client system architecture (RFC 4578 §2.1 and IANA's registry of processor architecture types).
///
/// RFC 4578 lists 7 as EFI byte code and 9 as x64; shipping firmware uses 7 for x64 and iPXE follows
/// it, so both are x64 here.
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

  /// The code whose boot programs fit: what differs only by the way of fetching is one platform.
  package var platform: Architecture {
    switch self {
    case .uefiEBC, .httpX64, .httpEBC: .uefiX64
    case .httpIA32: .uefiIA32
    default: self
    }
  }

  /// One that has a name here.
  package var isKnown: Bool { name != nil }
}

extension Architecture: CustomStringConvertible {
  package var description: String { name ?? "architecture \(rawValue)" }

  private var name: String? {
    switch self {
    case .bios: "x86 BIOS"
    case .uefiIA32: "UEFI ia32"
    case .uefiX64: "UEFI x64"
    case .uefiEBC: "UEFI x64 (9)"
    case .uefiARM32: "UEFI ARM"
    case .uefiARM64: "UEFI ARM64"
    case .httpIA32: "UEFI ia32 HTTP"
    case .httpX64: "UEFI x64 HTTP"
    case .httpEBC: "UEFI x64 HTTP (17)"
    default: nil
    }
  }
}
