/// Jinja: the names that every template knows: range, dict, namespace, cycler, joiner.

enum Globals {
  static let names: Set<String> = ["range", "dict", "namespace", "cycler", "joiner"]

  static func value(_ name: String, _ run: Run) -> Value? {
    switch name {
    case "range": return .object(GlobalFunction("range", run, body: range))
    case "dict": return .object(GlobalFunction("dict", run, body: dict))
    case "namespace": return .object(GlobalFunction("jinja2.utils.Namespace", run, body: namespace))
    case "cycler": return .object(GlobalFunction("jinja2.utils.Cycler", run, body: cycler))
    case "joiner": return .object(GlobalFunction("jinja2.utils.Joiner", run, body: joiner))
    default: return nil
    }
  }

  private static func range(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    guard !arguments.hasNames else {
      throw run.failure(.type, "range() takes no keyword arguments")
    }
    var numbers: [Int] = []
    for argument in arguments.positional { numbers.append(try run.whole(argument)) }
    guard (1...3).contains(numbers.count) else {
      throw run.failure(.type, "range expected 1 to 3 arguments, got \(numbers.count)")
    }
    let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
    let step = numbers.count == 3 ? numbers[2] : 1
    guard let range = RangeObject(start: start, stop: stop, step: step, run) else {
      throw run.failure(.value, "range() arg 3 must not be zero")
    }
    return .object(range)
  }

  static func dict(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    .dict(try filledDict(arguments, "dict", run))
  }

  private static func namespace(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    .object(NamespaceObject(try filledDict(arguments, "namespace", run), run))
  }

  private static func filledDict(
    _ arguments: Arguments, _ function: String, _ run: Run
  ) throws(JinjaError) -> DictObject {
    let result = DictObject(run)
    guard arguments.count <= 1 else {
      throw run.failure(
        .type, "\(function) expected at most 1 argument, got \(arguments.count)")
    }
    if let source = arguments[0] { try run.update(result, from: source) }
    for (name, value) in arguments.named { result.set(name, to: value) }
    return result
  }

  private static func cycler(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    guard !arguments.hasNames else {
      throw run.failure(.type, "cycler takes no keyword arguments")
    }
    guard arguments.count > 0 else {
      throw run.failure(.runtime, "at least one item has to be provided")
    }
    return .object(CyclerObject(arguments.positional, run))
  }

  private static func joiner(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["sep"], for: "joiner", run)
    return .object(JoinerObject(bound[0] ?? .string(", "), run))
  }
}

extension Run {
  /// `dict.update(source)`: a mapping, or pairs.
  func update(_ dict: DictObject, from source: Value) throws(JinjaError) {
    try refuseUndefined(source)
    if case .dict(let other) = source {
      try work(other.count)
      try allocate(other.count * 64)
      let (hashes, keys, values) = (other.hashes, other.keys, other.values)
      for index in hashes.indices { dict.set(hashes[index], key: keys[index], to: values[index]) }
      return
    }
    var cursor = try cursor(source)
    var index = 0
    while let pair = try cursor.next(self) {
      try work(1)
      try allocate(64)
      guard try cursorIfIterable(pair) != nil else {
        throw failure(
          .type, "cannot convert dictionary update sequence element #\(index) to a sequence")
      }
      let items = try array(pair)
      guard items.count == 2 else {
        throw failure(
          .value,
          "dictionary update sequence element #\(index) has length \(items.count); 2 is required")
      }
      dict.set(try key(items[0]), key: items[0], to: items[1])
      index += 1
    }
  }
}
