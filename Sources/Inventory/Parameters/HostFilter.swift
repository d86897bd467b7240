/// Inventory: which hosts a list is asked for (`GET /api/1.0/hosts/?groups=web&rack=7`).

private import Jinja

/// All conditions must hold, each for the host's own parameters. Keys and values are plain text:
/// there are no operators. Secrets can't be searched for.
package struct HostFilter: Equatable, Sendable {
  package struct Condition: Equatable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  package let conditions: [Condition]

  package init(_ conditions: [Condition]) {
    self.conditions = conditions
  }

  func matches(_ parameters: Parameters) -> Bool {
    conditions.allSatisfy { $0.isMet(by: parameters) }
  }
}

extension HostFilter.Condition {
  /// A list has each of its items.
  func isMet(by parameters: Parameters) -> Bool {
    guard let value = parameters[key] else { return false }
    if case .list(let items) = value, !Secrets.isSecret(key) {
      return items.contains { Self.equal($0, self.value, key: "") }
    }
    return Self.equal(value, self.value, key: key)
  }

  private static func equal(_ value: JSONValue, _ text: String, key: String) -> Bool {
    if case .string(let own) = value, !Secrets.isSecret(key) { return own == text }
    return Secrets.masked(value, of: key).plainText == text
  }
}
