/// Jinja: `"{} of {total:>5}".format(…)`.

extension Run {
  func braceFormatted(
    _ template: String, _ original: Value, _ arguments: Arguments, mapping: Value? = nil
  ) throws(JinjaError) -> Value {
    var format = BraceFormat(
      arguments: arguments, mapping: mapping, isMarkup: original.isMarkup)
    return try like(original, try format.expand(template.scalarArray, depth: 2, self))
  }

  /// Python's `format(value, spec)`.
  func formatted(_ value: Value, _ specText: String) throws(JinjaError) -> String {
    if specText.isEmpty { return try string(value) }
    if case .undefined(let undefined) = value {
      try refuseIfStrict(undefined)
      throw failure(.type, "unsupported format string passed to Undefined.__format__")
    }
    guard var spec = FormatSpec(specText) else {
      throw failure(.value, "Invalid format specifier '\(specText)'")
    }
    try allocate(spec.width)
    switch value {
    case .string(let text), .markup(let text):
      guard spec.type == nil || spec.type == "s" else {
        throw failure(
          .value, "Unknown format code '\(spec.type ?? "s")' for object of type 'str'")
      }
      guard spec.sign == nil, !spec.isAlternate, spec.grouping == nil else {
        throw failure(.value, "That is not allowed in a format specifier for text")
      }
      if spec.alignment == .afterSign {
        guard spec.fill == "0", specText.hasPrefix("0") else {
          throw failure(.value, "'=' alignment not allowed in string format specifier")
        }
        spec.alignment = .left
      }
      let cut = spec.precision.map { String(text.unicodeScalars.prefix($0)) } ?? text
      return spec.padded(sign: "", digits: cut, standard: .left)
    case .double(let number): return try formatted(double: number, spec)
    case .bool(let flag) where spec.type == nil:
      // A bool is printed by its name only without any format.
      return try formatted(whole: BigInt(flag ? 1 : 0), spec)
    default:
      guard case .whole(let number) = Number(value) else {
        throw failure(
          .type, "unsupported format string passed to \(value.typeName).__format__")
      }
      let type = spec.type ?? "d"
      if spec.precision != nil, "bcdnoxX".unicodeScalars.contains(type) {
        throw failure(.value, "Precision not allowed in integer format specifier")
      }
      return try formatted(whole: number, spec)
    }
  }
}

private struct BraceFormat {
  let arguments: Arguments
  let mapping: Value?
  let isMarkup: Bool
  private var automatic = 0
  private var numbering: Bool?

  init(arguments: Arguments, mapping: Value?, isMarkup: Bool) {
    self.arguments = arguments
    self.mapping = mapping
    self.isMarkup = isMarkup
  }

  mutating func expand(
    _ template: [Unicode.Scalar], depth: Int, _ run: Run
  ) throws(JinjaError) -> String {
    guard depth > 0 else { throw run.failure(.value, "Max string recursion exceeded") }
    var result = ""
    var index = 0
    while index < template.count {
      let scalar = template[index]
      index += 1
      let next = index < template.count ? template[index] : nil
      if scalar == "{" || scalar == "}", next == scalar {
        result.unicodeScalars.append(scalar)
        index += 1
      } else if scalar == "{" {
        var nesting = 1
        let start = index
        while index < template.count {
          if template[index] == "{" { nesting += 1 }
          if template[index] == "}" { nesting -= 1 }
          if nesting == 0 { break }
          index += 1
        }
        guard index < template.count else {
          throw run.failure(.value, "expected '}' before end of string")
        }
        let part = try field(Array(template[start..<index]), depth: depth, run)
        try run.allocate(part.utf8.count)
        result += part
        index += 1
      } else if scalar == "}" {
        throw run.failure(.value, "Single '}' encountered in format string")
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private mutating func field(
    _ text: [Unicode.Scalar], depth: Int, _ run: Run
  ) throws(JinjaError) -> String {
    var nameEnd = 0
    var brackets = 0
    while nameEnd < text.count {
      let scalar = text[nameEnd]
      if scalar == "[" { brackets += 1 }
      if scalar == "]" { brackets = max(0, brackets - 1) }
      if brackets == 0, scalar == ":" || scalar == "!" { break }
      nameEnd += 1
    }
    var value = try lookup(Array(text[..<nameEnd]), run)
    var rest = text[nameEnd...]
    if rest.first == "!" {
      guard rest.count >= 2 else {
        throw run.failure(.value, "unmatched '{' in format spec")
      }
      let kind = rest[rest.startIndex + 1]
      rest = rest.dropFirst(2)
      guard rest.isEmpty || rest.first == ":" else {
        throw run.failure(.value, "expected ':' after conversion specifier")
      }
      var shown = ""
      switch kind {
      case "s": shown = try run.string(value)
      case "r", "a":
        try run.writeRepr(value, to: &shown)
        if kind == "a" { shown = asciiEscaped(shown) }
      default:
        throw run.failure(.value, "Unknown conversion specifier \(kind)")
      }
      value = .string(shown)
    }
    var spec = String(rest.dropFirst())
    if spec.unicodeScalars.contains(where: { $0 == "{" || $0 == "}" }) {
      spec = try expand(spec.scalarArray, depth: depth - 1, run)
    }
    let result = try run.formatted(value, spec)
    return isMarkup && !value.isMarkup ? htmlEscaped(result) : result
  }

  private mutating func lookup(
    _ name: [Unicode.Scalar], _ run: Run
  ) throws(JinjaError) -> Value {
    let firstEnd = name.firstIndex { $0 == "." || $0 == "[" } ?? name.count
    let first = String(name[..<firstEnd])
    var value = try argument(first, run)
    var index = firstEnd
    while index < name.count {
      if name[index] == "." {
        let end = name[(index + 1)...].firstIndex { $0 == "." || $0 == "[" } ?? name.count
        let attribute = String(name[(index + 1)..<end])
        guard let found = try run.pythonAttribute(attribute, of: value) else {
          throw run.failure(
            .lookup, "'\(value.typeName)' object has no attribute '\(attribute)'")
        }
        value = found
        index = end
      } else {
        guard name[index] == "[", let end = name[index...].firstIndex(of: "]") else {
          throw run.failure(.value, "Only '.' or '[' may follow ']' in format field specifier")
        }
        let key = String(name[(index + 1)..<end])
        let found = try run.item(Int(key).map { .int($0) } ?? .string(key), of: value)
        guard !found.isUndefined else { throw run.failure(.lookup, "'\(key)'") }
        value = found
        index = end + 1
      }
    }
    return value
  }

  private mutating func argument(_ name: String, _ run: Run) throws(JinjaError) -> Value {
    if name.isEmpty || Int(name) != nil {
      let isAutomatic = name.isEmpty
      if let numbering, numbering != isAutomatic {
        throw run.failure(
          .value, "cannot switch between automatic field numbering and manual specification")
      }
      numbering = isAutomatic
      let position = isAutomatic ? automatic : Int(name) ?? 0
      if isAutomatic { automatic += 1 }
      guard mapping == nil else {
        throw run.failure(.value, "Format string contains positional fields")
      }
      guard let value = arguments[position] else {
        throw run.failure(
          .lookup, "Replacement index \(position) out of range for positional args tuple")
      }
      return value
    }
    if let mapping {
      let found = try run.item(.string(name), of: mapping)
      if !found.isUndefined { return found }
    } else if let found = arguments.named.first(where: { $0.name == name }) {
      return found.value
    }
    throw run.failure(.lookup, "'\(name)'")
  }
}
