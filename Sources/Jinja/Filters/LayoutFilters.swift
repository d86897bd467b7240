/// Jinja: filters that lay text out: center, indent, truncate, wordwrap.

extension Filters {
  static func center(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["width"], for: "filter 'center'", run)
    let width = try run.whole(bound[0], otherwise: 80)
    return try run.like(
      value, try run.padded(try run.string(value), width: width, side: .both))
  }

  static func indent(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(
      ["width", "first", "blank"], most: 3, for: "filter 'indent'", run)
    let indention: String
    if let text = bound[0]?.text {
      indention = text
    } else {
      let width = Swift.max(0, try run.whole(bound[0], otherwise: 4))
      try run.allocate(width)
      indention = String(repeating: " ", count: width)
    }
    // Jinja2 adds a line break to the value: only text can take it.
    guard let text = value.text else {
      if case .list = value {
        throw run.failure(.lookup, "'list' object has no attribute 'splitlines'")
      }
      _ = try run.arithmetic(.add, value, .string("\n"))
      throw run.failure(.type, "'\(value.typeName)' can't be indented")
    }
    let (first, blank) = (try run.flag(bound[1]), try run.flag(bound[2]))
    if first { run.output.append(indention) }
    try text.utf8.span.withUnsafeBufferPointer { (bytes) throws(JinjaError) in
      try run.work(bytes.count / 16)
      var lines = LineReader(bytes)
      guard let line = lines.next() else { return }
      run.output.append(line)
      while let line = lines.next() {
        try run.allocate(indention.utf8.count)
        run.output.append(UInt8(ascii: "\n"))
        if blank || !line.isEmpty { run.output.append(indention) }
        run.output.append(line)
      }
    }
    return value.isMarkup
  }

  static func truncate(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["length", "killwords", "end", "leeway"], for: "filter 'truncate'", run)
    let length = try run.whole(bound[0], otherwise: 255)
    let end = try bound[2].map { (end) throws(JinjaError) in try run.requiredText(end) } ?? "..."
    var leeway = 5
    if let given = bound[3], !given.isNone { leeway = try run.whole(given) }
    guard length >= end.scalarCount else {
      throw run.failure(
        .value, "expected length >= \(end.scalarCount), got \(length)")
    }
    guard leeway >= 0 else { throw run.failure(.value, "expected leeway >= 0, got \(leeway)") }
    let count = try run.length(value)
    let (most, overflow) = length.addingReportingOverflow(leeway)
    if overflow || count <= most { return value }
    guard let text = value.text else {
      throw run.failure(.type, "'\(value.typeName)' can't be truncated")
    }
    let kept = text.scalarArray.prefix(length - end.scalarCount)
    if try run.flag(bound[1]) { return try run.like(value, String(kept) + end) }
    let whole = kept.lastIndex(of: " ").map { kept[..<$0] } ?? kept
    return try run.like(value, String(whole) + end)
  }

  static func wordwrap(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["width", "break_long_words", "wrapstring", "break_on_hyphens"],
      for: "filter 'wordwrap'", run)
    let wrapper = TextWrapper(
      width: try run.whole(bound[0], otherwise: 79),
      breaksLongWords: try run.flag(bound[1], otherwise: true),
      breaksOnHyphens: try run.flag(bound[3], otherwise: true))
    let separator = try run.optionalText(bound[2]) ?? "\n"
    try run.refuseUndefined(value)
    guard let text = value.text else {
      throw run.failure(.lookup, "'\(value.typeName)' object has no attribute 'splitlines'")
    }
    guard wrapper.width > 0 else {
      throw run.failure(.value, "invalid width \(wrapper.width) (must be > 0)")
    }
    var paragraphs: [String] = []
    for line in try run.lines(text) {
      let wrapped = try wrapper.wrap(line, run)
      try run.allocate(wrapped.count, times: separator.utf8.count + 32)
      paragraphs.append(joined(wrapped, separator: separator))
    }
    try run.allocate(paragraphs.count, times: separator.utf8.count)
    return try run.like(value, joined(paragraphs, separator: separator))
  }
}
