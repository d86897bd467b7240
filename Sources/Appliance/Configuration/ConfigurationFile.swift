/// Appliance: the YAML file, with the line of every value.

import Foundation
import Yams

/// The settings that a file sets. Keys that do not exist, and values of the wrong shape, become
/// mistakes; the rest is kept as text and checked together with the other sources.
struct ConfigurationFile {
  struct Value: Equatable {
    var texts: [String]
    var line: Int
  }

  var name: String
  /// By the setting's name.
  private(set) var values: [String: Value] = [:]
  private(set) var mistakes: [ConfigurationMistake] = []

  /// A file that can't be read, or is not YAML, is one mistake.
  init(path: String) {
    self.init(text: try? String(contentsOfFile: path, encoding: .utf8), name: path)
  }

  init(text: String?, name: String) {
    self.name = name
    guard let text else {
      mistakes.append(
        ConfigurationMistake(
          place: name, problem: "cannot be read; it must be a text file that exists"))
      return
    }
    do {
      guard let root = try Yams.compose(yaml: text) else { return }
      guard let mapping = root.mapping else {
        if root.scalar?.string.isEmpty != true {
          complain(root, "must be a list of settings, as in «http: { port: 80 }»")
        }
        return
      }
      read(mapping, below: [])
    } catch let error as YamlError {
      mistakes.append(Self.mistake(error, name))
    } catch {
      mistakes.append(ConfigurationMistake(place: name, problem: "is not YAML"))
    }
  }

  private mutating func read(_ mapping: Node.Mapping, below parent: [String]) {
    for (keyNode, node) in mapping {
      let path = parent + [keyNode.scalar?.string ?? ""]
      let label = path.joined(separator: ".")
      if let inner = node.mapping, let key = SettingKey.all.first(where: { $0.path == path }),
        key.shape == .map
      {
        readPairs(inner, key)
      } else if let inner = node.mapping, !SettingKey.names(below: path).isEmpty {
        read(inner, below: path)
      } else if let key = SettingKey.all.first(where: { $0.path == path || $0.longPath == path }) {
        read(node, key)
      } else if !SettingKey.names(below: path).isEmpty {
        let allowed = SettingKey.names(below: path).joined(separator: ", ")
        complain(node, "«\(label)» has settings of its own: \(allowed)")
      } else {
        let allowed = SettingKey.names(below: parent).joined(separator: ", ")
        complain(keyNode, "there is no setting «\(label)»; allowed here: \(allowed)")
      }
    }
  }

  /// A map of a person's own pairs, in which settings of fixed names may stand too.
  private mutating func readPairs(_ mapping: Node.Mapping, _ key: SettingKey) {
    var pairs = Value(texts: [], line: mapping.first.map { Self.line($0.key) } ?? 1)
    for (keyNode, node) in mapping {
      let name = keyNode.scalar?.string ?? ""
      if let fixed = SettingKey.all.first(where: { $0.path == key.path + [name] }) {
        read(node, fixed)
      } else if let value = node.scalar?.string, !name.contains("=") {
        pairs.texts.append("\(name)=\(value)")
      } else {
        complain(keyNode, "«\(key.name)»: «\(name)» must be \(key.kind.allowed)")
      }
    }
    if !pairs.texts.isEmpty { values[key.name] = pairs }
  }

  private mutating func read(_ node: Node, _ key: SettingKey) {
    let nodes: [Node]
    switch node {
    case .scalar: nodes = [node]
    case .sequence(let sequence) where key.shape == .list: nodes = Array(sequence)
    default: nodes = []
    }
    let texts = nodes.compactMap { $0.scalar?.string }
    guard texts.count == nodes.count, !texts.isEmpty else {
      return complain(node, "«\(key.name)» must be \(key.kind.allowed)")
    }
    values[key.name] = Value(texts: texts, line: Self.line(node))
  }

  private mutating func complain(_ node: Node, _ problem: String) {
    mistakes.append(
      ConfigurationMistake(file: name, line: Self.line(node), problem: problem))
  }

  private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }

  private static func mistake(_ error: YamlError, _ name: String) -> ConfigurationMistake {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ConfigurationMistake(file: name, line: mark.line, problem: "is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      ConfigurationMistake(
        place: "\(name), line \(context.mark.line)",
        problem: "names «\(keys.map(String.init(describing:)).joined(separator: ", "))» twice")
    default:
      ConfigurationMistake(place: name, problem: "is not YAML")
    }
  }
}
