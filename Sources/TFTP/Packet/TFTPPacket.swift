/// TFTP: the six packets of RFC 1350 §5 and RFC 2347.

package import Wire

/// ```
///  2 bytes    2 bytes    n bytes
/// | opcode |  block   |  data     |   3 DATA
/// | opcode |  block   |               4 ACK
/// | opcode | ErrorCode| ErrMsg  0 |   5 ERROR
/// | opcode | opt 0 value 0 ...    |   6 OACK
/// ```
/// 1 RRQ and 2 WRQ are drawn in `TFTPTransferRequest`.
package enum TFTPPacket: Equatable, Sendable {
  case read(TFTPTransferRequest)
  case write(TFTPTransferRequest)
  case data(block: UInt16, payload: ArraySlice<UInt8>)
  case acknowledgment(block: UInt16)
  case error(code: TFTPErrorCode, message: String)
  case optionAcknowledgment([TFTPOption])

  /// Takes the whole datagram. Bytes after an ACK are ignored: other servers ignore them too, so
  /// nobody has ever noticed a client that sends some.
  package init(parsing datagram: [UInt8]) throws(WireError) {
    var reader = ByteReader(datagram)
    let opcode = try reader.readUInt16("opcode")
    switch opcode {
    case 1: self = .read(try TFTPTransferRequest(parsing: &reader))
    case 2: self = .write(try TFTPTransferRequest(parsing: &reader))
    case 3: self = .data(block: try reader.readUInt16("block"), payload: reader.readRest())
    case 4: self = .acknowledgment(block: try reader.readUInt16("block"))
    case 5:
      let code = TFTPErrorCode(rawValue: try reader.readUInt16("ErrorCode"))
      var strings = TFTPStrings(reader.readRest())
      self = .error(code: code, message: strings.next().map { TFTPStrings.text($0.bytes) } ?? "")
    case 6:
      var strings = TFTPStrings(reader.readRest())
      self = .optionAcknowledgment(strings.options())
    default:
      throw reader.invalid("opcode", "\(opcode) is not an opcode of TFTP", back: 2)
    }
  }

  package func encode(into writer: inout ByteWriter) throws(WireError) {
    switch self {
    case .read(let request):
      writer.write(UInt16(1))
      try request.encode(into: &writer)
    case .write(let request):
      writer.write(UInt16(2))
      try request.encode(into: &writer)
    case .data(let block, let payload):
      writer.write(UInt16(3))
      writer.write(block)
      writer.write(payload)
    case .acknowledgment(let block):
      writer.write(UInt16(4))
      writer.write(block)
    case .error(let code, let message):
      writer.write(UInt16(5))
      writer.write(code.rawValue)
      try TFTPStrings.write(message.utf8, "ErrMsg", into: &writer)
    case .optionAcknowledgment(let options):
      writer.write(UInt16(6))
      for option in options { try option.encode(into: &writer) }
    }
  }
}

extension TFTPPacket {
  /// The datagram of a packet whose strings are our own words; empty only for a string with a NUL.
  package var datagram: [UInt8] {
    var writer = ByteWriter(capacity: 64)
    do throws(WireError) {
      try encode(into: &writer)
    } catch {
      return []
    }
    return writer.bytes
  }
}
