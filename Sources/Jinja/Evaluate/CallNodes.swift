/// Jinja: nodes for calls, filters and tests.

final class ArgumentsNode: Sendable {
  let positional: [any Evaluable]
  let names: [String]
  let named: [any Evaluable]
  let spread: (any Evaluable)?
  let spreadNamed: (any Evaluable)?
  /// The body of a call block.
  let caller: MacroDefinition?
  private let isEmpty: Bool

  init(
    positional: [any Evaluable], names: [String], named: [any Evaluable],
    spread: (any Evaluable)?, spreadNamed: (any Evaluable)?, caller: MacroDefinition?
  ) {
    self.positional = positional
    self.names = names
    self.named = named
    self.spread = spread
    self.spreadNamed = spreadNamed
    self.caller = caller
    isEmpty =
      positional.isEmpty && named.isEmpty && spread == nil && spreadNamed == nil && caller == nil
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Arguments {
    if isEmpty { return .empty }
    var result = Arguments(positional: try run.evaluate(positional))
    if let spread { result.positional += try run.array(try spread.evaluate(run)) }
    for index in named.indices {
      result.named.append((names[index], try named[index].evaluate(run)))
    }
    if let caller { result.named.append(("caller", .object(MacroObject(caller, run)))) }
    if let spreadNamed {
      guard case .dict(let dict) = try spreadNamed.evaluate(run) else {
        throw run.failure(.type, "argument after ** must be a mapping")
      }
      for index in 0..<dict.count {
        guard let name = dict.keys[index].text else {
          throw run.failure(.type, "keywords must be strings")
        }
        guard !result.named.contains(where: { $0.name == name }) else {
          throw run.failure(.type, "got multiple values for keyword argument '\(name)'")
        }
        result.named.append((name, dict.values[index]))
      }
      try run.work(dict.count)
    }
    return result
  }
}

final class CallNode: Evaluable {
  let callee: any Evaluable
  let arguments: ArgumentsNode
  let line: Int

  init(_ callee: any Evaluable, _ arguments: ArgumentsNode, line: Int) {
    self.callee = callee
    self.arguments = arguments
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try callee.evaluate(run)
    let bound = try arguments.evaluate(run)
    run.line = line
    return try run.call(value, bound)
  }
}

/// `object.name(…)`, without making an object for the method.
final class MethodCallNode: Evaluable {
  let receiver: any Evaluable
  let name: String
  let arguments: ArgumentsNode
  let line: Int
  private let isTextMethod: Bool
  private let isDictMethod: Bool

  init(_ receiver: any Evaluable, _ name: String, _ arguments: ArgumentsNode, line: Int) {
    self.receiver = receiver
    self.name = name
    self.arguments = arguments
    self.line = line
    isTextMethod = Methods.text.contains(name)
    isDictMethod = Methods.dict.contains(name)
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try receiver.evaluate(run)
    run.line = line
    let isMethod: Bool
    switch value {
    case .string: isMethod = isTextMethod
    case .dict: isMethod = isDictMethod
    default: isMethod = run.hasMethod(name, value)
    }
    if isMethod {
      let bound = try arguments.evaluate(run)
      run.line = line
      if let result = try run.callMethod(name, of: value, bound) { return result }
    }
    let callee = try run.attribute(name, of: value)
    let bound = try arguments.evaluate(run)
    run.line = line
    return try run.call(callee, bound)
  }
}

typealias Filter = @Sendable (Run, Value, Arguments) throws(JinjaError) -> Value

final class FilterNode: Evaluable {
  let function: Filter
  let source: any Evaluable
  let arguments: ArgumentsNode
  let line: Int

  init(
    _ function: @escaping Filter, _ source: any Evaluable, _ arguments: ArgumentsNode, line: Int
  ) {
    self.function = function
    self.source = source
    self.arguments = arguments
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try source.evaluate(run)
    let bound = try arguments.evaluate(run)
    run.line = line
    try run.step()
    return try function(run, value, bound)
  }
}

typealias Test = @Sendable (Run, Value, Arguments) throws(JinjaError) -> Bool

final class TestNode: Evaluable {
  let function: Test
  let subject: any Evaluable
  let arguments: ArgumentsNode
  let line: Int

  init(
    _ function: @escaping Test, _ subject: any Evaluable, _ arguments: ArgumentsNode, line: Int
  ) {
    self.function = function
    self.subject = subject
    self.arguments = arguments
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try subject.evaluate(run)
    let bound = try arguments.evaluate(run)
    run.line = line
    return .bool(try function(run, value, bound))
  }
}

/// A filter or test that does not exist: a mistake where an `if` leads to it.
final class UnknownNode: Evaluable {
  let message: String
  let line: Int

  init(_ message: String, line: Int) {
    self.message = message
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    run.line = line
    throw run.failure(.runtime, message)
  }
}

/// What a filter block has written.
final class CapturedTextNode: Evaluable {
  init() {}
  func evaluate(_ run: Run) throws(JinjaError) -> Value { run.captured }
}
