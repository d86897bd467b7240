/// Jinja: the methods of lists, tuples and dicts. Lists and dicts change in place, as in Python.

extension Run {
  func sequenceMethod(
    _ name: String, _ items: [Value], _ type: String, _ arguments: Arguments
  ) throws(JinjaError) -> Value? {
    switch name {
    case "count":
      let bound = try arguments.bind(["value"], required: 1, for: name, self)
      var count = 0
      try work(items.count)
      for item in items where try isSame(item, bound[0] ?? .null) { count += 1 }
      return .int(count)
    case "index":
      let bound = try arguments.bind(["value", "start", "stop"], required: 1, for: name, self)
      let (first, count, _) = try sliceBounds(
        bound[1] ?? .null, bound[2] ?? .null, .int(1), count: items.count)
      for position in first..<(first + count) {
        try step()
        if try isSame(items[position], bound[0] ?? .null) { return .int(position) }
      }
      throw failure(.value, "the value is not in \(type)")
    default: return nil
    }
  }

  func listMethod(
    _ name: String, _ list: ListObject, _ arguments: Arguments
  ) throws(JinjaError) -> Value? {
    switch name {
    case "append":
      let bound = try arguments.bind(["object"], required: 1, for: name, self)
      try allocate(24)
      list.items.append(bound[0] ?? .null)
      return .null
    case "extend":
      let bound = try arguments.bind(["iterable"], required: 1, for: name, self)
      let items = try array(bound[0] ?? .null)
      try allocate(items.count, times: 24)
      list.items += items
      return .null
    case "insert":
      let bound = try arguments.bind(["index", "object"], required: 2, for: name, self)
      let index = try whole(bound[0] ?? .null)
      let count = list.items.count
      try allocate(24)
      try work(count / 16)
      list.items.insert(
        bound[1] ?? .null, at: index < 0 ? max(0, index &+ count) : min(index, count))
      return .null
    case "pop":
      let bound = try arguments.bind(["index"], for: name, self)
      let count = list.items.count
      guard count > 0 else { throw failure(.lookup, "pop from empty list") }
      let index = try bound[0].map { (index) throws(JinjaError) in try whole(index) } ?? -1
      let position = index < 0 ? index &+ count : index
      guard position >= 0, position < count else {
        throw failure(.lookup, "pop index out of range")
      }
      try work(count / 16)
      return list.items.remove(at: position)
    case "remove":
      let bound = try arguments.bind(["value"], required: 1, for: name, self)
      let items = list.items
      for index in items.indices {
        try step()
        guard try isSame(items[index], bound[0] ?? .null) else { continue }
        if index < list.items.count { list.items.remove(at: index) }
        return .null
      }
      throw failure(.value, "list.remove(x): x not in list")
    case "clear":
      list.items = []
      return .null
    case "copy": return try self.list(list.items)
    case "reverse":
      try work(list.items.count / 16)
      list.items.reverse()
      return .null
    case "sort":
      let bound = try arguments.bind(["key", "reverse"], for: name, self)
      if let key = bound[0], !key.isNone { throw failure(.type, "sort() by a key is not possible") }
      let isReverse = try bound[1].map { (flag) throws(JinjaError) in try truth(flag) } ?? false
      list.items = try sorted(list.items, reverse: isReverse)
      return .null
    default: return try sequenceMethod(name, list.items, "list", arguments)
    }
  }

  func dictMethod(
    _ name: String, _ dict: DictObject, _ arguments: Arguments
  ) throws(JinjaError) -> Value? {
    switch name {
    case "items", "keys", "values":
      try arguments.refuseAll(for: name, self)
      guard let kind = DictViewObject.Kind(rawValue: name) else { return nil }
      return .object(DictViewObject(kind, of: dict, self))
    case "get":
      let bound = try arguments.bind(["key", "default"], required: 1, most: 2, for: name, self)
      return dict[try key(bound[0] ?? .null)] ?? bound[1] ?? .null
    case "setdefault":
      let bound = try arguments.bind(["key", "default"], required: 1, most: 2, for: name, self)
      let wanted = bound[0] ?? .null
      let hash = try key(wanted)
      if let value = dict[hash] { return value }
      try allocate(64)
      dict.set(hash, key: wanted, to: bound[1] ?? .null)
      return bound[1] ?? .null
    case "update":
      guard arguments.count <= 1 else {
        throw failure(
          .type, "update expected at most 1 argument, got \(arguments.count)")
      }
      if let source = arguments[0] { try update(dict, from: source) }
      for (name, value) in arguments.named {
        try allocate(64)
        dict.set(name, to: value)
      }
      return .null
    case "pop":
      let bound = try arguments.bind(["key", "default"], required: 1, most: 2, for: name, self)
      try work(dict.count)
      if let removed = dict.remove(try key(bound[0] ?? .null)) { return removed.value }
      guard let replacement = bound[1] else {
        var shown = ""
        try writeRepr(bound[0] ?? .null, to: &shown)
        throw failure(.lookup, shown)
      }
      return replacement
    case "popitem":
      guard let hash = dict.hashes.last, let removed = dict.remove(hash) else {
        throw failure(.lookup, "popitem(): dictionary is empty")
      }
      return try tuple([removed.key, removed.value])
    case "clear":
      dict.clear()
      return .null
    case "copy":
      let copy = DictObject(self)
      try update(copy, from: .dict(dict))
      return .dict(copy)
    case "fromkeys":
      let bound = try arguments.bind(["iterable", "value"], required: 1, for: name, self)
      let result = DictObject(self)
      for item in try array(bound[0] ?? .null) {
        try allocate(64)
        result.set(try key(item), key: item, to: bound[1] ?? .null)
      }
      return .dict(result)
    default: return nil
    }
  }
}
