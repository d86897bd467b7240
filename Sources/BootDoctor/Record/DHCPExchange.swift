/// BootDoctor: one conversation by DHCP, from DISCOVER to ACK, with everybody who answered.

package import DHCPProxy
package import Wire

/// DHCPv6's SOLICIT, ADVERTISE, REQUEST and REPLY are told in the same places.
package struct DHCPExchange: Equatable, Sendable {
  /// Which program asks.
  package enum Asker: Equatable, Sendable {
    /// The firmware's PXE client.
    case pxe
    /// UEFI HTTP Boot.
    case httpBoot
    case ipxe
    /// An operating system, or a program that doesn't want to boot; its vendor class.
    case system(String?)
  }

  package enum Version: Int, Sendable {
    case v4 = 4
    case v6 = 6
  }

  package var version: Version
  package var asker: Asker
  package var family: FirmwareFamily?
  package var transaction: UInt32
  /// IANA's processor architecture type.
  package var architecture: UInt16?
  /// What the machine said of itself in this conversation (option 97).
  package var uuid: SystemUUID?
  package var relay: IPAddress?
  /// The VLAN tag of the questions.
  package var vlan: UInt16?
  /// DISCOVERs as the machine sent them; nil where only a relay's were seen.
  package var questions: Sightings?
  /// The same as a relay passed them on.
  package var relayed: Sightings?
  package var offers: [BootOffer] = []
  package var requests: Sightings?
  /// The server that the machine chose.
  package var chosen: IPAddress?
  /// The `secs` field of the last REQUEST: iPXE tells there what it has heard.
  package var seconds: UInt16?
  package var acknowledgments: [BootOffer] = []
  package var refusals: Sightings?
  /// DHCPv6's status code of an answer that gives no address (RFC 8415 §21.13).
  package var statusCode: UInt16?
  package var omittedAnswers = 0

  package init(
    version: Version = .v4, asker: Asker, family: FirmwareFamily? = nil, transaction: UInt32,
    architecture: UInt16? = nil
  ) {
    self.version = version
    self.asker = asker
    self.family = family
    self.transaction = transaction
    self.architecture = architecture
  }
}

extension DHCPExchange {
  private static let mostAnswers = 16

  package var isForBoot: Bool {
    if case .system = asker { false } else { true }
  }

  package var allQuestions: Sightings? { questions ?? relayed }

  package var begin: Moment {
    [
      questions?.first, relayed?.first, requests?.first, offers.first?.sightings.first,
      acknowledgments.first?.sightings.first,
    ].compactMap { $0 }.min { $0.time < $1.time } ?? Moment(0)
  }

  package var end: Moment {
    ([questions?.last, relayed?.last, requests?.last, refusals?.last]
      + (offers + acknowledgments).map { Optional($0.sightings.last) })
      .compactMap { $0 }.max { $0.time < $1.time } ?? begin
  }

  /// Offers of an address.
  package var leases: [BootOffer] { offers.filter { $0.address != nil } }

  /// Answers without an address that speak of a boot.
  package var proxyOffers: [BootOffer] { offers.filter { $0.address == nil } }

  /// What the machine has of its own address: a REQUEST shows that somebody offered one, also where
  /// the capture has no offer.
  package var wasOffered: Bool { !leases.isEmpty || requests != nil || !acknowledgments.isEmpty }

  package var leased: IPAddress? {
    acknowledgments.last { $0.address != nil }?.address
  }

  /// All answers, of which a machine takes what it needs.
  package var answers: [BootOffer] { offers + acknowledgments }

  /// The boot files that were named, each once.
  package var fileNames: [String] {
    answers.compactMap(\.fileName).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  package mutating func add(offer: BootOffer) { Self.add(offer, to: &offers, &omittedAnswers) }

  package mutating func add(acknowledgment: BootOffer) {
    Self.add(acknowledgment, to: &acknowledgments, &omittedAnswers)
  }

  /// The same answer of the same server is one answer seen again.
  static func add(_ offer: BootOffer, to offers: inout [BootOffer], _ omitted: inout Int) {
    if let index = offers.firstIndex(where: { $0.isSame(as: offer) }) {
      offers[index].sightings.add(offer.sightings.first)
      if !offer.onlyToRelay { offers[index].onlyToRelay = false }
    } else if offers.count < mostAnswers {
      offers.append(offer)
    } else {
      omitted += 1
    }
  }
}

extension BootOffer {
  fileprivate func isSame(as other: BootOffer) -> Bool {
    server == other.server && address == other.address && sourcePort == other.sourcePort
      && destinationPort == other.destinationPort && fileName == other.fileName
      && vendorOptions == other.vendorOptions && defects == other.defects
  }
}
