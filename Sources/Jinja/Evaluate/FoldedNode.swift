/// Jinja: constants with slices, which Jinja2 computes while it compiles.

/// There, slicing what can't be sliced is undefined and no mistake. Jinja2 keeps a result that it
/// can write down as Python, or print at once; otherwise it leaves the work to the template.
final class FoldedNode: Evaluable {
  let folded: any Evaluable
  let otherwise: any Evaluable
  let isPrinted: Bool

  init(_ folded: any Evaluable, otherwise: any Evaluable, isPrinted: Bool) {
    self.folded = folded
    self.otherwise = otherwise
    self.isPrinted = isPrinted
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    do throws(JinjaError) {
      let value = try folded.evaluate(run)
      if isPrinted { return value }
      if try isWritable(value, run) { return value }
    } catch {
      if error.kind == .limit { throw error }
    }
    return try otherwise.evaluate(run)
  }

  private func isWritable(_ value: Value, _ run: Run) throws(JinjaError) -> Bool {
    switch value {
    case .null, .bool, .int, .big, .double, .string, .markup: return true
    case .list(let list): return try areWritable(list.items, run)
    case .tuple(let tuple): return try areWritable(tuple.items, run)
    case .dict(let dict): return try areWritable(dict.keys + dict.values, run)
    case .object(let object): return object is RangeObject
    case .missing, .undefined: return false
    }
  }

  private func areWritable(_ items: [Value], _ run: Run) throws(JinjaError) -> Bool {
    try run.enter(4)
    defer { run.leave(4) }
    for item in items {
      try run.step()
      guard try isWritable(item, run) else { return false }
    }
    return true
  }
}
