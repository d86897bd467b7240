/// Jinja: nodes for operators.

final class NotNode: Evaluable {
  let operand: any Evaluable
  init(_ operand: any Evaluable) { self.operand = operand }

  func evaluate(_ run: Run) throws(JinjaError) -> Value { .bool(try isTrue(run)) }
  func isTrue(_ run: Run) throws(JinjaError) -> Bool { try !operand.isTrue(run) }
}

final class NegateNode: Evaluable {
  let operand: any Evaluable
  init(_ operand: any Evaluable) { self.operand = operand }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    try run.negated(try operand.evaluate(run))
  }
}

final class PlusNode: Evaluable {
  let operand: any Evaluable
  init(_ operand: any Evaluable) { self.operand = operand }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    try run.unaryPlus(try operand.evaluate(run))
  }
}

final class AndNode: Evaluable {
  let left: any Evaluable
  let right: any Evaluable

  init(_ left: any Evaluable, _ right: any Evaluable) {
    self.left = left
    self.right = right
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try left.evaluate(run)
    return try run.truth(value) ? try right.evaluate(run) : value
  }

  func isTrue(_ run: Run) throws(JinjaError) -> Bool {
    guard try left.isTrue(run) else { return false }
    return try right.isTrue(run)
  }
}

final class OrNode: Evaluable {
  let left: any Evaluable
  let right: any Evaluable

  init(_ left: any Evaluable, _ right: any Evaluable) {
    self.left = left
    self.right = right
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try left.evaluate(run)
    return try run.truth(value) ? value : try right.evaluate(run)
  }

  func isTrue(_ run: Run) throws(JinjaError) -> Bool {
    if try left.isTrue(run) { return true }
    return try right.isTrue(run)
  }
}

final class ArithmeticNode: Evaluable {
  let operation: Expression.Arithmetic
  let left: any Evaluable
  let right: any Evaluable
  let line: Int

  init(
    _ operation: Expression.Arithmetic, _ left: any Evaluable, _ right: any Evaluable, line: Int
  ) {
    self.operation = operation
    self.left = left
    self.right = right
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let a = try left.evaluate(run)
    let b = try right.evaluate(run)
    run.line = line
    return try run.arithmetic(operation, a, b)
  }
}

final class CompareNode: Evaluable {
  let first: any Evaluable
  let operations: [Expression.Comparison]
  let operands: [any Evaluable]
  let line: Int

  init(
    _ first: any Evaluable, _ operations: [Expression.Comparison], _ operands: [any Evaluable],
    line: Int
  ) {
    self.first = first
    self.operations = operations
    self.operands = operands
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value { .bool(try isTrue(run)) }

  func isTrue(_ run: Run) throws(JinjaError) -> Bool {
    var left = try first.evaluate(run)
    for index in operations.indices {
      let right = try operands[index].evaluate(run)
      run.line = line
      guard try run.compare(operations[index], left, right) else { return false }
      left = right
    }
    return true
  }
}

final class ConcatNode: Evaluable {
  let parts: [any Evaluable]
  /// Jinja2 joins constants without looking whether they are marked safe.
  private let isConstant: Bool

  init(_ parts: [any Evaluable], isConstant: Bool) {
    self.parts = parts
    self.isConstant = isConstant
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    var values: [Value] = []
    var hasMarkup = false
    values.reserveCapacity(parts.count)
    for part in parts {
      let value = try part.evaluate(run)
      if value.isMarkup { hasMarkup = true }
      values.append(value)
    }
    let isSafe = run.autoescape && hasMarkup && !isConstant
    var text = ""
    for value in values {
      let part = try run.string(value)
      try run.allocate(part.utf8.count)
      text += isSafe && !value.isMarkup ? htmlEscaped(part) : part
    }
    try run.allocate(text.utf8.count)
    try run.work(text.utf8.count / 64)
    return isSafe ? .markup(text) : .string(text)
  }
}
