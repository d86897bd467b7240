/// Inventory: templates rendered by Jinja, with bounds, each compiled once.

package import Jinja
private import Synchronization

package struct JinjaRenderer: TemplateRenderer {
  private let environment: JinjaEnvironment
  private let cache = CompiledParameters()

  /// `loader` answers the stored templates that others include, import or extend.
  package init(loader: @escaping JinjaEnvironment.Loader = { _ in nil }) {
    environment = JinjaEnvironment(limits: Self.limits, loader: loader)
  }

  /// A parameter or a kickstart file needs a thousandth of this.
  private static var limits: JinjaLimits {
    var limits = JinjaLimits()
    limits.output = 8 << 20
    limits.steps = 10_000_000
    limits.time = .seconds(2)
    return limits
  }

  package func render(
    _ text: String, named name: String, with parameters: Parameters
  ) throws(TemplateFailure) -> String {
    do throws(JinjaError) {
      return try template(text).render(parameters)
    } catch {
      let place = error.template == Self.placeholder ? name : "template \"\(error.template)\""
      throw TemplateFailure("Line \(error.line) of \(place): \(error.message)")
    }
  }

  /// Many hosts have the same text under different names.
  private static let placeholder = "(parameter)"

  private func template(_ text: String) throws(JinjaError) -> JinjaTemplate {
    if let known = cache[text] { return known }
    let template = try environment.compile(text, name: Self.placeholder)
    cache[text] = template
    return template
  }
}

/// Compiled templates by their text. When it is full it starts anew.
private final class CompiledParameters: Sendable {
  private static let capacity = 2000
  private static let largestText = 256 << 10

  private let templates = Mutex<[String: JinjaTemplate]>([:])

  subscript(text: String) -> JinjaTemplate? {
    get { templates.withLock { $0[text] } }
    set {
      guard text.utf8.count <= Self.largestText else { return }
      templates.withLock { templates in
        if templates.count >= Self.capacity { templates.removeAll() }
        templates[text] = newValue
      }
    }
  }
}
