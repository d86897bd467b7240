/// IPMI: what a machine boots from next, and how.

package import Wire

/// Four bits of the boot flags (IPMI 2.0 table 28-14, parameter 5, data 2).
package struct BootDevice: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No override: the order of the firmware's own set-up.
  package static let none = BootDevice(rawValue: 0)
  package static let pxe = BootDevice(rawValue: 1)
  package static let disk = BootDevice(rawValue: 2)
  package static let cdrom = BootDevice(rawValue: 5)
  package static let setup = BootDevice(rawValue: 6)

  private static let names: [UInt8: String] = [
    0: "none", 1: "pxe", 2: "disk", 3: "safe disk", 4: "diagnostics", 5: "cdrom", 6: "setup",
    7: "remote floppy", 8: "remote cdrom", 9: "remote media", 11: "remote disk", 15: "floppy",
  ]

  /// `pxe`, `disk`, `none` and so on, as on the command line; anything else is nil.
  package init?(name: String) {
    guard let found = Self.names.first(where: { $0.value == name }) else { return nil }
    self.init(rawValue: found.key)
  }
}

extension BootDevice: CustomStringConvertible {
  package var description: String { Self.names[rawValue] ?? "device \(rawValue)" }
}

//   data 1                 data 2                    data 3    data 4   data 5
//  +----------------------+-------------------------+---------+--------+----------+
//  | valid persistent EFI | clear lock device blank | console | mux    | instance |
//  |   7       6       5  |   7    6   5…2     1…0  |         |        |          |
//  +----------------------+-------------------------+---------+--------+----------+

/// Parameter 5 of the boot options.
package struct BootFlags: CommandData {
  package var isValid: Bool
  /// Kept for all later boots, not only the next one.
  package var isPersistent: Bool
  /// The device is to be booted by UEFI; clear means legacy BIOS.
  package var isEFI: Bool
  package var device: BootDevice
  /// Screen, keyboard and console settings, which an override of ours leaves at 0.
  package var others: [UInt8]

  /// What is written to ask for `device`. For "none" all bits are 0: a valid flag with device 0
  /// is an override to nothing on some boards.
  package init(device: BootDevice, efi: Bool = false, persistent: Bool = false) {
    isValid = device != .none
    isPersistent = isValid && persistent
    isEFI = isValid && efi
    self.device = device
    others = [0, 0, 0]
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    let first = try reader.readUInt8("boot flags")
    isValid = first & 0x80 != 0
    isPersistent = first & 0x40 != 0
    isEFI = first & 0x20 != 0
    device = BootDevice(rawValue: try reader.readUInt8("boot device") >> 2 & 0x0f)
    others = Array(try reader.readBytes(3, "boot flags"))
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write((isValid ? 0x80 : 0) | (isPersistent ? 0x40 : 0) | (isEFI ? 0x20 : 0) as UInt8)
    writer.write((device.rawValue & 0x0f) << 2)
    writer.write(others)
  }
}
