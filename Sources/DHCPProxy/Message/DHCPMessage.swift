/// DHCPProxy: a DHCP message as it stands on the wire.

package import Wire

/// RFC 2131 §2, figure 1:
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |     op (1)    |   htype (1)   |   hlen (1)    |   hops (1)    |
///     +---------------+---------------+---------------+---------------+
///     |                            xid (4)                            |
///     +-------------------------------+-------------------------------+
///     |           secs (2)            |           flags (2)           |
///     +-------------------------------+-------------------------------+
///     |  ciaddr (4)  ·  yiaddr (4)  ·  siaddr (4)  ·  giaddr (4)      |
///     +---------------------------------------------------------------+
///     |  chaddr (16)  ·  sname (64)  ·  file (128)                    |
///     +---------------------------------------------------------------+
///     |  magic 63 82 53 63  ·  options (variable)                     |
///     +---------------------------------------------------------------+
package struct DHCPMessage: Equatable, Sendable {
  package var op: Operation
  package var htype: UInt8
  package var hlen: UInt8
  package var hops: UInt8
  package var xid: UInt32
  package var secs: UInt16
  package var flags: UInt16
  package var ciaddr: IPv4Address
  package var yiaddr: IPv4Address
  package var siaddr: IPv4Address
  package var giaddr: IPv4Address
  /// `chaddr`, `sname` and `file`, always 208 bytes; of a received message a part of its bytes.
  private var fields: ArraySlice<UInt8>
  /// In wire order, without PAD and END. What option 52 moved into `file` and `sname` comes last, and
  /// 52 itself is left out: overload is a way of transport, and nothing is sent that way again (iPXE
  /// would read such a `file` as a name).
  package var options: DHCPOptions

  package enum Operation: UInt8, Sendable {
    case request = 1
    case reply = 2
  }

  static let magic: UInt32 = 0x6382_5363
  static let broadcastFlag: UInt16 = 0x8000

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    guard let op = Operation(rawValue: try reader.readUInt8("op")) else {
      throw reader.invalid("op", "is neither 1 nor 2", back: 1)
    }
    self.op = op
    htype = try reader.readUInt8("htype")
    hlen = try reader.readUInt8("hlen")
    hops = try reader.readUInt8("hops")
    xid = try reader.readUInt32("xid")
    secs = try reader.readUInt16("secs")
    flags = try reader.readUInt16("flags")
    ciaddr = IPv4Address(value: try reader.readUInt32("ciaddr"))
    yiaddr = IPv4Address(value: try reader.readUInt32("yiaddr"))
    siaddr = IPv4Address(value: try reader.readUInt32("siaddr"))
    giaddr = IPv4Address(value: try reader.readUInt32("giaddr"))
    try reader.skip(16, "chaddr")
    // Readers of their own, so that an error in an overloaded field has its offset in the message.
    var snameReader = try reader.readReader(64, "sname")
    var fileReader = try reader.readReader(128, "file")
    fields = bytes[28..<236]
    guard try reader.readUInt32("magic") == Self.magic else {
      throw reader.invalid("magic", "is not 63 82 53 63", back: 4)
    }
    options = try DHCPOptions(parsing: &reader)
    // RFC 2131 §4.1, RFC 3396 §5: options first, then `file`, then `sname`. A 52 found in those two
    // means nothing, and neither does a value other than 1, 2 and 3 (RFC 2132 §9.3).
    guard let overload = options.value(.overload) else { return }
    let places = overload.count == 1 ? overload.first ?? 0 : 0
    if places == 1 || places == 3 {
      options.append(try DHCPOptions(parsing: &fileReader))
      clear(Self.filePlace)
    }
    if places == 2 || places == 3 {
      options.append(try DHCPOptions(parsing: &snameReader))
      clear(Self.snamePlace)
    }
    options.remove(.overload)
  }

  /// Writes the message with END, padded to at least 300 bytes: old ROMs and relays drop less.
  package func encode(into writer: inout ByteWriter) {
    writer.write(UInt32(op.rawValue) << 24 | UInt32(htype) << 16 | UInt32(hlen) << 8 | UInt32(hops))
    writer.write(xid)
    writer.write(UInt32(secs) << 16 | UInt32(flags))
    writer.write(ciaddr.value)
    writer.write(yiaddr.value)
    writer.write(siaddr.value)
    writer.write(giaddr.value)
    writer.write(fields)
    writer.write(Self.magic)
    writer.write(options.encoded)
    writer.write(OptionCode.end.rawValue)
    writer.pad(to: 300)
  }
}

extension DHCPMessage {
  private static let chaddrPlace = 0..<16
  private static let snamePlace = 16..<80
  private static let filePlace = 80..<208

  /// Always 16 bytes.
  package var chaddr: ArraySlice<UInt8> { field(Self.chaddrPlace) }
  /// Always 64 bytes; all zero where option 52 made it a place for options.
  package var sname: ArraySlice<UInt8> { field(Self.snamePlace) }
  /// Always 128 bytes; all zero where option 52 made it a place for options.
  package var file: ArraySlice<UInt8> { field(Self.filePlace) }

  private func field(_ place: Range<Int>) -> ArraySlice<UInt8> {
    let start = fields.startIndex
    return fields[(start + place.lowerBound)..<(start + place.upperBound)]
  }

  private mutating func clear(_ place: Range<Int>) {
    let start = fields.startIndex
    fields.replaceSubrange(
      (start + place.lowerBound)..<(start + place.upperBound),
      with: repeatElement(0, count: place.count))
  }
}

extension DHCPMessage {
  package var type: MessageType? {
    options.value(.messageType)?.first.map(MessageType.init(rawValue:))
  }

  /// nil for a hardware address that is not six bytes long, and for a group address.
  package var mac: MACAddress? {
    guard hlen == 6 else { return nil }
    var value: UInt64 = 0
    for byte in chaddr.prefix(6) { value = value << 8 | UInt64(byte) }
    let mac = MACAddress(value: value)
    return mac.isUnicast ? mac : nil
  }

  package var wantsBroadcast: Bool { flags & Self.broadcastFlag != 0 }
}

extension DHCPMessage {
  /// What is too short for its field is filled up with zeros, and what is too long is cut.
  package init(
    op: Operation, htype: UInt8, hlen: UInt8, hops: UInt8, xid: UInt32, secs: UInt16,
    flags: UInt16, ciaddr: IPv4Address, yiaddr: IPv4Address, siaddr: IPv4Address,
    giaddr: IPv4Address, chaddr: [UInt8], sname: [UInt8], file: [UInt8], options: [DHCPOption]
  ) {
    self.op = op
    self.htype = htype
    self.hlen = hlen
    self.hops = hops
    self.xid = xid
    self.secs = secs
    self.flags = flags
    self.ciaddr = ciaddr
    self.yiaddr = yiaddr
    self.siaddr = siaddr
    self.giaddr = giaddr
    fields = []
    for (bytes, place) in [
      (chaddr, Self.chaddrPlace), (sname, Self.snamePlace), (file, Self.filePlace),
    ] {
      let kept = bytes.prefix(place.count)
      fields += kept
      fields += repeatElement(0, count: place.count - kept.count)
    }
    self.options = DHCPOptions(options)
  }
}
