/// Inventory: what renders templates, as much of it as parameters need.

package protocol TemplateRenderer: Sendable {
  /// `name` is for messages. Only text that has a mark of a template comes here.
  func render(_ text: String, named name: String, with parameters: Parameters)
    throws(TemplateFailure) -> String
}

/// Why a template was not rendered: one sentence with the line.
package struct TemplateFailure: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}

/// What can be known of a template without an engine.
enum TemplateText {
  /// Whether there is anything to render: `{{`, `{%` or `{#`. iPXE's `${…}` is none of them.
  static func hasMark(_ text: String) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if previous == UInt8(ascii: "{"),
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "#")
      {
        return true
      }
      previous = byte
    }
    return false
  }

  /// What Jinja2 makes of text without marks: each line break becomes `\n`, one at the end goes.
  static func rendered(plain text: String) -> String {
    let hasReturn = text.utf8.contains(UInt8(ascii: "\r"))
    guard hasReturn || text.utf8.last == UInt8(ascii: "\n") else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      // A line feed ends the line that a carriage return before it has already ended.
      if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      bytes.append(byte)
    }
    var result = bytes.map { $0 == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : $0 }
    if result.last == UInt8(ascii: "\n") { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
  }

  /// Words inside of `{{ }}` and `{% %}`, which may be names of parameters.
  static func words(in text: String) -> [String] {
    var words: [String] = []
    var rest = text[...]
    while let open = rest.firstRange(of: "{") {
      rest = rest[open.upperBound...]
      guard rest.first == "{" || rest.first == "%" else { continue }
      let end = rest.firstRange(of: "}")?.lowerBound ?? rest.endIndex
      words += rest[..<end].split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
      rest = rest[end...]
    }
    return words
  }
}
