/// Jinja: the filters behind `|`, by name.

enum Filters {
  /// A box, because a function inside a dictionary would be called through two more.
  struct Entry: Sendable {
    let call: Filter
    /// The same for filters that answer text.
    let write: TextFilter?

    init(_ call: @escaping Filter) {
      self.call = call
      write = nil
    }

    init(writing write: @escaping TextFilter) {
      self.write = write
      call = { (run, value, arguments) throws(JinjaError) in
        try run.captured(write, value, arguments)
      }
    }
  }

  static let all: [String: Entry] = [
    "abs": .init(abs), "attr": .init(attr), "batch": .init(batch), "capitalize": .init(capitalize),
    "center": .init(center),
    "count": .init(length), "d": .init(defaulted), "default": .init(defaulted),
    "dictsort": .init(dictsort), "e": .init(escape),
    "escape": .init(escape), "filesizeformat": .init(filesizeformat), "first": .init(first),
    "float": .init(float),
    "forceescape": .init(forceescape), "format": .init(format), "groupby": .init(groupby),
    "indent": .init(writing: indent),
    "int": .init(int), "items": .init(items), "join": .init(writing: join), "last": .init(last),
    "length": .init(length), "list": .init(list),
    "lower": .init(writing: lower), "map": .init(map), "max": .init(max), "min": .init(min),
    "pprint": .init(pprint), "random": .init(random),
    "reject": .init(reject), "rejectattr": .init(rejectattr), "replace": .init(writing: replace),
    "reverse": .init(reverse),
    "round": .init(round), "safe": .init(safe), "select": .init(select),
    "selectattr": .init(selectattr), "slice": .init(slice),
    "sort": .init(sort), "string": .init(string), "striptags": .init(striptags), "sum": .init(sum),
    "title": .init(title),
    "tojson": .init(writing: tojson), "trim": .init(trim), "truncate": .init(truncate),
    "unique": .init(unique), "upper": .init(writing: upper),
    "urlencode": .init(urlencode), "wordcount": .init(wordcount), "wordwrap": .init(wordwrap),
    "xmlattr": .init(xmlattr),
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
