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
  /// Always 16 bytes.
  package var chaddr: [UInt8]
  /// Always 64 bytes.
  package var sname: [UInt8]
  /// Always 128 bytes.
  package var file: [UInt8]
  /// In wire order, without PAD and END; what option 52 moved into `file` and `sname` comes last.
  package var options: [DHCPOption]

  package enum Operation: UInt8, Sendable {
    case request = 1
    case reply = 2
  }

  static let magic: [UInt8] = [0x63, 0x82, 0x53, 0x63]
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
    chaddr = Array(try reader.readBytes(16, "chaddr"))
    sname = Array(try reader.readBytes(64, "sname"))
    file = Array(try reader.readBytes(128, "file"))
    guard Array(try reader.readBytes(4, "magic")) == Self.magic else {
      throw reader.invalid("magic", "is not 63 82 53 63", back: 4)
    }
    options = try DHCPOption.list(parsing: &reader)
    // RFC 2131 §4.1: with option 52, `file` is read before `sname`.
    if let overload = options.first(.overload)?.first {
      if overload & 1 != 0 {
        var reader = ByteReader(file)
        options += try DHCPOption.list(parsing: &reader)
      }
      if overload & 2 != 0 {
        var reader = ByteReader(sname)
        options += try DHCPOption.list(parsing: &reader)
      }
    }
  }

  /// Writes the message with END, padded to at least 300 bytes: old ROMs and relays drop less.
  package func encode(into writer: inout ByteWriter) {
    writer.write([op.rawValue, htype, hlen, hops])
    writer.write(xid)
    writer.write(secs)
    writer.write(flags)
    for address in [ciaddr, yiaddr, siaddr, giaddr] { writer.write(address.value) }
    writer.write(chaddr)
    writer.write(sname)
    writer.write(file)
    writer.write(Self.magic)
    for option in options { option.encode(into: &writer) }
    writer.write(OptionCode.end.rawValue)
    writer.pad(to: 300)
  }
}

extension DHCPMessage {
  package var type: MessageType? {
    options.first(.messageType)?.first.map(MessageType.init(rawValue:))
  }

  /// nil for a hardware address that is not six bytes long, and for a group address.
  package var mac: MACAddress? {
    guard hlen == 6, let mac = MACAddress(bytes: chaddr.prefix(6)), mac.isUnicast else {
      return nil
    }
    return mac
  }

  package var wantsBroadcast: Bool { flags & Self.broadcastFlag != 0 }
}
