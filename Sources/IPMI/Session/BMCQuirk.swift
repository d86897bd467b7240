/// IPMI: in what a BMC differs from the standard.

/// Most of a BMC's oddities are met without a name: tags that do not come back, short errors, stray
/// bytes, wrong checksums, a code one byte too long, session ids of 0. These have names because they
/// change what is sent. Those with `isFound` are tried when the BMC's answer calls for them and are
/// then remembered; the others are set for a BMC by name.
package struct BMCQuirk: RawRepresentable, Hashable, Sendable {
  package var rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  /// The user is looked up by name and privilege, not by name alone (bit 4 of RAKP 1's role is
  /// clear). Intel SE7520AF2.
  package static let nameAndPrivilege = BMCQuirk(rawValue: "name-and-privilege")
  /// Open Session takes only "the highest" (0) for the privilege. An early Tyan.
  package static let openHighest = BMCQuirk(rawValue: "open-highest")
  /// Names are padded to 16 bytes in RAKP 1 and its formulas, and the check value of RAKP 4 has the
  /// length of the packets' codes. Intel SE7520AF2; FreeIPMI's `intel20`.
  package static let paddedName = BMCQuirk(rawValue: "padded-name")
  /// RAKP 1 has room for all 16 bytes of a name, and the formulas leave out the look-up bit. Intel
  /// 82571 ("i82571spt" in ipmitool).
  package static let fullRAKP1 = BMCQuirk(rawValue: "full-rakp1")
  /// The padding before a packet's code is counted without the two bytes behind it ("icts").
  package static let shortPad = BMCQuirk(rawValue: "short-pad")
  /// IPMI 1.5: session sequence numbers are big endian. FreeIPMI's `endianseq`.
  package static let bigEndianSequence = BMCQuirk(rawValue: "big-endian-sequence")
  /// Does not answer the first question of every login; it is left out.
  package static let noProbe = BMCQuirk(rawValue: "no-probe")

  package static let all: [BMCQuirk] = [
    nameAndPrivilege, openHighest, paddedName, fullRAKP1, shortPad, bigEndianSequence, noProbe,
  ]

  /// The word of the configuration; one that is not known is nil.
  package init?(name: String) {
    guard let found = Self.all.first(where: { $0.rawValue == name }) else { return nil }
    self = found
  }

  /// A login finds it out by itself.
  package var isFound: Bool { self == .nameAndPrivilege || self == .openHighest }
}

extension BMCQuirk: CustomStringConvertible {
  package var description: String { rawValue }
}

/// What was learnt about a BMC, so that the next login goes straight to what worked.
package struct BMCTraits: Equatable, Sendable {
  package var suite: CipherSuite?
  package var quirks: Set<BMCQuirk> = []

  package init(suite: CipherSuite? = nil, quirks: Set<BMCQuirk> = []) {
    self.suite = suite
    self.quirks = quirks
  }
}
