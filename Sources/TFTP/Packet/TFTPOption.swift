/// TFTP: one option of RFC 2347, in a request or in an OACK.

package import Wire

/// Options stay in the order of the wire and keep the client's spelling, so that an OACK can repeat
/// it.
package struct TFTPOption: Equatable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// Names have no case (RFC 2347).
  package var kind: String { name.lowercased() }

  /// The value as a decimal number; nil when it is anything else, or too large to count.
  package var number: Int? {
    guard !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(value)
  }

  package func encode(into writer: inout ByteWriter) throws(WireError) {
    guard !name.isEmpty else {
      throw WireError(field: "option", offset: writer.count, reason: .invalid("has no name"))
    }
    try TFTPStrings.write(name.utf8, "option", into: &writer)
    try TFTPStrings.write(value.utf8, "value", into: &writer)
  }
}

extension TFTPOption: CustomStringConvertible {
  package var description: String { "\(name) \(value)" }
}
