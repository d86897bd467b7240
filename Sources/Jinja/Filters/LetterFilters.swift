/// Jinja: filters for text: case, replacing, trimming, formatting.

extension Filters {
  static func upper(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "upper", run)
    let text = try run.string(value)
    if !run.output.append(ascii: text, { (97...122).contains($0) ? $0 &- 32 : $0 }) {
      run.output.append(uppercased(text))
    }
    return value.isMarkup
  }

  static func lower(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    try none(arguments, "lower", run)
    let text = try run.string(value)
    if !run.output.append(ascii: text, { (65...90).contains($0) ? $0 &+ 32 : $0 }) {
      run.output.append(lowercased(text))
    }
    return value.isMarkup
  }

  static func capitalize(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "capitalize", run)
    return try run.like(value, capitalized(try run.string(value)))
  }

  /// A word begins at the start and behind white space and `-({[<`.
  static func title(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "title", run)
    let scalars = try run.string(value).scalarArray
    func separates(_ scalar: Unicode.Scalar) -> Bool {
      isPythonSpace(scalar.value) || "-({[<".unicodeScalars.contains(scalar)
    }
    var result = ""
    var start = 0
    while start < scalars.count {
      let kind = separates(scalars[start])
      let end = scalars[start...].firstIndex { separates($0) != kind } ?? scalars.count
      result += scalars[start].properties.uppercaseMapping
      result += lowercased(Array(scalars[(start + 1)..<end]))
      start = end
    }
    try run.allocate(result.utf8.count)
    return .string(result)
  }

  static func string(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "string", run)
    return value.isMarkup ? value : try run.textValue(try run.string(value))
  }

  static func trim(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["chars"], for: "filter 'trim'", run)
    let text = try run.string(value)
    return try run.like(value, run.stripped(text, try run.optionalText(bound[0])))
  }

  static func replace(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(
      ["old", "new", "count"], required: 2, most: 3, for: "filter 'replace'", run)
    let (old, new) = (bound[0] ?? .null, bound[1] ?? .null)
    var count = -1
    if let limit = bound[2], !limit.isNone { count = try run.whole(limit) }
    var (text, isMarkup) = (try run.string(value), value.isMarkup && run.autoescape)
    if run.autoescape, !value.isMarkup, old.isMarkup || new.isMarkup {
      try run.allocate(text.utf8.count, times: 6)
      (text, isMarkup) = (htmlEscaped(text), true)
    }
    func part(_ value: Value) throws(JinjaError) -> String {
      let text = try run.string(value)
      return isMarkup && !value.isMarkup ? htmlEscaped(text) : text
    }
    try run.writeReplaced(text, try part(old), with: try part(new), count: count)
    return isMarkup
  }

  static func format(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    guard arguments.count == 0 || !arguments.hasNames else {
      throw run.failure(
        .argument, "can't handle positional and keyword arguments at the same time")
    }
    let text = try run.string(value)
    if !arguments.hasNames {
      return try run.percentFormatted(
        text, isMarkup: value.isMarkup, try run.tuple(arguments.positional))
    }
    let mapping = try Globals.dict(arguments, run)
    return try run.percentFormatted(text, isMarkup: value.isMarkup, mapping)
  }

  static func wordcount(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "wordcount", run)
    var count = 0
    var isInWord = false
    for scalar in try run.string(value).unicodeScalars {
      let isWord = scalar == "_" || TextKind.isAlphanumeric(scalar)
      if isWord, !isInWord { count += 1 }
      isInWord = isWord
    }
    return .int(count)
  }

  static func defaulted(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["default_value", "boolean"], most: 2, for: "filter 'default'", run)
    if value.isUndefined { return bound[0] ?? .string("") }
    if try run.flag(bound[1]), !(try run.truth(value)) { return bound[0] ?? .string("") }
    return value
  }
}
