/// Inventory: where a text stops being JSON.

package struct JSONMistake: Error, Equatable, Sendable {
  /// What should have stood there.
  package let expected: String
  /// In bytes, from 0.
  package let offset: Int
  /// From 1.
  package let line: Int
  /// In bytes, from 1.
  package let column: Int

  init(expected: String, offset: Int, in bytes: [UInt8]) {
    let before = bytes.prefix(offset)
    self.expected = expected
    self.offset = offset
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    column = offset - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
  }
}

extension JSONMistake: CustomStringConvertible {
  package var description: String {
    "This is not JSON: line \(line), column \(column) (byte \(offset)) should be \(expected)."
  }
}
