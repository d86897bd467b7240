/// Jinja: the methods of text, lists, dicts, numbers and the template's own objects.

enum Methods {
  static let text: Set<String> = [
    "capitalize", "casefold", "center", "count", "endswith", "expandtabs", "find", "format",
    "format_map", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit",
    "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper", "join",
    "ljust", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind",
    "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith",
    "strip", "swapcase", "title", "upper", "zfill",
  ]
  static let markup: Set<String> = ["striptags", "unescape"]
  static let list: Set<String> = [
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
  ]
  static let tuple: Set<String> = ["count", "index"]
  static let dict: Set<String> = [
    "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update",
    "values",
  ]
  static let whole: Set<String> = ["bit_length", "bit_count", "conjugate"]
  static let double: Set<String> = ["is_integer", "conjugate"]
  static let range: Set<String> = ["count", "index"]
}

extension Run {
  func hasMethod(_ name: String, _ value: Value) -> Bool {
    switch value {
    case .string: return Methods.text.contains(name)
    case .markup: return Methods.text.contains(name) || Methods.markup.contains(name)
    case .list: return Methods.list.contains(name)
    case .tuple: return Methods.tuple.contains(name)
    case .dict: return Methods.dict.contains(name)
    case .int, .big, .bool: return Methods.whole.contains(name)
    case .double: return Methods.double.contains(name)
    case .object(let object):
      switch object {
      case is CyclerObject: return name == "next" || name == "reset"
      case is LoopObject: return name == "cycle" || name == "changed"
      case is RangeObject: return Methods.range.contains(name)
      default: return false
      }
    default: return false
    }
  }

  /// nil where there is no such method.
  func callMethod(
    _ name: String, of value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value? {
    try step()
    switch value {
    case .string(let text): return try textMethod(name, text, value, arguments)
    case .markup(let text):
      if Methods.markup.contains(name) { return try markupMethod(name, text) }
      return try textMethod(name, text, value, arguments)
    case .list(let list): return try listMethod(name, list, arguments)
    case .tuple(let tuple): return try sequenceMethod(name, tuple.items, "tuple", arguments)
    case .dict(let dict): return try dictMethod(name, dict, arguments)
    case .int, .big, .bool: return try wholeMethod(name, value, arguments)
    case .double(let number):
      try arguments.refuseAll(for: name, self)
      return name == "is_integer" ? .bool(number.isFinite && number == number.rounded()) : value
    case .object(let object): return try objectMethod(name, object, arguments)
    default: return nil
    }
  }

  private func wholeMethod(
    _ name: String, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value? {
    try arguments.refuseAll(for: name, self)
    guard case .whole(let number) = Number(value) else { return nil }
    switch name {
    case "bit_length": return .int(number.bitWidth)
    case "bit_count":
      var count = 0
      for limb in number.limbs { count += limb.nonzeroBitCount }
      return .int(count)
    default: return .integer(number)
    }
  }

  private func objectMethod(
    _ name: String, _ object: Object, _ arguments: Arguments
  ) throws(JinjaError) -> Value? {
    switch object {
    case let cycler as CyclerObject:
      try arguments.refuseAll(for: name, self)
      if name == "next" { return cycler.next() }
      cycler.reset()
      return .null
    case let loop as LoopObject:
      guard !arguments.hasNames else {
        throw failure(.type, "loop.\(name) takes no keyword arguments")
      }
      if name == "cycle" { return try loop.cycle(arguments.positional, self) }
      return .bool(try loop.changed(arguments.positional, self))
    case let range as RangeObject:
      let bound = try arguments.bind(["value"], required: 1, for: name, self)
      let wanted = bound[0] ?? .null
      let isInside = try range.contains(wanted, self) ?? false
      if name == "count" { return .int(isInside ? 1 : 0) }
      guard isInside, case .int(let number) = try key(wanted) else {
        throw failure(.value, "the value is not in range")
      }
      let distance = range.step > 0 ? number &- range.start : range.start &- number
      return .int(Int(clamping: UInt(bitPattern: distance) / range.step.magnitude))
    default: return nil
    }
  }

  private func markupMethod(_ name: String, _ text: String) throws(JinjaError) -> Value {
    name == "striptags" ? .string(try withoutTags(text)) : .string(try unescapedHTML(text))
  }
}
