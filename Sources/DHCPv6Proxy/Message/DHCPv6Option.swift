/// DHCPv6Proxy: the options of a DHCPv6 message (RFC 8415 §21.1).

package import Wire

/// The number of an option. Unknown numbers are carried along.
package struct DHCPv6OptionCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let clientIdentifier = DHCPv6OptionCode(rawValue: 1)
  package static let serverIdentifier = DHCPv6OptionCode(rawValue: 2)
  package static let identityAssociation = DHCPv6OptionCode(rawValue: 3)
  package static let temporaryAssociation = DHCPv6OptionCode(rawValue: 4)
  package static let associatedAddress = DHCPv6OptionCode(rawValue: 5)
  package static let requestedOptions = DHCPv6OptionCode(rawValue: 6)
  package static let relayMessage = DHCPv6OptionCode(rawValue: 9)
  package static let statusCode = DHCPv6OptionCode(rawValue: 13)
  package static let userClass = DHCPv6OptionCode(rawValue: 15)
  package static let vendorClass = DHCPv6OptionCode(rawValue: 16)
  package static let interfaceIdentifier = DHCPv6OptionCode(rawValue: 18)
  package static let prefixDelegation = DHCPv6OptionCode(rawValue: 25)
  /// RFC 5970 §3.
  package static let bootFileURL = DHCPv6OptionCode(rawValue: 59)
  package static let bootFileParameters = DHCPv6OptionCode(rawValue: 60)
  package static let clientArchitecture = DHCPv6OptionCode(rawValue: 61)
  package static let networkInterface = DHCPv6OptionCode(rawValue: 62)
  /// RFC 6939: the client's hardware address, from the relay that is next to it.
  package static let clientLinkLayerAddress = DHCPv6OptionCode(rawValue: 79)
  /// RFC 8357: the relay wants the answer at the port that it asked from.
  package static let relaySourcePort = DHCPv6OptionCode(rawValue: 135)
}

/// One option: `code (2) · length (2) · bytes (length)`.
package struct DHCPv6Option: Equatable, Sendable {
  package var code: DHCPv6OptionCode
  package var bytes: [UInt8]

  package init(_ code: DHCPv6OptionCode, _ bytes: [UInt8]) {
    self.code = code
    self.bytes = bytes
  }

  /// Reads to the end of the container; an option that runs past it throws.
  static func list(parsing reader: inout ByteReader) throws(WireError) -> [DHCPv6Option] {
    var options: [DHCPv6Option] = []
    while reader.remaining > 0 {
      let code = DHCPv6OptionCode(rawValue: try reader.readUInt16("option code"))
      let length = try reader.readUInt16("length of option \(code.rawValue)")
      let bytes = try reader.readBytes(Int(length), "option \(code.rawValue)")
      options.append(DHCPv6Option(code, Array(bytes)))
    }
    return options
  }

  /// Throws for a value that its length field can't tell.
  package func encode(into writer: inout ByteWriter) throws(WireError) {
    guard let length = UInt16(exactly: bytes.count) else {
      throw WireError(
        field: "option \(code.rawValue)", offset: writer.count, reason: .invalid("is too long"))
    }
    writer.write(code.rawValue)
    writer.write(length)
    writer.write(bytes)
  }
}

extension [DHCPv6Option] {
  /// The value of the first option of this number; nil when it is absent.
  package func first(_ code: DHCPv6OptionCode) -> [UInt8]? {
    first { $0.code == code }?.bytes
  }
}
