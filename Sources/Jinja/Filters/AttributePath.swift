/// Jinja: `attribute="address.city"`, the way in which filters reach into items.

struct AttributePath {
  private var parts: [Value] = []
  /// Text is compared in lower case.
  var ignoresCase = false
  /// Stands in for what is undefined.
  var replacement: Value = .null

  init() {}

  /// null is the item itself; digits between the points are indexes.
  init(_ attribute: Value, _ run: Run) throws(JinjaError) {
    if attribute.isNone { return }
    guard let text = attribute.text else {
      parts = [attribute]
      return
    }
    for part in try run.split(text, by: ".", limit: -1, fromRight: false) {
      if TextKind.all(part, TextKind.isDigit), let index = Int(part) {
        parts.append(.int(index))
      } else {
        parts.append(.string(part))
      }
    }
  }

  func value(of item: Value, _ run: Run) throws(JinjaError) -> Value {
    var value = item
    for part in parts {
      value = try run.item(part, of: value)
      if value.isUndefined, !replacement.isNone { value = replacement }
    }
    if ignoresCase, let text = value.text { return .string(lowercased(text)) }
    return value
  }

  /// `"age,name"`: one path for each.
  static func several(
    _ attribute: Value, ignoresCase: Bool, _ run: Run
  ) throws(JinjaError) -> [AttributePath] {
    var result: [AttributePath] = []
    if let text = attribute.text {
      for part in try run.split(text, by: ",", limit: -1, fromRight: false) {
        result.append(try AttributePath(.string(part), run))
      }
    } else {
      result = [try AttributePath(attribute, run)]
    }
    for index in result.indices { result[index].ignoresCase = ignoresCase }
    return result
  }
}
