/// Jinja: statements that write.

final class OutputStatement: Executable {
  enum Piece: Sendable {
    case text(String)
    case value(any Evaluable, line: Int)
  }

  /// A stretch of the plain text, and what is printed behind it.
  private struct Part: Sendable {
    let text: Range<Int>
    let value: (any Evaluable)?
    let line: Int
  }

  /// All plain text of the statement.
  private let bytes: [UInt8]
  private let parts: [Part]
  let isSkippedInChild: Bool

  init(_ pieces: [Piece], isSkippedInChild: Bool) {
    var bytes: [UInt8] = []
    var parts: [Part] = []
    var start = 0
    for piece in pieces {
      switch piece {
      case .text(let text): bytes += text.utf8
      case .value(let node, let line):
        if let constant = node as? TextNode, !isSkippedInChild {
          // A literal is text, but for escaping.
          if htmlEscaped(constant.text).utf8.count == constant.text.utf8.count {
            bytes += constant.text.utf8
            continue
          }
        }
        parts.append(Part(text: start..<bytes.count, value: node, line: line))
        start = bytes.count
      }
    }
    if start < bytes.count { parts.append(Part(text: start..<bytes.count, value: nil, line: 0)) }
    self.bytes = bytes
    self.parts = parts
    self.isSkippedInChild = isSkippedInChild
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    if isSkippedInChild, run.parent != nil { return .next }
    try bytes.withUnsafeBufferPointer { (bytes) throws(JinjaError) in
      for index in parts.indices {
        let text = parts[index].text
        if !text.isEmpty { try run.write(UnsafeBufferPointer(rebasing: bytes[text])) }
        guard let value = parts[index].value else { continue }
        run.line = parts[index].line
        try run.step()
        try run.print(try value.evaluate(run))
      }
    }
    return .next
  }
}

/// The answer of a call block.
final class WriteStatement: Executable {
  let node: any Evaluable
  let line: Int

  init(_ node: any Evaluable, line: Int) {
    self.node = node
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    try run.writeText(try node.evaluate(run))
    return .next
  }
}

final class FilterBlockStatement: Executable {
  let filter: any Evaluable
  let entry: [ScopeEntry]
  let body: [any Executable]
  let line: Int

  init(_ filter: any Evaluable, entry: [ScopeEntry], body: [any Executable], line: Int) {
    self.filter = filter
    self.entry = entry
    self.body = body
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    try run.enterScope(entry)
    var flow = Flow.next
    let text = try run.capture { () throws(JinjaError) in flow = try run.execute(body) }
    run.line = line
    if case .next = flow { try run.writeText(try run.filtered(text, by: filter)) }
    return flow
  }
}

final class AutoescapeStatement: Executable {
  let mode: any Evaluable
  let entry: [ScopeEntry]
  let body: [any Executable]
  let line: Int

  init(_ mode: any Evaluable, entry: [ScopeEntry], body: [any Executable], line: Int) {
    self.mode = mode
    self.entry = entry
    self.body = body
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    try run.enterScope(entry)
    run.line = line
    let saved = run.autoescape
    run.autoescape = try run.truth(try mode.evaluate(run))
    let flow = try run.execute(body)
    run.autoescape = saved
    return flow
  }
}

extension Run {
  func execute(_ statements: [any Executable]) throws(JinjaError) -> Flow {
    for statement in statements {
      let flow = try statement.execute(self)
      if case .next = flow { continue }
      return flow
    }
    return .next
  }

  func enterScope(_ entries: [ScopeEntry]) throws(JinjaError) {
    for entry in entries {
      switch entry {
      case .resolve(let slot, let name):
        frame[slot] = try context.resolve(name, self) ?? .missing
      case .alias(let slot, let from): frame[slot] = frame[from]
      case .undefined(let slot): frame[slot] = .missing
      }
    }
  }

  /// Writes a value as `{{ … }}` does.
  func print(_ value: Value) throws(JinjaError) {
    switch value {
    case .string(let text): try write(autoescape ? htmlEscaped(text) : text)
    case .markup(let text): try write(text)
    case .int(let number): try write(String(number))
    default:
      let text = try string(value)
      try write(autoescape ? htmlEscaped(text) : text)
    }
  }

  /// Writes what a block answers, which has to be text.
  func writeText(_ value: Value) throws(JinjaError) {
    guard let text = value.text else {
      throw failure(.type, "expected str instance, \(value.typeName) found")
    }
    try write(text)
  }

  func filtered(_ text: String, by filter: any Evaluable) throws(JinjaError) -> Value {
    let saved = captured
    captured = autoescape ? .markup(text) : .string(text)
    let result = try filter.evaluate(self)
    captured = saved
    return result
  }
}
