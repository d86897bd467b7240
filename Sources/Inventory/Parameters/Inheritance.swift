/// Inventory: what a host gets from its groups, and they from theirs.

private import Jinja

/// Who a parameter comes from.
package enum ParameterOrigin: Hashable, Sendable {
  case host(String)
  case group(String)
  /// `uuid` and `groups` of the result, which nobody sets.
  case result
}

extension ParameterOrigin: CustomStringConvertible {
  package var description: String {
    switch self {
    case .host(let id): "host \(id)"
    case .group(let name): "group \(name)"
    case .result: "fino"
    }
  }
}

/// Depth first and in list order: for each group first the groups that it names, then its own
/// parameters over theirs; a group met twice counts once, at its first place.
struct Inheritance: Equatable, Sendable {
  struct Layer: Equatable, Sendable {
    let origin: ParameterOrigin
    let parameters: Parameters
  }

  /// Later ones override earlier ones.
  private(set) var layers: [Layer] = []
  /// All groups in the order in which they were met.
  private(set) var groups: [String] = []

  /// More is a mistake, or somebody who wants to see the stack overflow.
  static let maximumDepth = 100

  init(
    of origin: ParameterOrigin, _ parameters: Parameters,
    group: (String) -> Parameters?
  ) throws(ParameterError) {
    if case .group(let name) = origin { groups = [name] }
    try add(origin, parameters, below: [], group)
  }

  private mutating func add(
    _ origin: ParameterOrigin, _ parameters: Parameters, below path: [ParameterOrigin],
    _ group: (String) -> Parameters?
  ) throws(ParameterError) {
    let path = path + [origin]
    guard let names = Self.groupNames(in: parameters) else {
      throw ParameterError(.groupsMalformed, chain: path)
    }
    for name in names {
      let next = ParameterOrigin.group(name)
      guard !path.contains(next) else { throw ParameterError(.circle, chain: path + [next]) }
      if groups.contains(name) { continue }
      guard let parameters = group(name) else {
        throw ParameterError(.groupMissing, chain: path + [next])
      }
      guard path.count < Self.maximumDepth else {
        throw ParameterError(.tooDeep, chain: path + [next])
      }
      groups.append(name)
      try add(next, parameters, below: path, group)
    }
    layers.append(Layer(origin: origin, parameters: parameters))
  }

  /// A single string is a list of one; nil where `groups` is neither.
  static func groupNames(in parameters: Parameters) -> [String]? {
    switch parameters["groups"] {
    case nil, .null?: []
    case .string(let name)?: [name]
    case let value?: value.strings
    }
  }

  /// The layers on top of each other.
  var merged: Parameters {
    var result = Parameters()
    for layer in layers {
      let (keys, values) = (layer.parameters.keys, layer.parameters.values)
      for index in keys.indices { result[keys[index]] = values[index] }
    }
    return result
  }

  /// What a host's templates see: `groups` is the list of all groups, `uuid` the id asked for.
  func parameters(uuid: String) -> Parameters {
    var result = merged
    result["groups"] = .list(groups.map { .string($0) })
    result["uuid"] = .string(uuid)
    return result
  }

  /// Who had the last word on a parameter.
  func origin(of key: String) -> ParameterOrigin? {
    layers.last { $0.parameters[key] != nil }?.origin
  }
}
