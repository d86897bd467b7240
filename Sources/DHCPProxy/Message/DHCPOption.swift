/// DHCPProxy: the options of a DHCP message (RFC 2132 §2).

package import Wire

/// The number of an option. Unknown numbers are carried along.
package struct OptionCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let pad = OptionCode(rawValue: 0)
  package static let vendorSpecific = OptionCode(rawValue: 43)
  package static let requestedAddress = OptionCode(rawValue: 50)
  package static let overload = OptionCode(rawValue: 52)
  package static let messageType = OptionCode(rawValue: 53)
  package static let serverIdentifier = OptionCode(rawValue: 54)
  package static let vendorClass = OptionCode(rawValue: 60)
  package static let clientIdentifier = OptionCode(rawValue: 61)
  package static let serverName = OptionCode(rawValue: 66)
  package static let bootFileName = OptionCode(rawValue: 67)
  package static let userClass = OptionCode(rawValue: 77)
  package static let relayAgentInformation = OptionCode(rawValue: 82)
  package static let clientArchitecture = OptionCode(rawValue: 93)
  package static let clientUUID = OptionCode(rawValue: 97)
  /// Etherboot's encapsulated options: iPXE's features and settings.
  package static let etherboot = OptionCode(rawValue: 175)
  package static let end = OptionCode(rawValue: 255)
}

/// One option: `code (1) · length (1) · bytes (length)`. Longer values are split over several
/// options of one code and joined again by `first(_:)` (RFC 3396).
package struct DHCPOption: Equatable, Sendable {
  package var code: OptionCode
  package var bytes: [UInt8]

  package init(_ code: OptionCode, _ bytes: [UInt8]) {
    self.code = code
    self.bytes = bytes
  }

  /// Reads to END or to the end of the field. iPXE tolerates a missing END, so do we; what stands
  /// behind END is padding, and some ROMs leave other bytes there.
  static func list(parsing reader: inout ByteReader) throws(WireError) -> [DHCPOption] {
    var options: [DHCPOption] = []
    while reader.remaining > 0 {
      let code = OptionCode(rawValue: try reader.readUInt8("option code"))
      if code == .end { break }
      if code == .pad { continue }
      let length = try reader.readUInt8("length of option \(code.rawValue)")
      let bytes = try reader.readBytes(Int(length), "option \(code.rawValue)")
      options.append(DHCPOption(code, Array(bytes)))
    }
    return options
  }

  /// A value over 255 bytes goes out in pieces (RFC 3396 §5).
  package func encode(into writer: inout ByteWriter) {
    var rest = bytes[...]
    repeat {
      let piece = rest.prefix(255)
      writer.write([code.rawValue, UInt8(truncatingIfNeeded: piece.count)])
      writer.write(piece)
      rest = rest.dropFirst(255)
    } while !rest.isEmpty
  }
}

extension [DHCPOption] {
  /// The value of an option, all its pieces joined (RFC 3396 §5); nil when it is absent.
  package func first(_ code: OptionCode) -> [UInt8]? {
    // Nearly always there is one piece, and then it is returned as it stands.
    guard let start = firstIndex(where: { $0.code == code }) else { return nil }
    var value = self[start].bytes
    for option in self[start...].dropFirst() where option.code == code { value += option.bytes }
    return value
  }
}
