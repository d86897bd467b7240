/// Jinja: the bounds that keep a template from hanging or exhausting the program.

package struct JinjaLimits: Sendable {
  /// Bytes of text that one render may produce.
  package var output = 16 << 20
  /// Bytes that all values made during one render may take together.
  package var memory = 256 << 20
  /// Statements, loop rounds and pieces of work in one render.
  package var steps = 50_000_000
  /// Rounds of all loops together.
  package var loopRounds = 1_000_000
  /// Levels of nested evaluation: calls times the nesting of what they run. Bounds the stack.
  package var depth = 1_000
  /// Levels of parentheses, brackets and arguments in a source. Jinja2 has no room for 80.
  package var parenthesisNesting = 80
  /// Operations in a chain in a source. Python's compiler stops at 200 too.
  package var expressionNesting = 200
  /// Levels of nested statements in a source. Python's compiler stops at 100 too.
  package var statementNesting = 90
  /// Bytes of a template's source.
  package var source = 4 << 20
  /// Bits of a whole number; Python refuses to print more than about 14,000.
  package var integerBits = 14_000
  /// How long one render may take by `clock`.
  package var time: Duration = .seconds(5)
  /// Time since any fixed moment.
  package var clock: @Sendable () -> Duration

  package init(clock: @escaping @Sendable () -> Duration = JinjaLimits.steadyClock) {
    self.clock = clock
  }

  package static let steadyClock: @Sendable () -> Duration = {
    let start = ContinuousClock.now
    return { ContinuousClock.now - start }
  }()
}
