/// IPMI: what a BMC told about itself, for a person and for a program.

/// The stored fields are its JSON.
package protocol BMCReport: Encodable, Equatable, Sendable {
  /// For people.
  var lines: [String] { get }
}

/// Two columns, `Power State           : on`; nil values are left out.
func table(_ rows: [(String, String?)]) -> [String] {
  rows.compactMap { name, value in
    value.map { name + String(repeating: " ", count: max(0, 24 - name.count)) + ": " + $0 }
  }
}

/// Hexadecimal, at least `width` digits.
func hex(_ number: some BinaryInteger, _ width: Int = 2) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

func yes(_ flag: Bool) -> String { flag ? "yes" : "no" }

/// Bytes, two digits each.
func hex(_ bytes: some Sequence<UInt8>, _ separator: String = " ") -> String {
  bytes.map { hex($0) }.joined(separator: separator)
}
