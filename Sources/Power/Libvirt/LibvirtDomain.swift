/// Power: what libvirt's calls about one domain carry.

package import Wire

/// `remote_nonnull_domain`: the handle of a domain.
package struct LibvirtDomain: Equatable, Sendable {
  package var name: String
  /// In the order of the text form.
  package var uuid: [UInt8]
  /// -1 while it does not run.
  package var id: Int32

  package init(name: String, uuid: [UInt8], id: Int32 = -1) {
    self.name = name
    self.uuid = uuid
    self.id = id
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    name = try reader.readXDRString("domain name", limit: 4096)
    uuid = Array(try reader.readBytes(16, "domain uuid"))
    id = Int32(bitPattern: try reader.readUInt32("domain id"))
  }

  package func encode(into writer: inout ByteWriter) {
    writer.writeXDR(name)
    writer.write(uuid)
    writer.write(UInt32(bitPattern: id))
  }
}

/// `remote_error`: only what tells a person something is kept.
package struct LibvirtFailure: Equatable, Sendable {
  /// virErrorNumber.
  package var code: UInt32
  package var message: String

  package static let noDomain: UInt32 = 42
  package static let authFailed: UInt32 = 45

  package init(code: UInt32, message: String) {
    self.code = code
    self.message = message
  }

  /// code, domain, message, level, …: the rest is not read.
  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    code = try reader.readUInt32("error code")
    try reader.skip(4, "error domain")
    message = try reader.readXDROptionalString("error message") ?? "error \(code)"
  }

  /// As the daemon writes it, with nothing in the fields that are not read.
  package var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(code)
    writer.write(0 as UInt32)
    writer.writeXDR(optional: message)
    for value: UInt32 in [2, 0, 0, 0, 0, 0, 0, 0] { writer.write(value) }
    return writer.bytes
  }
}

/// virDomainState.
package struct LibvirtState: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A crashed domain is as good as off; one that shuts down is still on. Nil: not known.
  package var isOn: Bool? {
    switch rawValue {
    case 1, 2, 3, 4, 7: true
    case 5, 6: false
    default: nil
    }
  }
}
