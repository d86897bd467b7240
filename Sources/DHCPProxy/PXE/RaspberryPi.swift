/// DHCPProxy: how a Raspberry Pi's ROM is told from a BIOS, which it says it is.

import Wire

/// The ROMs of the Pi 3, 4 and 5 send `PXEClient:Arch:00000:UNDI:002001`, as an x86 BIOS does. They
/// fetch files with fixed names and can't run a boot program for x86.
enum RaspberryPi {
  /// Blocks that IEEE assigned to the Raspberry Pi Foundation and Raspberry Pi (Trading) Ltd.
  private static let vendors: Set<UInt32> = [
    0xb8_27eb, 0xdc_a632, 0xe4_5f01, 0x28_cdc1, 0xd8_3add, 0x2c_cf67, 0x88_a29e,
  ]

  static func made(_ mac: MACAddress) -> Bool { vendors.contains(mac.vendor) }

  /// Option 97 of a Pi (Raspberry Pi's documentation of DHCP_OPTION97): `RPi4`, `RPi5` and so on, or
  /// the number 0x80017590, then the board's revision; before that format, the serial number four
  /// times. Filler UUIDs (all zero, all ones, all spaces) are four equal words as well, but of one
  /// byte only.
  static func sent(uuidOption value: ArraySlice<UInt8>) -> Bool {
    guard value.count == 17 else { return false }
    let words = value.dropFirst()
    let first = words.prefix(4)
    if first.starts(with: "RPi".utf8) || first == [0x80, 0x01, 0x75, 0x90]
      || first == [0x90, 0x75, 0x01, 0x80]
    {
      return true
    }
    // Each byte is that of the word before.
    return words.dropLast(4).elementsEqual(words.dropFirst(4))
      && first.dropLast(1) != first.dropFirst(1)
  }
}

extension MACAddress {
  /// The first three bytes: who made the interface (an OUI).
  var vendor: UInt32 { UInt32(truncatingIfNeeded: value >> 24) }
}
