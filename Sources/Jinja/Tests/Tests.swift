/// Jinja: the tests behind `is`, by name.

enum Tests {
  struct Entry: Sendable {
    let call: Test

    init(_ call: @escaping Test) { self.call = call }
  }

  static let all: [String: Entry] = [
    "odd": .init(odd), "even": .init(even), "divisibleby": .init(divisibleBy),
    "defined": .init(defined),
    "undefined": .init(undefined), "filter": .init(filter), "test": .init(test),
    "none": .init(isNone), "boolean": .init(boolean),
    "false": .init(isFalse), "true": .init(isTrue), "integer": .init(integer),
    "float": .init(float), "lower": .init(lower),
    "upper": .init(upper), "string": .init(string), "mapping": .init(mapping),
    "number": .init(number),
    "sequence": .init(sequence), "iterable": .init(iterable), "callable": .init(callable),
    "sameas": .init(sameAs),
    "escaped": .init(escaped), "in": .init(isIn), "==": .init(equal), "eq": .init(equal),
    "equalto": .init(equal),
    "!=": .init(notEqual), "ne": .init(notEqual), ">": .init(greater), "gt": .init(greater),
    "greaterthan": .init(greater),
    ">=": .init(greaterOrEqual), "ge": .init(greaterOrEqual), "<": .init(less), "lt": .init(less),
    "lessthan": .init(less),
    "<=": .init(lessOrEqual), "le": .init(lessOrEqual),
  ]

  private static func none(
    _ arguments: Arguments, _ name: String, _ run: Run
  ) throws(JinjaError) {
    try arguments.refuseAll(for: "test '\(name)'", run)
  }

  private static func one(
    _ arguments: Arguments, _ name: String, _ run: Run
  ) throws(JinjaError) -> Value {
    try arguments.bind(["other"], required: 1, for: "test '\(name)'", run)[0] ?? .null
  }

  private static func isRemainder(
    _ value: Value, _ divisor: Int, _ rest: Int, _ run: Run
  ) throws(JinjaError) -> Bool {
    let result = try run.arithmetic(.remainder, value, .int(divisor))
    return try run.isEqual(result, .int(rest))
  }

  private static func odd(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "odd", run)
    return try isRemainder(value, 2, 1, run)
  }

  private static func even(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "even", run)
    return try isRemainder(value, 2, 0, run)
  }

  private static func divisibleBy(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(["num"], required: 1, for: "test 'divisibleby'", run)
    let rest = try run.arithmetic(.remainder, value, bound[0] ?? .null)
    return try run.isEqual(rest, .int(0))
  }

  private static func defined(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "defined", run)
    return !value.isUndefined
  }

  private static func undefined(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "undefined", run)
    return value.isUndefined
  }

  private static func filter(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "filter", run)
    _ = try run.key(value)
    return value.text.map { Filters.all[$0] != nil } ?? false
  }

  private static func test(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "test", run)
    _ = try run.key(value)
    return value.text.map { all[$0] != nil } ?? false
  }

  private static func equal(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try run.isEqual(value, try one(arguments, "eq", run))
  }

  private static func notEqual(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    !(try run.isEqual(value, try one(arguments, "ne", run)))
  }

  private static func greater(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try run.compare(.greater, value, try one(arguments, "gt", run))
  }

  private static func greaterOrEqual(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try run.compare(.greaterOrEqual, value, try one(arguments, "ge", run))
  }

  private static func less(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try run.compare(.less, value, try one(arguments, "lt", run))
  }

  private static func lessOrEqual(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try run.compare(.lessOrEqual, value, try one(arguments, "le", run))
  }

  private static func isIn(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(["seq"], required: 1, for: "test 'in'", run)
    return try run.contains(bound[0] ?? .null, value)
  }

  /// What `select` and its kin call by name.
  static func call(
    _ name: Value, _ value: Value, _ arguments: Arguments, _ run: Run
  ) throws(JinjaError) -> Bool {
    try run.refuseUndefined(name)
    guard let text = name.text, let function = all[text] else {
      throw run.failure(.runtime, "No test named '\(try run.string(name))'.")
    }
    return try function.call(run, value, arguments)
  }
}
