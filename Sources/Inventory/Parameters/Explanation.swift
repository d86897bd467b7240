/// Inventory: for each parameter of a host, who set it, what it overrode, and what it was before it
/// was expanded. Secrets are masked.

private import Jinja

package struct Explanation: Equatable, Sendable {
  package struct Setting: Equatable, Sendable {
    package let origin: ParameterOrigin
    /// As it was written, before expansion.
    package let template: JSONValue
  }

  package struct Parameter: Equatable, Sendable {
    /// As it was written; a key may be a template too.
    package let key: String
    /// nil where the expansion failed, or where another key became the same.
    package let value: JSONValue?
    package let setting: Setting
    /// The strongest first.
    package let overrode: [Setting]
  }

  /// The record's id; nil for an unknown machine that no record `register` speaks for.
  package let host: String?
  package let uuid: String
  package let groups: [String]
  package let parameters: [Parameter]
  /// Why the parameters could not be expanded.
  package let failure: String?

  init(
    host: String?, uuid: String, inheritance: Inheritance, expansion: Expansion, failure: String?
  ) {
    self.host = host
    self.uuid = uuid
    self.failure = failure
    groups = inheritance.groups
    var values: [String: JSONValue] = [:]
    if failure == nil {
      for entry in expansion.entries { values[entry.origin] = entry.value }
    }
    parameters = inheritance.parameters(uuid: uuid).map { key, value in
      var settings = inheritance.layers.reversed().compactMap { layer in
        layer.parameters[key].map { value in
          Setting(origin: layer.origin, template: Secrets.masked(value, of: key))
        }
      }
      // These two are made by the inheritance itself, of what is said under their names.
      if key == "uuid" || key == "groups" {
        settings.insert(Setting(origin: .result, template: value), at: 0)
      }
      return Parameter(
        key: key, value: values[key],
        setting: settings.first ?? Setting(origin: .result, template: value),
        overrode: Array(settings.dropFirst()))
    }
  }
}

extension Explanation {
  /// What `?params=explain` answers.
  package var json: JSONValue {
    var result: Parameters = ["uuid": .string(uuid)]
    result["host"] = host.map { .string($0) } ?? .null
    result["groups"] = .list(groups.map { .string($0) })
    if let failure { result["error"] = .string(failure) }
    result["parameters"] = .dict(Parameters(parameters.map { ($0.key, $0.json) }))
    return .dict(result)
  }
}

extension Explanation.Parameter {
  fileprivate var json: JSONValue {
    var result = Parameters()
    if let value { result["value"] = value }
    result["from"] = .string(setting.origin.description)
    result["template"] = setting.template
    if !overrode.isEmpty { result["overrode"] = .list(overrode.map(\.json)) }
    return .dict(result)
  }
}

extension Explanation.Setting {
  fileprivate var json: JSONValue {
    ["from": .string(origin.description), "template": template]
  }
}
