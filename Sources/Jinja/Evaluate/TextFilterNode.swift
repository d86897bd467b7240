/// Jinja: the node for filters that answer text.

/// Writes its text behind the output, and answers whether it is safe HTML. So what is printed at once
/// is never a value in between; where a value is asked for, the text is cut off again.
typealias TextFilter = @Sendable (Run, Value, Arguments) throws(JinjaError) -> Bool

final class TextFilterNode: Evaluable {
  let function: TextFilter
  let source: any Evaluable
  let arguments: ArgumentsNode
  let line: Int

  init(
    _ function: @escaping TextFilter, _ source: any Evaluable, _ arguments: ArgumentsNode, line: Int
  ) {
    self.function = function
    self.source = source
    self.arguments = arguments
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try source.evaluate(run)
    let bound = try arguments.evaluate(run)
    run.line = line
    try run.step()
    return try run.captured(function, value, bound)
  }

  func write(_ run: Run) throws(JinjaError) {
    if run.autoescape { return try run.print(try evaluate(run)) }
    let value = try source.evaluate(run)
    let bound = try arguments.evaluate(run)
    run.line = line
    try run.step()
    let mark = run.output.count
    _ = try function(run, value, bound)
    try run.checkOutput()
    try run.work((run.output.count - mark) / 64)
  }
}

extension Run {
  /// The text as a value.
  func captured(
    _ filter: TextFilter, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    var isMarkup = false
    let text = try capture { () throws(JinjaError) in
      isMarkup = try filter(self, value, arguments)
    }
    try allocate(text.utf8.count)
    try work(text.utf8.count / 64)
    return isMarkup ? .markup(text) : .string(text)
  }
}
