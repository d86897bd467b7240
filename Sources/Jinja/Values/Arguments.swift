/// Jinja: the arguments of a call, by position and by name.

struct Arguments {
  var positional: [Value] = []
  var named: [(name: String, value: Value)] = []

  static var empty: Arguments { Arguments() }

  var isEmpty: Bool { positional.isEmpty && named.isEmpty }

  mutating func take(_ name: String) -> Value? {
    guard let index = named.firstIndex(where: { $0.name == name }) else { return nil }
    return named.remove(at: index).value
  }

  func refuseAll(for function: @autoclosure () -> String, _ run: Run) throws(JinjaError) {
    if isEmpty { return }
    _ = try bindNamed([], required: 0, for: function(), run)
  }

  /// The arguments in the order of the parameters, as Python binds them. There is at least one
  /// parameter; names are only looked at where there is more than position to go by.
  func bind(
    _ parameters: @autoclosure () -> [String], required: Int = 0,
    for function: @autoclosure () -> String, _ run: Run
  ) throws(JinjaError) -> Bound {
    if named.isEmpty, positional.count >= required, positional.count <= max(1, required) {
      return Bound(positional: positional)
    }
    let values = try bindNamed(parameters(), required: required, for: function(), run)
    return Bound(positional: [], named: values)
  }

  private func bindNamed(
    _ parameters: [String], required: Int, for function: String, _ run: Run
  ) throws(JinjaError) -> [Value?] {
    var result = [Value?](repeating: nil, count: parameters.count)
    guard positional.count <= parameters.count else {
      throw run.failure(
        .type,
        "\(function) takes at most \(parameters.count) arguments, but got \(positional.count)")
    }
    for (index, value) in positional.enumerated() { result[index] = value }
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
  let positional: [Value]
  var named: [Value?] = []

  subscript(index: Int) -> Value? {
    if index < positional.count { return positional[index] }
    return index < named.count ? named[index] : nil
  }
}
