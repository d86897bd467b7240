/// DHCPProxy: firmware that wants its answers in one form.

/// Finer than the program, coarser than the architecture: what is answered alike is one family.
package enum FirmwareFamily: String, CaseIterable, Sendable {
  /// A PXE ROM of a BIOS machine (PXE 2.1).
  case bios
  /// UEFI's PXE client, EDK2 and its descendants, on any processor.
  case uefi
  /// UEFI HTTP Boot.
  case httpBoot
  /// iPXE and gPXE, in a ROM or chained.
  case ipxe
  /// U-Boot's own `dhcp` and `pxe` commands.
  case uBoot
  /// Raspberry Pi's ROM or EEPROM, which says that it is a BIOS.
  case raspberryPi
  /// A PXE client of another kind: PowerPC, s390, or a number that nobody knows.
  case other

  /// What option 60, 77, 93 and 175 say, without the marks of a Raspberry Pi.
  init(_ program: BootClient.Program, _ architecture: Architecture) {
    switch program {
    case .ipxe: self = .ipxe
    case .http: self = .httpBoot
    case .pxe:
      switch architecture.bootMethod {
      case .bios, .biosHTTP: self = .bios
      case .uefiPXE, .uefiHTTP: self = .uefi
      case .uBoot, .uBootHTTP: self = .uBoot
      case .rpiboot: self = .raspberryPi
      case .powerFirmware, .s390, .historic, nil: self = .other
      }
    }
  }
}
