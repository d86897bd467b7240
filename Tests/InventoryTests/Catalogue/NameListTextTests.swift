/// InventoryTests: lists of names as programs have always got them.

import Foundation
import Testing

@testable import Inventory

@Suite struct NameListTextTests {
  /// Every letter that JSON escapes, and some that it might.
  private static let names =
    (0..<0x180).compactMap { Unicode.Scalar($0).map { "x\($0)" } }
    + ["", "a/b", "\"", "\\", "\r\n", "e\u{301}", "\u{2028}", "\u{1f600}", "{{ x }}"]

  private func encoded(_ names: [String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(names), as: UTF8.self)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func `all names`() throws {
    #expect(try text(NameListText().all(Self.names)) == encoded(Self.names))
    #expect(text(NameListText().all([])) == "[]")
    #expect(text(NameListText().all(["a", "b"])) == #"["a","b"]"#)
  }

  @Test func `some names`() throws {
    let list = NameListText()
    for step in [1, 2, 7, Self.names.count] {
      for first in 0..<3 {
        let places = Array(stride(from: first, to: Self.names.count, by: step))
        #expect(
          try text(list.some(Self.names, at: places)) == encoded(places.map { Self.names[$0] }))
      }
    }
    #expect(text(list.some(Self.names, at: [])) == "[]")
    #expect(text(NameListText().some([], at: [])) == "[]")
  }
}
