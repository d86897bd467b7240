/// Jinja: nodes for literals, names and containers.

final class TextNode: Evaluable {
  let text: String
  init(_ text: String) { self.text = text }
  func evaluate(_ run: Run) throws(JinjaError) -> Value { .string(text) }
}

final class NumberNode: Evaluable {
  let number: Int
  init(_ number: Int) { self.number = number }
  func evaluate(_ run: Run) throws(JinjaError) -> Value { .int(number) }
}

final class ConstantNode: Evaluable {
  let constant: Expression.Constant
  init(_ constant: Expression.Constant) { self.constant = constant }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    switch constant {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .big(let number): return .big(number)
    case .double(let number): return .double(number)
    case .string(let text): return .string(text)
    }
  }
}

final class NameNode: Evaluable {
  let slot: Slot
  private let undefined: Undefined

  init(_ name: String, _ slot: Slot) {
    self.slot = slot
    undefined = Undefined.name(name)
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = run[slot]
    if case .missing = value { return .undefined(undefined) }
    return value
  }

  func isTrue(_ run: Run) throws(JinjaError) -> Bool {
    if let answer = run.simpleTruth(slot) { return answer }
    return try run.truth(try evaluate(run))
  }

  func kind(_ run: Run) throws(JinjaError) -> ValueKind { run.kind(of: slot) }

  func write(_ run: Run) throws(JinjaError) {
    if try !run.printText(slot) { try run.print(try evaluate(run)) }
  }
}

final class ListNode: Evaluable {
  let items: [any Evaluable]
  init(_ items: [any Evaluable]) { self.items = items }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    try run.list(try run.evaluate(items))
  }
}

final class TupleNode: Evaluable {
  let items: [any Evaluable]
  init(_ items: [any Evaluable]) { self.items = items }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    try run.tuple(try run.evaluate(items))
  }
}

final class DictNode: Evaluable {
  let keys: [any Evaluable]
  let values: [any Evaluable]

  init(keys: [any Evaluable], values: [any Evaluable]) {
    self.keys = keys
    self.values = values
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let result = DictObject(capacity: keys.count, run)
    try run.allocate(keys.count, times: 64)
    for index in keys.indices {
      let key = try keys[index].evaluate(run)
      let value = try values[index].evaluate(run)
      result.set(try run.key(key), key: key, to: value)
    }
    return .dict(result)
  }
}

final class ConditionalNode: Evaluable {
  let test: any Evaluable
  let then: any Evaluable
  let otherwise: (any Evaluable)?
  private let undefined: Undefined

  init(
    test: any Evaluable, then: any Evaluable, otherwise: (any Evaluable)?, template: String,
    line: Int
  ) {
    self.test = test
    self.then = then
    self.otherwise = otherwise
    undefined = Undefined(
      "the inline if-expression on line \(line) in '\(template)' evaluated to false and no else"
        + " section was defined.", isLenient: true)
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    if try test.isTrue(run) { return try then.evaluate(run) }
    return try otherwise?.evaluate(run) ?? .undefined(undefined)
  }
}

extension Run {
  func evaluate(_ nodes: [any Evaluable]) throws(JinjaError) -> [Value] {
    var result: [Value] = []
    result.reserveCapacity(nodes.count)
    for node in nodes { result.append(try node.evaluate(self)) }
    return result
  }
}
