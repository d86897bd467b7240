/// Jinja: the tests that ask what kind of value it is.

extension Tests {
  private static func none(
    _ arguments: Arguments, _ name: String, _ run: Run
  ) throws(JinjaError) {
    try arguments.refuseAll(for: "test '\(name)'", run)
  }

  static func isNone(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "none", run)
    return value.isNone
  }

  static func boolean(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "boolean", run)
    if case .bool = value { return true }
    return false
  }

  static func isFalse(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "false", run)
    if case .bool(false) = value { return true }
    return false
  }

  static func isTrue(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "true", run)
    if case .bool(true) = value { return true }
    return false
  }

  static func integer(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "integer", run)
    switch value {
    case .int, .big: return true
    default: return false
    }
  }

  static func float(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "float", run)
    if case .double = value { return true }
    return false
  }

  static func lower(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "lower", run)
    return TextKind.isLower(try run.string(value))
  }

  static func upper(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "upper", run)
    return TextKind.isUpper(try run.string(value))
  }

  static func string(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "string", run)
    return value.text != nil
  }

  static func mapping(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "mapping", run)
    if case .dict = value { return true }
    return false
  }

  /// True and False are numbers too.
  static func number(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "number", run)
    return Number(value) != nil
  }

  static func sequence(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "sequence", run)
    switch value {
    case .list, .tuple, .dict, .string, .markup: return true
    // Jinja2 asks for a length and for an item; Undefined has both, the strict one no length.
    case .undefined(let undefined):
      return !run.isStrict || undefined.isLenient
    case .object(let object): return object is RangeObject
    default: return false
    }
  }

  static func iterable(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "iterable", run)
    return try run.cursorIfIterable(value) != nil
  }

  static func callable(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "callable", run)
    return run.isCallable(value)
  }

  static func escaped(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "escaped", run)
    return value.isMarkup
  }

  /// Identity. Small values are the same when they are equal and of one type.
  static func sameAs(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(["other"], required: 1, for: "test 'sameas'", run)
    switch (value, bound[0] ?? .null) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.int(let a), .int(let b)): return a == b
    case (.double(let a), .double(let b)): return a == b
    case (.string(let a), .string(let b)), (.markup(let a), .markup(let b)):
      return sameText(a, b)
    case (.list(let a), .list(let b)): return a === b
    case (.tuple(let a), .tuple(let b)): return a === b || a.items.isEmpty && b.items.isEmpty
    case (.dict(let a), .dict(let b)): return a === b
    case (.object(let a), .object(let b)): return a === b
    case (.undefined(let a), .undefined(let b)): return a === b
    default: return false
    }
  }
}
