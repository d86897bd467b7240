/// Jinja: several nodes as one: a balanced tree of pairs.

/// An array of nodes would be counted, and each node in it again, at every call.
func chain<Node>(_ nodes: ArraySlice<Node>, _ pair: (Node, Node) -> Node) -> Node? {
  guard let first = nodes.first else { return nil }
  if nodes.count == 1 { return first }
  let middle = nodes.startIndex + nodes.count / 2
  guard let left = chain(nodes[..<middle], pair), let right = chain(nodes[middle...], pair) else {
    return nil
  }
  return pair(left, right)
}

final class StatementPair: Executable {
  let first: any Executable
  let second: any Executable

  init(_ first: any Executable, _ second: any Executable) {
    self.first = first
    self.second = second
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    let flow = try first.execute(run)
    if case .next = flow { return try second.execute(run) }
    return flow
  }
}

final class EmptyStatement: Executable {
  init() {}
  func execute(_ run: Run) throws(JinjaError) -> Flow { .next }
}

final class WritablePair: Writable {
  let first: any Writable
  let second: any Writable

  init(_ first: any Writable, _ second: any Writable) {
    self.first = first
    self.second = second
  }

  func write(_ run: Run) throws(JinjaError) {
    try first.write(run)
    try second.write(run)
  }
}
