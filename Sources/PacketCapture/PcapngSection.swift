/// PacketCapture: what a section of a pcapng file has said so far.

/// draft-ietf-opsawg-pcapng §4. All blocks have one frame:
///
///     type (4) · total length (4) · body, padded to four bytes · total length (4)
struct PcapngSection {
  /// The type of a section header; the same in both byte orders.
  static let magic: UInt32 = 0x0a0d_0d0a
  static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

  enum BlockType {
    static let interface: UInt32 = 1
    /// Of old files: as an enhanced packet, with the interface and drops in the first four bytes.
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let statistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
  }

  enum OptionCode {
    static let end: UInt16 = 0
    static let comment: UInt16 = 1
    static let interfaceName: UInt16 = 2
    /// In interface blocks.
    static let timeResolution: UInt16 = 9
    static let timeOffset: UInt16 = 14
    /// In statistics blocks.
    static let received: UInt16 = 4
    static let dropped: UInt16 = 5
    /// The last of enhanced packets that says what the hardware knew; also in statistics.
    static let systemDropped: UInt16 = 7
  }

  var isSwapped = false
  /// Where the section's interfaces begin among those of the file.
  var firstInterface = 0
  /// One for each interface of the section.
  var clocks: [PcapngClock] = []
  /// Simple packets have no time: they get that of the one before.
  var lastTime: UInt64 = 0
}

/// The unit and the origin of an interface's times.
struct PcapngClock {
  /// How many units make a second.
  private var perSecond: UInt64 = 1_000_000
  /// Nanoseconds of one unit, when it is a whole number of them.
  private var factor: UInt64 = 1000
  /// Seconds.
  private var offset: Int64 = 0

  init() {}

  /// if_tsresol: a power of ten, or of two with the upper bit; nil when 64 bits can't count it.
  init?(resolution: UInt8, offset: Int64) {
    self.offset = offset
    let power = resolution & 0x7f
    guard power <= (resolution & 0x80 == 0 ? 19 : 63) else { return nil }
    perSecond =
      resolution & 0x80 == 0
      ? (0..<power).reduce(1) { value, _ in value &* 10 } : UInt64(1) << UInt64(power)
    let whole = UInt64(1_000_000_000).quotientAndRemainder(dividingBy: perSecond)
    factor = whole.remainder == 0 ? whole.quotient : 0
  }

  /// In nanoseconds since 1970. Times that are beyond their range come out wrong, and no worse.
  func nanoseconds(_ ticks: UInt64) -> UInt64 {
    let shift = UInt64(bitPattern: offset) &* 1_000_000_000
    if factor > 0 { return ticks &* factor &+ shift }
    let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: perSecond)
    // rest < perSecond, so the quotient is below 10^9.
    let fraction = perSecond.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000)).quotient
    return seconds &* 1_000_000_000 &+ fraction &+ shift
  }
}
