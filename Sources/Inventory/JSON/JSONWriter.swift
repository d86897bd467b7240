/// Inventory: values to JSON text; the same value gives the same bytes.

private import Jinja

package struct JSONWriter {
  package enum Style: Sendable {
    /// `{"a": 1, "b": [1, 2]}`, as Python writes it.
    case line
    /// Two spaces a level; for people and files.
    case indented
  }

  private var bytes: [UInt8] = []
  private let style: Style

  private init(_ style: Style) {
    self.style = style
  }

  package static func bytes(_ value: JSONValue, _ style: Style = .line) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.write(value, level: 0)
    return writer.bytes
  }

  package static func text(_ value: JSONValue, _ style: Style = .line) -> String {
    String(decoding: bytes(value, style), as: UTF8.self)
  }

  private mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: write("null")
    case .bool(let flag): write(flag ? "true" : "false")
    case .int(let number): write(number.description)
    case .bigInt(let number): write(number.description)
    // JSON has no word for what is not finite; the parser lets none in.
    case .double(let number): write(number.isFinite ? number.description : "null")
    case .string(let text): write(quoting: text)
    case .list(let items):
      write("[")
      for (index, item) in items.enumerated() {
        separate(index, level: level)
        write(item, level: level + 1)
      }
      close("]", isEmpty: items.isEmpty, level: level)
    case .dict(let pairs):
      write("{")
      let (keys, values) = (pairs.keys, pairs.values)
      for index in keys.indices {
        separate(index, level: level)
        write(quoting: keys[index])
        write(": ")
        write(values[index], level: level + 1)
      }
      close("}", isEmpty: keys.isEmpty, level: level)
    }
  }

  private mutating func write(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func separate(_ index: Int, level: Int) {
    switch style {
    case .line: if index > 0 { write(", ") }
    case .indented:
      if index > 0 { write(",") }
      startLine(level + 1)
    }
  }

  private mutating func close(_ bracket: String, isEmpty: Bool, level: Int) {
    if case .indented = style, !isEmpty { startLine(level) }
    write(bracket)
  }

  private mutating func startLine(_ level: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  private mutating func write(quoting text: String) {
    bytes.append(UInt8(ascii: "\""))
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }
    if isPlain {
      bytes.append(contentsOf: text.utf8)
    } else {
      for byte in text.utf8 { write(escaping: byte) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func write(escaping byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): write("\\\"")
    case UInt8(ascii: "\\"): write("\\\\")
    case 8: write("\\b")
    case 9: write("\\t")
    case 10: write("\\n")
    case 12: write("\\f")
    case 13: write("\\r")
    case ..<0x20: write("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
    default: bytes.append(byte)
    }
  }
}
