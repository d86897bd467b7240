/// Jinja: the node for the arguments of a call.

final class ArgumentsNode: Sendable {
  /// By position.
  let count: Int
  /// Something, also where there is no such argument: a call of an optional node would be counted.
  private let first: any Evaluable
  private let second: any Evaluable
  private let rest: [any Evaluable]
  private let names: [String]
  private let named: [any Evaluable]
  private let spread: (any Evaluable)?
  private let spreadNamed: (any Evaluable)?
  /// The body of a call block.
  private let caller: MacroDefinition?
  /// Whether there is nothing but arguments by position.
  let isPlain: Bool

  init(
    positional: [any Evaluable], names: [String], named: [any Evaluable],
    spread: (any Evaluable)?, spreadNamed: (any Evaluable)?, caller: MacroDefinition?
  ) {
    count = positional.count
    first = positional.first ?? NumberNode(0)
    second = positional.dropFirst().first ?? NumberNode(0)
    rest = Array(positional.dropFirst(2))
    self.names = names
    self.named = named
    self.spread = spread
    self.spreadNamed = spreadNamed
    self.caller = caller
    isPlain = named.isEmpty && spread == nil && spreadNamed == nil && caller == nil
  }

  @inline(__always)
  func evaluate(_ run: Run) throws(JinjaError) -> Arguments {
    guard isPlain, count <= 2 else { return try several(run) }
    switch count {
    case 0: return .empty
    case 1: return Arguments(try first.evaluate(run))
    default:
      let value = try first.evaluate(run)
      return Arguments(value, try second.evaluate(run))
    }
  }

  /// The one argument at an index; needs index < count.
  private func evaluate(_ index: Int, _ run: Run) throws(JinjaError) -> Value {
    switch index {
    case 0: return try first.evaluate(run)
    case 1: return try second.evaluate(run)
    default: return try rest[index - 2].evaluate(run)
    }
  }

  private func several(_ run: Run) throws(JinjaError) -> Arguments {
    var values: [Value] = []
    for index in 0..<count { values.append(try evaluate(index, run)) }
    if let spread { values += try run.array(try spread.evaluate(run)) }
    var result: [(name: String, value: Value)] = []
    for index in named.indices { result.append((names[index], try named[index].evaluate(run))) }
    if let caller { result.append(("caller", .object(MacroObject(caller, run)))) }
    if let spreadNamed {
      guard case .dict(let dict) = try spreadNamed.evaluate(run) else {
        throw run.failure(.type, "argument after ** must be a mapping")
      }
      for index in 0..<dict.count {
        guard let name = dict.keys[index].text else {
          throw run.failure(.type, "keywords must be strings")
        }
        guard !result.contains(where: { $0.name == name }) else {
          throw run.failure(.type, "got multiple values for keyword argument '\(name)'")
        }
        result.append((name, dict.values[index]))
      }
      try run.work(dict.count)
    }
    return Arguments(positional: values, named: result)
  }
}
