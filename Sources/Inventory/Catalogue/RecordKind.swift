/// Inventory: the three kinds of records, and under which keys the state has them.

private import Foundation

package enum RecordKind: String, CaseIterable, Sendable {
  case host
  case group
  case template

  /// What Bergenholm's API and its folders are called.
  package var plural: String { rawValue + "s" }

  static let prefix = "inventory/"

  /// Equal names have equal keys, however their accents are composed.
  func key(_ name: String) -> String {
    Self.prefix + rawValue + "/" + name.precomposedStringWithCanonicalMapping
  }

  static func record(_ key: String) -> (kind: RecordKind, name: String)? {
    let parts = key.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] + "/" == prefix, let kind = RecordKind(rawValue: "\(parts[1])")
    else { return nil }
    return (kind, String(parts[2]))
  }
}

/// Two hosts are special: what new machines are, and what unknown ones get until they are known.
package enum SpecialHost {
  package static let `default` = "default"
  package static let register = "register"
}

/// What a record, or a machine that nobody knows, may be called.
enum RecordName {
  static let maximumSize = 255

  /// What is wrong with a name, if something is. It becomes text in templates, where marks of its
  /// own would be rendered with everything that the host's parameters have.
  static func problem(_ name: String) -> String? {
    if name.isEmpty { return "it is empty" }
    if name.utf8.count > maximumSize { return "it is longer than \(maximumSize) bytes" }
    if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      return "it has a control character"
    }
    return TemplateText.hasMark(name) ? "it has the mark of a template" : nil
  }
}
