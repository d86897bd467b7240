/// TFTPTests: packets that firmware has really sent.

/// From captures of OVMF 2022.11 and of the iPXE ROM 1.0.0+git-20190125 in QEMU 7.2 as they fetch
/// Debian's loaders. `|` stands for NUL, `\u{N}` for a byte below 0x20.
enum Recorded {
  static let ipxeRequest = bytes("\0\u{1}undionly.kpxe|octet|blksize|1432|tsize|0|")
  static let ipxeOffer = bytes("\0\u{6}blksize|1432|tsize|74213|")
  static let edk2Probe = bytes(
    "\0\u{1}snponly.efi|octet|tsize|0|blksize|1468|windowsize|4|")
  static let edk2ProbeEnd = bytes("\0\u{5}\0\u{8}User aborted the transfer|")
  static let edk2Download = bytes("\0\u{1}snponly.efi|octet|blksize|1468|windowsize|4|")
  static let edk2Offer = bytes("\0\u{6}blksize|1468|windowsize|4|")
  static let notFound = bytes("\0\u{5}\0\u{1}File not found|")
  static let acknowledgment: [UInt8] = [0, 4, 0, 0x38]

  static let all = [
    ipxeRequest, ipxeOffer, edk2Probe, edk2ProbeEnd, edk2Download, edk2Offer, notFound,
    acknowledgment,
  ]

  private static func bytes(_ text: String) -> [UInt8] {
    text.utf8.map { $0 == UInt8(ascii: "|") ? 0 : $0 }
  }
}
