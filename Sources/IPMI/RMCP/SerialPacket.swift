/// IPMI: the packet of the serial console (serial over LAN).

package import Wire

// IPMI 2.0 §15.9
//
//   0          1              2                3                4
//  +----------+--------------+----------------+----------------+------------+
//  | sequence | acknowledged | accepted bytes | status/control | characters |
//  +----------+--------------+----------------+----------------+------------+

package struct SerialPacket: Equatable, Sendable {
  /// The fourth byte. Bit 6 is the same in both directions, the others are not.
  package struct Flags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The characters were not (all) taken.
    package static let refused = Flags(rawValue: 0x40)

    // From the BMC.
    package static let unavailable = Flags(rawValue: 0x20)
    package static let deactivating = Flags(rawValue: 0x10)
    package static let overrun = Flags(rawValue: 0x08)
    package static let breakSeen = Flags(rawValue: 0x04)

    // To the BMC.
    package static let sendBreak = Flags(rawValue: 0x10)
  }

  /// 1 to 15; 0 is a packet that is not acknowledged: it only acknowledges.
  package var sequence: UInt8
  /// The packet that is acknowledged; 0 is none.
  package var acknowledged: UInt8
  /// How many of that packet's characters were taken.
  package var accepted: UInt8
  package var flags: Flags
  package var characters: [UInt8]

  package static let headerLength = 4

  package init(
    sequence: UInt8, acknowledged: UInt8 = 0, accepted: UInt8 = 0, flags: Flags = [],
    characters: [UInt8] = []
  ) {
    self.sequence = sequence
    self.acknowledged = acknowledged
    self.accepted = accepted
    self.flags = flags
    self.characters = characters
  }

  package init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    sequence = try reader.readUInt8("sequence") & 0x0f
    acknowledged = try reader.readUInt8("acknowledged sequence") & 0x0f
    accepted = try reader.readUInt8("accepted characters")
    flags = Flags(rawValue: try reader.readUInt8("status"))
    characters = Array(reader.readRest())
  }

  package var payload: [UInt8] {
    [sequence, acknowledged, accepted, flags.rawValue] + characters
  }
}
