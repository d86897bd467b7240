/// Jinja: filters that pick items or change each of them: map, select, reject, attr.

extension Filters {
  static func map(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    var cursor = Cursor.empty
    var change: ((Value, Run) throws(JinjaError) -> Value)?
    return .object(
      IteratorObject(run) { (run) throws(JinjaError) -> Value? in
        if change == nil {
          // Jinja2 looks at the arguments only when there is something to change.
          guard try run.truth(value) else { return nil }
          change = try mapping(arguments, run)
          cursor = try run.cursor(value)
        }
        guard let item = try cursor.next(run) else { return nil }
        return try change?(item, run)
      })
  }

  private static func mapping(
    _ arguments: Arguments, _ run: Run
  ) throws(JinjaError) -> (Value, Run) throws(JinjaError) -> Value {
    var rest = arguments
    if arguments.count == 0, let attribute = rest.take("attribute") {
      var path = try AttributePath(attribute, run)
      path.replacement = rest.take("default") ?? .null
      if let extra = rest.named.first {
        throw run.failure(.argument, "Unexpected keyword argument '\(extra.name)'")
      }
      return { (item, run) throws(JinjaError) in try path.value(of: item, run) }
    }
    guard let name = arguments[0] else {
      throw run.failure(.argument, "map requires a filter argument")
    }
    rest.positional.removeFirst()
    return { (item, run) throws(JinjaError) in try call(name, item, rest, run) }
  }

  static func select(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try picked(run, value, arguments, keeps: true, byAttribute: false)
  }

  static func reject(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try picked(run, value, arguments, keeps: false, byAttribute: false)
  }

  static func selectattr(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try picked(run, value, arguments, keeps: true, byAttribute: true)
  }

  static func rejectattr(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try picked(run, value, arguments, keeps: false, byAttribute: true)
  }

  private static func picked(
    _ run: Run, _ value: Value, _ arguments: Arguments, keeps: Bool, byAttribute: Bool
  ) throws(JinjaError) -> Value {
    var cursor = Cursor.empty
    var path = AttributePath()
    var name: Value?
    var rest = arguments
    var isStarted = false
    return .object(
      IteratorObject(run) { (run) throws(JinjaError) -> Value? in
        if !isStarted {
          guard try run.truth(value) else { return nil }
          if byAttribute {
            guard let attribute = rest.positional.first else {
              throw run.failure(.argument, "Missing parameter for attribute name")
            }
            path = try AttributePath(attribute, run)
            rest.positional.removeFirst()
          }
          if let first = rest.positional.first {
            name = first
            rest.positional.removeFirst()
          }
          cursor = try run.cursor(value)
          isStarted = true
        }
        while let item = try cursor.next(run) {
          try run.step()
          let subject = try path.value(of: item, run)
          let holds =
            if let name { try Tests.call(name, subject, rest, run) } else {
              try run.truth(subject)
            }
          if holds == keeps { return item }
        }
        return nil
      })
  }

  static func attr(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["name"], required: 1, for: "filter 'attr'", run)
    guard let name = bound[0]?.text else {
      throw run.failure(.type, "attribute name must be string")
    }
    if case .dict = value {
      // A key is no attribute.
      return run.hasMethod(name, value)
        ? .object(MethodObject(value, name, run))
        : .undefined(run.missingElement(.string(name), of: value))
    }
    return try run.pythonAttribute(name, of: value)
      ?? .undefined(run.missingElement(.string(name), of: value))
  }
}
