/// Jinja: nodes for calls, filters and tests.

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

  /// What a macro writes needs no value in between.
  func write(_ run: Run) throws(JinjaError) {
    let value = try callee.evaluate(run)
    guard case .object(let object) = value, let macro = object as? MacroObject else {
      let bound = try arguments.evaluate(run)
      run.line = line
      return try run.print(try run.call(value, bound))
    }
    if let frame = try macro.bind(arguments, run) {
      run.line = line
      try run.step()
      try macro.write(in: frame, given: arguments.count, run)
      run.giveBack(frame)
    } else {
      let bound = try arguments.evaluate(run)
      run.line = line
      try run.step()
      try macro.write(in: try macro.bind(bound, run), given: bound.count, run)
    }
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

  func evaluate(_ run: Run) throws(JinjaError) -> Value { .bool(try isTrue(run)) }

  func isTrue(_ run: Run) throws(JinjaError) -> Bool {
    let value = try subject.evaluate(run)
    let bound = try arguments.evaluate(run)
    run.line = line
    return try function(run, value, bound)
  }
}

/// `is defined`, `is undefined` and `is none`.
final class KindTestNode: Evaluable {
  let subject: any Evaluable
  let kind: ValueKind
  let isWanted: Bool
  let line: Int

  init(_ subject: any Evaluable, is kind: ValueKind, _ isWanted: Bool, line: Int) {
    self.subject = subject
    self.kind = kind
    self.isWanted = isWanted
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value { .bool(try isTrue(run)) }

  func isTrue(_ run: Run) throws(JinjaError) -> Bool {
    let isSame = try subject.kind(run) == kind
    run.line = line
    return isSame == isWanted
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
