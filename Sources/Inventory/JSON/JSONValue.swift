/// Inventory: the shape of what hosts and groups are made of, the same that templates are given.

package import Jinja

package typealias JSONValue = JinjaValue

/// What a host or a group says, or what is left when all was merged; in the order it was written.
package typealias Parameters = JinjaDictionary

extension JSONValue {
  /// How a value reads as plain text: a string as it is, everything else as JSON.
  package var plainText: String {
    if case .string(let text) = self { text } else { JSONWriter.text(self) }
  }

  /// The strings in a list of strings; nil for anything else.
  var strings: [String]? {
    guard case .list(let items) = self else { return nil }
    var strings: [String] = []
    for item in items {
      guard case .string(let text) = item else { return nil }
      strings.append(text)
    }
    return strings
  }
}
