/// Wire: the hardware address inside of an IPv6 address.

extension IPv6Address {
  /// The Ethernet address from which the interface identifier was made (modified EUI-64, RFC 4291
  /// appendix A); nil where it was not.
  package var hardware: MACAddress? {
    guard low >> 24 & 0xffff == 0xfffe else { return nil }
    let mac = MACAddress(value: (low >> 16 & 0xffff_ff00_0000 | low & 0xff_ffff) ^ 0x0200_0000_0000)
    return mac.isUnicast ? mac : nil
  }
}
