/// Jinja: the methods of text.

extension Run {
  private static let plainMethods: Set<String> = [
    "upper", "lower", "casefold", "capitalize", "title", "swapcase", "isalpha", "isdigit",
    "isdecimal", "isnumeric", "isalnum", "isspace", "isascii", "islower", "isupper", "istitle",
    "isprintable", "isidentifier",
  ]

  func textMethod(
    _ name: String, _ text: String, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value? {
    try work(text.utf8.count / 32)
    if !arguments.isEmpty, Self.plainMethods.contains(name) {
      throw failure(.type, "str.\(name)() takes no arguments")
    }
    if let answer = try textTest(name, text, arguments) { return .bool(answer) }
    switch name {
    case "upper": return try like(value, uppercased(text))
    case "lower": return try like(value, lowercased(text))
    case "casefold": return try like(value, caseFolded(text))
    case "capitalize": return try like(value, capitalized(text))
    case "title": return try like(value, titled(text))
    case "swapcase": return try like(value, caseSwapped(text))
    case "strip", "lstrip", "rstrip":
      let bound = try arguments.bind(["chars"], for: name, self)
      let result = stripped(
        text, try optionalText(bound[0]), left: name != "rstrip", right: name != "lstrip")
      return try like(value, result)
    case "split", "rsplit": return try splitMethod(name, text, value, arguments)
    case "splitlines":
      let bound = try arguments.bind(["keepends"], for: name, self)
      let keepsEnds = try bound[0].map { (flag) throws(JinjaError) in try truth(flag) } ?? false
      return try texts(try lines(text, keepsEnds: keepsEnds), like: value)
    case "join": return try joinMethod(text, value, arguments)
    case "replace":
      let bound = try arguments.bind(["old", "new", "count"], required: 2, for: name, self)
      let result = try replaced(
        text, try requiredText(bound[0]), with: try requiredText(bound[1]),
        count: try bound[2].map { (count) throws(JinjaError) in try whole(count) } ?? -1)
      return try like(value, result)
    case "find", "rfind", "index", "rindex", "count":
      return try searchMethod(name, text, arguments)
    case "center", "ljust", "rjust":
      let bound = try arguments.bind(["width", "fillchar"], required: 1, for: name, self)
      let side: Side = name == "center" ? .both : name == "ljust" ? .right : .left
      let result = try padded(
        text, width: try whole(bound[0] ?? .null), fill: try fill(bound[1]), side: side)
      return try like(value, result)
    case "zfill":
      let bound = try arguments.bind(["width"], required: 1, for: name, self)
      let hasSign = text.utf8.first == 43 || text.utf8.first == 45
      let sign = hasSign ? String(text.unicodeScalars.prefix(1)) : ""
      let width = try whole(bound[0] ?? .null) &- (hasSign ? 1 : 0)
      let digits = String(text.unicodeScalars.dropFirst(hasSign ? 1 : 0))
      return try like(value, sign + (try padded(digits, width: width, fill: "0", side: .left)))
    case "partition", "rpartition": return try partitionMethod(name, text, value, arguments)
    case "removeprefix", "removesuffix":
      let bound = try arguments.bind(["part"], required: 1, for: name, self)
      let part = Array(try requiredText(bound[0]).utf8)
      let bytes = Array(text.utf8)
      let has =
        name == "removeprefix"
        ? bytes.starts(with: part) : bytes.suffix(part.count).elementsEqual(part)
      guard has, part.count <= bytes.count else { return value }
      let rest = name == "removeprefix" ? bytes.dropFirst(part.count) : bytes.dropLast(part.count)
      return try like(value, String(decoding: rest, as: UTF8.self))
    case "expandtabs":
      let bound = try arguments.bind(["tabsize"], for: name, self)
      let size = try bound[0].map { (size) throws(JinjaError) in try whole(size) } ?? 8
      return try like(value, try tabsExpanded(text, size: size))
    case "format": return try braceFormatted(text, value, arguments)
    case "format_map":
      let bound = try arguments.bind(["mapping"], required: 1, for: name, self)
      return try braceFormatted(text, value, Arguments(), mapping: bound[0] ?? .null)
    default: return nil
    }
  }

  private func textTest(
    _ name: String, _ text: String, _ arguments: Arguments
  ) throws(JinjaError) -> Bool? {
    switch name {
    case "startswith", "endswith": return try affixTest(name, text, arguments)
    case "isalpha": return TextKind.all(text, TextKind.isAlpha)
    case "isdigit": return TextKind.all(text, TextKind.isDigit)
    case "isdecimal": return TextKind.all(text, TextKind.isDecimal)
    case "isnumeric": return TextKind.all(text, TextKind.isNumeric)
    case "isalnum": return TextKind.all(text, TextKind.isAlphanumeric)
    case "isspace": return TextKind.all(text) { isPythonSpace($0.value) }
    case "isascii": return text.isASCIIOnly
    case "islower": return TextKind.isLower(text)
    case "isupper": return TextKind.isUpper(text)
    case "istitle": return TextKind.isTitle(text)
    case "isprintable": return text.unicodeScalars.allSatisfy { $0 == " " || isPrintable($0) }
    case "isidentifier":
      guard let first = text.unicodeScalars.first else { return false }
      return (first == "_" || first.properties.isXIDStart)
        && text.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
    default: return nil
    }
  }

  /// The part of a text that `start` and `end` leave, and where it begins.
  private func window(
    _ text: String, _ start: Value?, _ end: Value?
  ) throws(JinjaError) -> (scalars: ArraySlice<Unicode.Scalar>, first: Int)? {
    let scalars = text.scalarArray
    let (from, to) = (start ?? .null, end ?? .null)
    if let index = index(from), index > scalars.count { return nil }
    let (first, count, _) = try sliceBounds(from, to, .int(1), count: scalars.count)
    return (scalars[first..<(first + count)], first)
  }

  private func affixTest(
    _ name: String, _ text: String, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(["affix", "start", "end"], required: 1, for: name, self)
    var affixes: [String] = []
    if case .tuple(let tuple)? = bound[0] {
      for item in tuple.items { affixes.append(try requiredText(item)) }
    } else {
      affixes = [try requiredText(bound[0])]
    }
    guard let (scalars, _) = try window(text, bound[1], bound[2]) else { return false }
    for affix in affixes {
      let part = affix.scalarArray
      if name == "startswith"
        ? scalars.starts(with: part) : scalars.suffix(part.count).elementsEqual(part)
      {
        return true
      }
    }
    return false
  }

  private func searchMethod(
    _ name: String, _ text: String, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["sub", "start", "end"], required: 1, for: name, self)
    let part = Array(try requiredText(bound[0]).utf8)
    var found: Int?
    var count = 0
    if let (scalars, first) = try window(text, bound[1], bound[2]) {
      let bytes = Array(String(scalars).utf8)
      if name == "count" {
        count =
          part.isEmpty
          ? scalars.count + 1 : try occurrences(of: part, in: bytes, limit: .max).count
      } else {
        let isReverse = name.hasPrefix("r")
        let place = try find(
          isReverse ? part.reversed() : part, in: isReverse ? bytes.reversed() : bytes)
        if let place {
          let offset = isReverse ? bytes.count - place - part.count : place
          found = first + String(decoding: bytes[..<offset], as: UTF8.self).scalarCount
        }
      }
    }
    if name == "count" { return .int(count) }
    if let found { return .int(found) }
    guard name.hasSuffix("find") else { throw failure(.value, "substring not found") }
    return .int(-1)
  }

  private func splitMethod(
    _ name: String, _ text: String, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["sep", "maxsplit"], for: name, self)
    let limit = try bound[1].map { (limit) throws(JinjaError) in try whole(limit) } ?? -1
    let fromRight = name == "rsplit"
    guard let separator = try optionalText(bound[0]) else {
      return try texts(try splitBySpace(text, limit: limit, fromRight: fromRight), like: value)
    }
    guard !separator.isEmpty else { throw failure(.value, "empty separator") }
    return try texts(
      try split(text, by: separator, limit: limit, fromRight: fromRight), like: value)
  }

  private func partitionMethod(
    _ name: String, _ text: String, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["sep"], required: 1, for: name, self)
    let separator = try requiredText(bound[0])
    guard !separator.isEmpty else { throw failure(.value, "empty separator") }
    let fromRight = name == "rpartition"
    let pieces = try split(text, by: separator, limit: 1, fromRight: fromRight)
    let parts =
      pieces.count == 2
      ? [pieces[0], separator, pieces[1]] : fromRight ? ["", "", text] : [text, "", ""]
    var items: [Value] = []
    for part in parts { items.append(try like(value, part)) }
    return try tuple(items)
  }

  private func joinMethod(
    _ text: String, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["iterable"], required: 1, for: "join", self)
    var result = ""
    for (index, item) in try array(bound[0] ?? .null).enumerated() {
      guard let part = item.text else {
        throw failure(
          .type,
          "sequence item \(index): expected str instance, \(item.typeName) found")
      }
      try allocate(part.utf8.count + text.utf8.count)
      if index > 0 { result += text }
      result += value.isMarkup && !item.isMarkup ? htmlEscaped(part) : part
    }
    return try like(value, result)
  }

  private func tabsExpanded(_ text: String, size: Int) throws(JinjaError) -> String {
    var result = String.UnicodeScalarView()
    var column = 0
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        let width = size > 0 ? size - column % size : 0
        try allocate(width)
        for _ in 0..<width { result.append(" ") }
        column += width
      } else {
        result.append(scalar)
        column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
      }
    }
    return String(result)
  }

  // MARK: Arguments

  func requiredText(_ value: Value?) throws(JinjaError) -> String {
    guard let text = value?.text else {
      throw failure(.type, "must be str, not \(value?.typeName ?? "NoneType")")
    }
    return text
  }

  func optionalText(_ value: Value?) throws(JinjaError) -> String? {
    guard let value, !value.isNone else { return nil }
    return try requiredText(value)
  }

  func texts(_ parts: [String], like original: Value) throws(JinjaError) -> Value {
    var items: [Value] = []
    items.reserveCapacity(parts.count)
    for part in parts { items.append(try like(original, part)) }
    return try list(items)
  }
}
