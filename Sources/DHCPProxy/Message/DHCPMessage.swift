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
  /// Always 64 bytes; all zero where option 52 made it a place for options.
  package var sname: [UInt8]
  /// Always 128 bytes; all zero where option 52 made it a place for options.
  package var file: [UInt8]
  /// In wire order, without PAD and END. What option 52 moved into `file` and `sname` comes last, and
  /// 52 itself is left out: overload is a way of transport, and nothing is sent that way again (iPXE
  /// would read such a `file` as a name).
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
    // Readers of their own, so that an error in an overloaded field has its offset in the message.
    var snameReader = try reader.readReader(64, "sname")
    var fileReader = try reader.readReader(128, "file")
    guard Array(try reader.readBytes(4, "magic")) == Self.magic else {
      throw reader.invalid("magic", "is not 63 82 53 63", back: 4)
    }
    options = try DHCPOption.list(parsing: &reader)
    // RFC 2131 §4.1, RFC 3396 §5: options first, then `file`, then `sname`. A 52 found in those two
    // means nothing, and neither does a value other than 1, 2 and 3 (RFC 2132 §9.3).
    let overload = options.first(.overload).flatMap { $0.count == 1 ? $0.first : nil } ?? 0
    let isOverloaded = (1...3).contains(overload)
    if isOverloaded, overload & 1 != 0 {
      options += try DHCPOption.list(parsing: &fileReader)
      file = [UInt8](repeating: 0, count: 128)
    } else {
      file = Array(fileReader.readRest())
    }
    if isOverloaded, overload & 2 != 0 {
      options += try DHCPOption.list(parsing: &snameReader)
      sname = [UInt8](repeating: 0, count: 64)
    } else {
      sname = Array(snameReader.readRest())
    }
    if options.contains(where: { $0.code == .overload }) {
      options.removeAll { $0.code == .overload }
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

extension DHCPMessage {
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
    self.chaddr = chaddr
    self.sname = sname
    self.file = file
    self.options = options
  }
}
