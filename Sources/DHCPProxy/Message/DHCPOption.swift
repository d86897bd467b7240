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
/// options of one code and joined again by `DHCPOptions.value(_:)` (RFC 3396).
package struct DHCPOption: Equatable, Sendable {
  package var code: OptionCode
  package var bytes: [UInt8]

  package init(_ code: OptionCode, _ bytes: [UInt8]) {
    self.code = code
    self.bytes = bytes
  }

  /// A value over 255 bytes goes out in pieces (RFC 3396 §5).
  package func encode(into writer: inout ByteWriter) {
    var rest = bytes[...]
    repeat {
      writer.write(code, rest.prefix(255))
      rest = rest.dropFirst(255)
    } while !rest.isEmpty
  }
}

extension ByteWriter {
  /// The head of an option; `count` bytes must follow, at most 255.
  mutating func write(_ code: OptionCode, count: Int) {
    write(UInt16(code.rawValue) << 8 | UInt16(UInt8(truncatingIfNeeded: count)))
  }

  /// One option; `value` has at most 255 bytes.
  mutating func write(_ code: OptionCode, _ value: ArraySlice<UInt8>) {
    write(code, count: value.count)
    write(value)
  }

  /// One option; `text` has at most 255 bytes.
  mutating func write(_ code: OptionCode, _ text: String) {
    write(code, count: text.utf8.count)
    write(text)
  }
}
