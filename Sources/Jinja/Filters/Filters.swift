/// Jinja: the filters behind `|`, by name.

enum Filters {
  /// A box, because a function inside a dictionary would be called through two more.
  struct Entry: Sendable {
    let call: Filter
  }

  static let all: [String: Entry] = functions.mapValues { Entry(call: $0) }

  private static let functions: [String: Filter] = [
    "abs": abs, "attr": attr, "batch": batch, "capitalize": capitalize, "center": center,
    "count": length, "d": defaulted, "default": defaulted, "dictsort": dictsort, "e": escape,
    "escape": escape, "filesizeformat": filesizeformat, "first": first, "float": float,
    "forceescape": forceescape, "format": format, "groupby": groupby, "indent": indent,
    "int": int, "items": items, "join": join, "last": last, "length": length, "list": list,
    "lower": lower, "map": map, "max": max, "min": min, "pprint": pprint, "random": random,
    "reject": reject, "rejectattr": rejectattr, "replace": replace, "reverse": reverse,
    "round": round, "safe": safe, "select": select, "selectattr": selectattr, "slice": slice,
    "sort": sort, "string": string, "striptags": striptags, "sum": sum, "title": title,
    "tojson": tojson, "trim": trim, "truncate": truncate, "unique": unique, "upper": upper,
    "urlencode": urlencode, "wordcount": wordcount, "wordwrap": wordwrap,
    "xmlattr": xmlattr,
  ]

  /// What `map` calls by name.
  static func call(
    _ name: Value, _ value: Value, _ arguments: Arguments, _ run: Run
  ) throws(JinjaError) -> Value {
    try run.refuseUndefined(name)
    guard let text = name.text, let function = all[text] else {
      throw run.failure(.runtime, "No filter named '\(try run.string(name))'.")
    }
    return try function.call(run, value, arguments)
  }

  static func none(
    _ arguments: Arguments, _ name: String, _ run: Run
  ) throws(JinjaError) {
    if arguments.isEmpty { return }
    try arguments.refuseAll(for: "filter '\(name)'", run)
  }
}

extension Run {
  func flag(_ value: Value?, otherwise: Bool = false) throws(JinjaError) -> Bool {
    guard let value else { return otherwise }
    return try truth(value)
  }

  func whole(_ value: Value?, otherwise: Int) throws(JinjaError) -> Int {
    guard let value else { return otherwise }
    return try whole(value)
  }
}
