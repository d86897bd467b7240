/// Jinja: the switches of a template environment, with Jinja2's names and defaults.

package struct JinjaSettings: Sendable, Equatable {
  /// The first line break after a block is removed.
  package var trimBlocks = false
  /// Spaces and tabs from the start of a line to a block are removed.
  package var lstripBlocks = false
  /// Off: one line break at the end of a template is dropped.
  package var keepTrailingNewline = false
  /// An undefined name is an error as soon as it is printed, looped over or tested.
  package var strictUndefined = false
  /// HTML-escape what is printed, unless it is marked safe.
  package var autoescape = false
  package var lineStatementPrefix: String?
  package var lineCommentPrefix: String?
  package var blockStart = "{%"
  package var blockEnd = "%}"
  package var variableStart = "{{"
  package var variableEnd = "}}"
  package var commentStart = "{#"
  package var commentEnd = "#}"
  /// The `do` statement (Jinja2's extension `jinja2.ext.do`).
  package var allowsDo = false
  /// `break` and `continue` (Jinja2's extension `jinja2.ext.loopcontrols`).
  package var allowsLoopControls = false

  package init() {}
}
