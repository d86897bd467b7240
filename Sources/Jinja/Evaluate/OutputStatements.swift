/// Jinja: statements that write.

final class OutputStatement: Executable {
  let pieces: any Writable
  let isSkippedInChild: Bool

  init(_ pieces: any Writable, isSkippedInChild: Bool) {
    self.pieces = pieces
    self.isSkippedInChild = isSkippedInChild
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    if isSkippedInChild, run.parent != nil { return .next }
    try pieces.write(run)
    return .next
  }
}

/// Plain text.
final class TextPiece: Writable {
  let bytes: [UInt8]
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func write(_ run: Run) throws(JinjaError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(JinjaError) in try run.write(bytes) }
  }
}

/// `{{ … }}` and the plain text before it.
final class PrintPiece: Writable {
  let bytes: [UInt8]
  let value: any Evaluable
  let line: Int

  init(_ bytes: [UInt8], _ value: any Evaluable, line: Int) {
    self.bytes = bytes
    self.value = value
    self.line = line
  }

  func write(_ run: Run) throws(JinjaError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(JinjaError) in try run.write(bytes) }
    run.line = line
    try run.step()
    try value.write(run)
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
  let entry: (any ScopeEntry)?
  let body: any Executable
  let line: Int

  init(_ filter: any Evaluable, entry: (any ScopeEntry)?, body: any Executable, line: Int) {
    self.filter = filter
    self.entry = entry
    self.body = body
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    try run.enterScope(entry)
    var flow = Flow.next
    let text = try run.capture { () throws(JinjaError) in flow = try body.execute(run) }
    run.line = line
    if case .next = flow { try run.writeText(try run.filtered(text, by: filter)) }
    return flow
  }
}

final class AutoescapeStatement: Executable {
  let mode: any Evaluable
  let entry: (any ScopeEntry)?
  let body: any Executable
  let line: Int

  init(_ mode: any Evaluable, entry: (any ScopeEntry)?, body: any Executable, line: Int) {
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
    let flow = try body.execute(run)
    run.autoescape = saved
    return flow
  }
}

extension Run {
  /// Writes a value as `{{ … }}` does.
  func print(_ value: Value) throws(JinjaError) {
    switch value {
    case .string(let text):
      if autoescape { try write(htmlEscaped(text)) } else { try write(text) }
    case .markup(let text): try write(text)
    case .int(let number): try write(number)
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
