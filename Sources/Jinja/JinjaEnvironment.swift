/// Jinja: where templates come from and how they are read.

private import Synchronization

package struct JinjaEnvironment: Sendable {
  /// The source of a template by its name; nil where there is none.
  package typealias Loader = @Sendable (String) -> String?

  let core: Core
  package var settings: JinjaSettings { core.settings }
  package var limits: JinjaLimits { core.limits }

  package init(
    settings: JinjaSettings = JinjaSettings(), limits: JinjaLimits = JinjaLimits(),
    loader: @escaping Loader = { _ in nil }
  ) {
    core = Core(settings: settings, limits: limits, loader: loader)
  }

  package func compile(_ source: String, name: String) throws(JinjaError) -> JinjaTemplate {
    JinjaTemplate(environment: self, compiled: try compiled(source, name: name))
  }

  /// The template that the loader has under a name.
  package func template(_ name: String) throws(JinjaError) -> JinjaTemplate {
    guard let compiled = try loaded(name) else {
      throw JinjaError(.notFound, "There is no template \"\(name)\".", template: name, line: 1)
    }
    return JinjaTemplate(environment: self, compiled: compiled)
  }

  /// An expression alone, as it would stand between `{{` and `}}`.
  package func compile(
    expression: String, name: String = "expression"
  ) throws(JinjaError) -> JinjaExpression {
    let tokens = Lexer.tokenize(expression: try bounded(expression, name), settings: settings)
    var parser = Parser(tokens, template: name, settings: settings, limits: limits)
    let tree = try parser.wholeExpression()
    let result = Statement.assign(.name("result", line: 1), tree, line: 1)
    return JinjaExpression(
      environment: self,
      compiled: try Compiler.compile([result], name: name, settings: settings))
  }

  private func compiled(_ source: String, name: String) throws(JinjaError) -> CompiledTemplate {
    let tokens = Lexer.tokenize(try bounded(source, name), settings: settings)
    var parser = Parser(tokens, template: name, settings: settings, limits: limits)
    return try Compiler.compile(try parser.wholeTemplate(), name: name, settings: settings)
  }

  private func bounded(_ source: String, _ name: String) throws(JinjaError) -> String {
    guard source.utf8.count <= limits.source else {
      throw JinjaError(
        .limit, "The template is larger than \(limits.source) bytes.", template: name, line: 1)
    }
    return source
  }

  /// For `include`, `import` and `extends`; nil where the loader has nothing.
  func loaded(_ name: String) throws(JinjaError) -> CompiledTemplate? {
    guard let source = core.loader(name) else { return nil }
    if let known = core.cache.template(name, source: source) { return known }
    let template = try compiled(source, name: name)
    core.cache.keep(template, source: source)
    return template
  }
}

extension JinjaEnvironment {
  /// One reference, which each render keeps.
  final class Core: Sendable {
    let settings: JinjaSettings
    let limits: JinjaLimits
    let loader: Loader
    let cache = CompiledTemplates()

    init(settings: JinjaSettings, limits: JinjaLimits, loader: @escaping Loader) {
      self.settings = settings
      self.limits = limits
      self.loader = loader
    }
  }
}

/// Compiled templates by name, each for as long as the loader answers the same source.
final class CompiledTemplates: Sendable {
  private struct Entry {
    let source: String
    let template: CompiledTemplate
  }

  private static let capacity = 256
  private let entries = Mutex<[String: Entry]>([:])

  func template(_ name: String, source: String) -> CompiledTemplate? {
    entries.withLock { entries in
      guard let entry = entries[name], sameText(entry.source, source) else { return nil }
      return entry.template
    }
  }

  func keep(_ template: CompiledTemplate, source: String) {
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries.removeAll() }
      entries[template.name] = Entry(source: source, template: template)
    }
  }
}
