/// Power: libvirt's remote procedure calls, in XDR (RFC 4506).

package import Wire

//   0        4        8        12       16     20       24       28
//  +--------+--------+---------+-----------+------+--------+--------+---------
//  | length | program| version | procedure | type | serial | status | payload…
//  +--------+--------+---------+-----------+------+--------+--------+---------
//  The length counts itself. All numbers are big endian; strings and opaque data are padded to 4.

/// One message of libvirt's protocol (libvirt, docs/kbase/internals/rpc.html).
package struct LibvirtMessage: Equatable, Sendable {
  package struct Kind: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let call = Kind(rawValue: 0)
    package static let reply = Kind(rawValue: 1)
  }

  package struct Status: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let ok = Status(rawValue: 0)
    package static let error = Status(rawValue: 1)
  }

  package static let remoteProgram: UInt32 = 0x2000_8086
  package static let version: UInt32 = 1
  package static let headerLength = 28
  /// Of the whole message; the protocol's own limit is 32 MiB, a domain's XML is some KiB.
  package static let limit = 8 << 20

  package var program = remoteProgram
  package var procedure: LibvirtProcedure
  package var kind: Kind
  package var serial: UInt32
  package var status = Status.ok
  package var payload: [UInt8] = []

  package init(
    procedure: LibvirtProcedure, kind: Kind = .call, serial: UInt32, status: Status = .ok,
    payload: [UInt8] = []
  ) {
    self.procedure = procedure
    self.kind = kind
    self.serial = serial
    self.status = status
    self.payload = payload
  }

  /// One whole message, with its length.
  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    guard Int(try reader.readUInt32("length")) == bytes.count, bytes.count <= Self.limit else {
      throw reader.invalid("length", "is not that of the message", back: 4)
    }
    program = try reader.readUInt32("program")
    guard try reader.readUInt32("version") == Self.version else {
      throw reader.invalid("version", "is not 1", back: 4)
    }
    procedure = LibvirtProcedure(rawValue: try reader.readUInt32("procedure"))
    kind = Kind(rawValue: try reader.readUInt32("type"))
    serial = try reader.readUInt32("serial")
    status = Status(rawValue: try reader.readUInt32("status"))
    payload = Array(reader.readRest())
  }

  package var bytes: [UInt8] {
    var writer = ByteWriter(capacity: Self.headerLength + payload.count)
    writer.write(UInt32(clamping: Self.headerLength + payload.count))
    writer.write(program)
    writer.write(Self.version)
    writer.write(procedure.rawValue)
    writer.write(kind.rawValue)
    writer.write(serial)
    writer.write(status.rawValue)
    writer.write(payload)
    return writer.bytes
  }
}

/// Of the program `remote` (libvirt, src/remote/remote_protocol.x).
package struct LibvirtProcedure: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let open = LibvirtProcedure(rawValue: 1)
  package static let close = LibvirtProcedure(rawValue: 2)
  package static let create = LibvirtProcedure(rawValue: 9)
  package static let defineXML = LibvirtProcedure(rawValue: 11)
  package static let destroy = LibvirtProcedure(rawValue: 12)
  package static let getXML = LibvirtProcedure(rawValue: 14)
  package static let lookupByName = LibvirtProcedure(rawValue: 23)
  package static let lookupByUUID = LibvirtProcedure(rawValue: 24)
  package static let shutdown = LibvirtProcedure(rawValue: 33)
  package static let authList = LibvirtProcedure(rawValue: 66)
  package static let authPolkit = LibvirtProcedure(rawValue: 70)
  package static let isPersistent = LibvirtProcedure(rawValue: 151)
  package static let getState = LibvirtProcedure(rawValue: 212)
  package static let reset = LibvirtProcedure(rawValue: 245)
}

extension ByteReader {
  /// A string of XDR: length, bytes, padding to 4.
  mutating func readXDRString(
    _ field: @autoclosure () -> String, limit: Int = LibvirtMessage.limit
  ) throws(WireError) -> String {
    let count = Int(try readUInt32(field()))
    guard count <= limit else { throw invalid(field(), "is too long", back: 4) }
    let bytes = try readBytes(count, field())
    try skip((4 - count % 4) % 4, "padding")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw invalid(field(), "is not UTF-8", back: count)
    }
    return text
  }

  /// A string that may be absent: a flag, then the string.
  mutating func readXDROptionalString(
    _ field: @autoclosure () -> String
  ) throws(WireError) -> String? {
    switch try readUInt32(field()) {
    case 0: return nil
    case 1: return try readXDRString(field())
    default: throw invalid(field(), "is neither there nor absent", back: 4)
    }
  }
}

extension ByteWriter {
  mutating func writeXDR(_ text: String) {
    let bytes = Array(text.utf8)
    write(UInt32(clamping: bytes.count))
    write(bytes)
    pad(to: (count + 3) / 4 * 4)
  }

  mutating func writeXDR(optional text: String?) {
    write(UInt32(text == nil ? 0 : 1))
    if let text { writeXDR(text) }
  }
}
