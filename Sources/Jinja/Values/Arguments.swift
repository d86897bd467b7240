/// Jinja: the arguments of a call, by position and by name.

/// The first two have their place in the struct: most calls then need no memory.
struct Arguments {
  private(set) var count = 0
  private var first = Value.missing
  private var second = Value.missing
  private var more: More?

  /// The third argument and those behind it, and those by name.
  private final class More {
    let rest: [Value]
    let named: [(name: String, value: Value)]

    init(rest: [Value], named: [(name: String, value: Value)]) {
      self.rest = rest
      self.named = named
    }
  }

  static var empty: Arguments { Arguments() }

  init() {}

  init(positional: [Value], named: [(name: String, value: Value)] = []) {
    count = positional.count
    if count > 0 { first = positional[0] }
    if count > 1 { second = positional[1] }
    if count > 2 || !named.isEmpty {
      more = More(rest: Array(positional.dropFirst(2)), named: named)
    }
  }

  @inline(__always)
  init(_ value: Value) { (count, first) = (1, value) }

  @inline(__always)
  init(_ first: Value, _ second: Value) { (count, self.first, self.second) = (2, first, second) }

  /// By position; nil where there is none.
  subscript(index: Int) -> Value? {
    guard index >= 0, index < count else { return nil }
    switch index {
    case 0: return first
    case 1: return second
    default: return more?.rest[index - 2]
    }
  }

  var positional: [Value] {
    get { (0..<count).compactMap { self[$0] } }
    set { self = Arguments(positional: newValue, named: named) }
  }

  var named: [(name: String, value: Value)] {
    get { more?.named ?? [] }
    set { more = More(rest: more?.rest ?? [], named: newValue) }
  }

  var hasNames: Bool { more.map { !$0.named.isEmpty } ?? false }
  var isEmpty: Bool { count == 0 && !hasNames }

  mutating func take(_ name: String) -> Value? {
    guard let index = named.firstIndex(where: { $0.name == name }) else { return nil }
    return named.remove(at: index).value
  }

  @inline(__always)
  func refuseAll(for function: @autoclosure () -> String, _ run: Run) throws(JinjaError) {
    if isEmpty { return }
    _ = try bindNamed([], required: 0, for: function(), run)
  }

  /// The arguments in the order of the parameters, as Python binds them. There are at least `most`
  /// parameters; names are only looked at where there is more than position to go by.
  @inline(__always)
  func bind(
    _ parameters: @autoclosure () -> [String], required: Int = 0, most: Int = 1,
    for function: @autoclosure () -> String, _ run: Run
  ) throws(JinjaError) -> Bound {
    if !hasNames, count >= required, count <= max(most, required) {
      return Bound(arguments: self)
    }
    let values = try bindNamed(parameters(), required: required, for: function(), run)
    return Bound(arguments: .empty, named: values)
  }

  private func bindNamed(
    _ parameters: [String], required: Int, for function: String, _ run: Run
  ) throws(JinjaError) -> [Value?] {
    var result = [Value?](repeating: nil, count: parameters.count)
    guard count <= parameters.count else {
      throw run.failure(
        .type, "\(function) takes at most \(parameters.count) arguments, but got \(count)")
    }
    for index in 0..<count { result[index] = self[index] }
    for (name, value) in named {
      guard let index = parameters.firstIndex(of: name) else {
        throw run.failure(.type, "\(function) got an unexpected keyword argument '\(name)'")
      }
      guard result[index] == nil else {
        throw run.failure(.type, "\(function) got multiple values for argument '\(name)'")
      }
      result[index] = value
    }
    for index in 0..<min(required, parameters.count) where result[index] == nil {
      throw run.failure(.type, "\(function) is missing its argument '\(parameters[index])'")
    }
    return result
  }
}

/// The values of parameters; nil where none was given.
struct Bound {
  let arguments: Arguments
  var named: [Value?]?

  subscript(index: Int) -> Value? {
    guard let named else { return arguments[index] }
    return index < named.count ? named[index] : nil
  }
}
