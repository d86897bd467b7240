/// Wire: why bytes from the network could not be read.

/// Received bytes are malformed. Names the field and the offset, counted from the first byte of the
/// message, so that the reader of a log finds the place in a capture.
package struct WireError: Error, Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    /// The field needs `needed` bytes and only `available` are left.
    case truncated(needed: Int, available: Int)
    /// The field has a value that the standard does not allow here.
    case invalid(String)
    /// The container ended and `count` bytes were left over.
    case trailing(count: Int)
  }

  package var field: String
  package var offset: Int
  package var reason: Reason

  package init(field: String, offset: Int, reason: Reason) {
    self.field = field
    self.offset = offset
    self.reason = reason
  }
}

extension WireError: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .truncated(let needed, let available):
      "\(field) at byte \(offset): needs \(needed) bytes, \(available) left"
    case .invalid(let why):
      "\(field) at byte \(offset): \(why)"
    case .trailing(let count):
      "\(field) at byte \(offset): \(count) bytes left over"
    }
  }
}
