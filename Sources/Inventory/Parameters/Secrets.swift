/// Inventory: parameters that are written and never shown.

private import Jinja

/// `ipmi_password`, `vmware_password` and whatever else is called a password, and the BMC's own key
/// `ipmi_kg`: templates may use them, people and programs get `***`.
package enum Secrets {
  package static let mask: JSONValue = "***"

  package static func isSecret(_ key: String) -> Bool {
    key.hasSuffix("_password") || key == "ipmi_kg"
  }

  /// The same, with every secret masked, also inside of objects and lists.
  package static func masked(_ parameters: Parameters) -> Parameters {
    var shown = parameters
    let (keys, values) = (parameters.keys, parameters.values)
    for index in keys.indices {
      let value = masked(values[index], of: keys[index])
      if value != values[index] { shown[keys[index]] = value }
    }
    return shown
  }

  static func masked(_ value: JSONValue, of key: String) -> JSONValue {
    if isSecret(key) { return value == .null ? value : mask }
    return switch value {
    case .dict(let parameters): .dict(masked(parameters))
    case .list(let items): .list(items.map { masked($0, of: "") })
    default: value
    }
  }

  /// `new`, where a secret that still reads `***` is what it was: who reads an object, changes it
  /// and writes it back loses no password.
  static func restored(_ new: Parameters, from old: Parameters) -> Parameters {
    var result = new
    let (keys, values) = (new.keys, new.values)
    for index in keys.indices {
      guard let former = old[keys[index]] else { continue }
      let value = restored(values[index], of: keys[index], from: former)
      if value != values[index] { result[keys[index]] = value }
    }
    return result
  }

  private static func restored(
    _ new: JSONValue, of key: String, from old: JSONValue
  ) -> JSONValue {
    if isSecret(key) { return new == mask ? old : new }
    return switch (new, old) {
    case (.dict(let new), .dict(let old)): .dict(restored(new, from: old))
    case (.list(let new), .list(let old)) where new.count == old.count:
      .list(zip(new, old).map { restored($0, of: "", from: $1) })
    default: new
    }
  }

  /// Whether a mask stands in the place of a secret.
  static func hasMask(_ parameters: Parameters) -> Bool {
    zip(parameters.keys, parameters.values).contains { hasMask($1, of: $0) }
  }

  private static func hasMask(_ value: JSONValue, of key: String) -> Bool {
    if isSecret(key) { return value == mask }
    return switch value {
    case .dict(let parameters): hasMask(parameters)
    case .list(let items): items.contains { hasMask($0, of: "") }
    default: false
    }
  }
}
