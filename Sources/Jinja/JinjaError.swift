/// Jinja: what went wrong in a template, with its name and line.

package struct JinjaError: Error, Sendable, CustomStringConvertible {
  /// The family of the mistake, as Jinja2's and Python's exceptions tell them apart.
  package enum Kind: String, Sendable {
    case syntax, undefined, type, value, zeroDivision, overflow, lookup, argument, runtime
    case notFound, limit
  }

  // One reference, so that a throwing call passes one word.
  private final class Detail: Sendable {
    let kind: Kind
    let message: String
    let template: String
    let line: Int

    init(kind: Kind, message: String, template: String, line: Int) {
      self.kind = kind
      self.message = message
      self.template = template
      self.line = line
    }
  }

  private let detail: Detail

  init(_ kind: Kind, _ message: String, template: String, line: Int) {
    detail = Detail(kind: kind, message: message, template: template, line: line)
  }

  package var kind: Kind { detail.kind }
  package var message: String { detail.message }
  package var template: String { detail.template }
  /// Counted from 1.
  package var line: Int { detail.line }

  package var description: String { "Template \"\(template)\", line \(line): \(message)" }
}
