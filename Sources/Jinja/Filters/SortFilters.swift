/// Jinja: filters that order and group: sort, dictsort, groupby, unique.

extension Filters {
  static func sort(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["reverse", "case_sensitive", "attribute"], for: "filter 'sort'", run)
    let paths = try AttributePath.several(
      bound[2] ?? .null, ignoresCase: !(try run.flag(bound[1])), run)
    var keyed: [(key: Value, value: Value)] = []
    for item in try run.array(value) {
      try run.allocate(64)
      if paths.count == 1 {
        keyed.append((try paths[0].value(of: item, run), item))
      } else {
        var keys: [Value] = []
        for path in paths { keys.append(try path.value(of: item, run)) }
        keyed.append((try run.list(keys), item))
      }
    }
    if keyed.contains(where: { $0.key.isUndefined }) {
      // Jinja2 compares lists of keys, and undefined keys in lists are equal.
      for index in keyed.indices { keyed[index].key = try run.list([keyed[index].key]) }
    }
    return try run.list(try run.sorted(keyed, reverse: try run.flag(bound[0])))
  }

  static func dictsort(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["case_sensitive", "by", "reverse"], for: "filter 'dictsort'", run)
    let isCaseSensitive = try run.flag(bound[0])
    let by = try bound[1].map { (by) throws(JinjaError) in try run.string(by) } ?? "key"
    guard by == "key" || by == "value" else {
      throw run.failure(.argument, "You can only sort by either \"key\" or \"value\"")
    }
    try run.refuseUndefined(value)
    guard case .dict(let dict) = value else {
      throw run.failure(.lookup, "'\(value.typeName)' object has no attribute 'items'")
    }
    var keyed: [(key: Value, value: Value)] = []
    for index in 0..<dict.count {
      var key = by == "key" ? dict.keys[index] : dict.values[index]
      if !isCaseSensitive, let text = key.text { key = .string(lowercased(text)) }
      keyed.append((key, try run.tuple([dict.keys[index], dict.values[index]])))
    }
    return try run.list(try run.sorted(keyed, reverse: try run.flag(bound[2])))
  }

  static func groupby(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["attribute", "default", "case_sensitive"], required: 1, for: "filter 'groupby'", run)
    var path = try AttributePath(bound[0] ?? .null, run)
    path.replacement = bound[1] ?? .null
    let plain = path
    path.ignoresCase = !(try run.flag(bound[2]))
    var keyed: [(key: Value, value: Value)] = []
    for item in try run.array(value) {
      try run.allocate(64)
      keyed.append((try path.value(of: item, run), item))
    }
    var groups: [Value] = []
    var (members, key): ([Value], Value) = ([], .null)
    func close() throws(JinjaError) {
      guard let first = members.first else { return }
      let name = try plain.value(of: first, run)
      try run.allocate(64)
      let list = try run.list(members)
      groups.append(.tuple(TupleObject([name, list], fields: ["grouper", "list"], run)))
    }
    for item in try run.sorted(keyed) {
      let itemKey = try path.value(of: item, run)
      if !members.isEmpty, !(try run.isEqual(itemKey, key)) {
        try close()
        members = []
      }
      key = itemKey
      members.append(item)
    }
    try close()
    return try run.list(groups)
  }

  static func unique(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["case_sensitive", "attribute"], for: "filter 'unique'", run)
    var path = try AttributePath(bound[1] ?? .null, run)
    path.ignoresCase = !(try run.flag(bound[0]))
    var seen: Set<HashKey> = []
    var cursor: Cursor?
    return .object(
      IteratorObject(run) { (run) throws(JinjaError) -> Value? in
        var source: Cursor
        if let cursor { source = cursor } else { source = try run.cursor(value) }
        defer { cursor = source }
        while let item = try source.next(run) {
          try run.step()
          try run.allocate(64)
          if seen.insert(try run.key(try path.value(of: item, run))).inserted { return item }
        }
        return nil
      })
  }
}
