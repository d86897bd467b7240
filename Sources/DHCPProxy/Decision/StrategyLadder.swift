/// DHCPProxy: which firmware is answered in which way, and what is tried when that does not work.

/// One way in the order of trying.
struct StrategyRung: Sendable {
  var strategy: Strategy
  /// How many offers of this kind may stay without effect before the next way is tried.
  var patience: UInt8
  var reason: String

  init(_ strategy: Strategy, patience: UInt8 = 3, _ reason: String) {
    self.strategy = strategy
    self.patience = patience
    self.reason = reason
  }
}

extension FirmwareFamily {
  /// The ways for this firmware, first choice first; after the last comes the first again. No way does
  /// harm to firmware that works with another: EDK2 keeps the offers of all its DISCOVERs and takes the
  /// one it likes best, and port 4011 is answered in any case.
  var ladder: [StrategyRung] {
    switch self {
    case .bios: Self.biosLadder
    case .uefi: Self.uefiLadder
    case .other: Self.otherLadder
    case .ipxe: Self.ipxeLadder
    case .httpBoot: Self.httpBootLadder
    case .raspberryPi: Self.raspberryPiLadder
    case .uBoot: Self.uBootLadder
    }
  }

  private static let biosLadder = [
    StrategyRung(.everything, "a BIOS ROM takes the file out of the offer (PXE 2.1)"),
    StrategyRung(.bootServer, "a ROM that ignores option 43 asks port 4011 instead"),
    StrategyRung(.everythingWithPrompt, "some ROMs want a prompt beside the file"),
    StrategyRung(.bootServerOnly, "some ROMs take an offer with a file for a DHCP server's"),
    StrategyRung(.menu, "some ROMs know boot server discovery alone"),
  ]

  private static let uefiLadder = [
    // Patience 1: EDK2 asks again after 4, 8 and 16 s and keeps what was offered before, so the next
    // offer in the other form costs nothing and may save the boot (Fixtures/captures/e15.pcap).
    StrategyRung(
      .bootServer, patience: 1, "most UEFI firmware wants to ask port 4011 for the file"),
    StrategyRung(
      .everythingWithPrompt, "some UEFI firmware must be told to use the file, with a prompt"),
    StrategyRung(.everything, "without a prompt and without port 4011, which may be filtered"),
    StrategyRung(.bootServerOnly, "some firmware takes an offer with a file for a DHCP server's"),
  ]

  private static let otherLadder = [
    StrategyRung(.everything, "nothing is known of this firmware, and this asks least of it"),
    StrategyRung(.bootServer, "it may want to ask port 4011 for the file"),
  ]

  private static let ipxeLadder = [
    StrategyRung(.script, "iPXE takes a URL out of the offer")
  ]
  private static let httpBootLadder = [
    StrategyRung(.httpClient, "UEFI HTTP Boot takes a URL out of the offer")
  ]
  private static let raspberryPiLadder = [
    StrategyRung(.raspberryPi, "a Raspberry Pi's ROM looks for these words")
  ]
  /// Its ProxyDHCP code reads siaddr and `file`, nothing else.
  private static let uBootLadder = [
    StrategyRung(.everything, "U-Boot reads the file's name in the header")
  ]
}
