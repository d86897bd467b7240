/// DHCPProxy: the ways to tell a machine what to fetch.

/// One way of answering; `AnswerTable.swift` has what each puts into its packets, `StrategyLadder.swift`
/// which firmware gets which, in which order.
package enum Strategy: UInt8, CaseIterable, Sendable {
  /// The offer says all: server, file, and «use this file» (43.6 = 8). No second exchange, so nothing
  /// but port 67 and TFTP has to get through. dnsmasq's and Pixiecore's way for BIOS ROMs.
  case everything
  /// The same with a menu prompt that times out at once: some UEFI firmware takes `everything` only
  /// with a prompt in it (edk2 issue 8149).
  case everythingWithPrompt
  /// The offer has server and file, but no option 43: firmware asks port 4011, and hears the same file
  /// there. dnsmasq's and Pixiecore's way for UEFI, some of which ignores offers that leave discovery out.
  case bootServer
  /// The offer names the server alone, and port 4011 the file: for ROMs that take an offer with a file
  /// for a DHCP server's.
  case bootServerOnly
  /// PXE's whole ceremony: a menu of one entry, the server that has it, then boot server discovery
  /// (43.71) on port 4011. For ROMs that know no shorter way. UEFI's menus are broken more often than
  /// not, so there it is a rule's to choose.
  case menu
  /// UEFI HTTP Boot: 60 is `HTTPClient`, the URL in `file` and in option 67.
  case httpClient
  /// iPXE: a URL and «use this file», raised above a boot file of the DHCP server by 175.1 (b15.pcap).
  case script
  /// A Raspberry Pi's ROM: the words `Raspberry Pi Boot` in a menu, and our address as TFTP server.
  case raspberryPi

  /// The word for it in rules and stories.
  package var name: String {
    switch self {
    case .everything: "everything"
    case .everythingWithPrompt: "everything-with-prompt"
    case .bootServer: "boot-server"
    case .bootServerOnly: "boot-server-only"
    case .menu: "menu"
    case .httpClient: "http-client"
    case .script: "script"
    case .raspberryPi: "raspberry-pi"
    }
  }

  /// In a sentence: «answered with …».
  package var title: String {
    switch self {
    case .everything: "everything in the offer"
    case .everythingWithPrompt: "everything in the offer and a prompt"
    case .bootServer: "the file in the offer and on port 4011"
    case .bootServerOnly: "the file on port 4011 alone"
    case .menu: "a boot menu of one entry"
    case .httpClient: "a URL for HTTP Boot"
    case .script: "a URL for iPXE"
    case .raspberryPi: "a Raspberry Pi's boot menu"
    }
  }

  /// Those that a rule may prescribe; iPXE and HTTP Boot have one way only.
  static let pinnable: [Strategy] = [
    .everything, .everythingWithPrompt, .bootServer, .bootServerOnly, .menu, .raspberryPi,
  ]

  /// Whether firmware of this family can be answered so.
  func fits(_ family: FirmwareFamily) -> Bool {
    switch self {
    // U-Boot never asks port 4011, so the file must stand in the offer.
    case .everything, .everythingWithPrompt, .bootServer:
      family == .bios || family == .uefi || family == .uBoot || family == .other
    case .bootServerOnly, .menu:
      family == .bios || family == .uefi || family == .other
    case .httpClient: family == .httpBoot
    case .script: family == .ipxe
    // Also for a Pi that can't be told from a BIOS.
    case .raspberryPi: family == .raspberryPi || family == .bios
    }
  }
}

/// A strategy and the reason for it.
package struct StrategyChoice: Equatable, Sendable {
  package var strategy: Strategy
  var cause: Cause

  enum Cause: Equatable, Sendable {
    /// The first of its firmware's ladder, or a later one: way `number` of `count`, after `inVain`
    /// offers without effect.
    case rung(String, number: Int, count: Int, inVain: UInt16)
    case worked
    case rule(ClientPattern)
  }

  init(_ strategy: Strategy, _ cause: Cause) {
    self.strategy = strategy
    self.cause = cause
  }

  /// A clause for the boot's story: «…, because most UEFI firmware …». Made when it is told.
  package var reason: String {
    switch cause {
    case .rung(let reason, _, _, inVain: 0): reason
    case .rung(let reason, let number, let count, let inVain):
      "\(reason); way \(number) of \(count), after \(inVain) "
        + (inVain == 1 ? "offer" : "offers") + " without effect"
    case .worked: "it worked the last time"
    case .rule(let pattern): "the rule «\(pattern) = \(strategy.name)» says so"
    }
  }
}
