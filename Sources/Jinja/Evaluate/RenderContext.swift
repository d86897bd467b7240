/// Jinja: the variables that a template was given, what it exports, and its blocks.

final class RenderContext {
  enum Base {
    /// What the caller of the library gave, over the globals.
    case variables(JinjaDictionary)
    /// Everything that another template saw, and its local variables over that.
    case derived(RenderContext, locals: [String: Value])
  }

  /// The context that this one is derived from; without one, `given` is what there is.
  private let outer: RenderContext?
  private let locals: [String: Value]
  private let given: JinjaDictionary
  let name: String
  var variables: [String: Value] = [:]
  var exported: [String] = []
  var blocks: [String: [CompiledTemplate.Block]] = [:]
  private var cache: [String: Value] = [:]

  /// How many contexts this one is derived from.
  private let height: Int
  private static let maximumHeight = 200

  init(base: Base, name: String) {
    self.name = name
    switch base {
    case .variables(let variables):
      (outer, locals, given, height) = (nil, [:], variables, 0)
    case .derived(let context, let variables):
      (outer, locals, given, height) = (context, variables, [:], context.height + 1)
    }
  }

  /// nil where nothing has that name.
  func resolve(_ name: ContextName, _ run: Run) throws(JinjaError) -> Value? {
    var context = self
    while let outer = context.outer {
      if let value = context.variables[name.text] ?? context.locals[name.text] { return value }
      context = outer
    }
    return try context.resolveHere(name, run)
  }

  private func resolveHere(_ known: ContextName, _ run: Run) throws(JinjaError) -> Value? {
    let name = known.text
    if !variables.isEmpty, let value = variables[name] { return value }
    if let position = given.position(of: name, hash: known.hash) {
      let value = given.values[position]
      switch value {
      case .list, .dict:
        // Converted once: every use is the same object.
        if let converted = cache[name] { return converted }
        let converted = run.value(value)
        cache[name] = converted
        return converted
      default: return run.value(value)
      }
    }
    if !Globals.names.contains(name) { return nil }
    if let value = cache[name] { return value }
    guard let value = Globals.value(name, run) else { return nil }
    cache[name] = value
    return value
  }

  func export(_ name: String, _ value: Value) {
    variables[name] = value
    if !name.hasPrefix("_"), !exported.contains(name) { exported.append(name) }
  }

  /// A variable of the top level that importers don't see: what was itself imported.
  func hide(_ name: String, _ value: Value) {
    variables[name] = value
    exported.removeAll { $0 == name }
  }

  /// The same blocks with the variables around a scoped block.
  func derived(locals: [String: Value], _ run: Run) throws(JinjaError) -> RenderContext {
    let result = try derived(locals: locals, name: name, run)
    result.blocks = blocks
    return result
  }

  /// For another template that sees what this one sees.
  func derived(
    locals: [String: Value], name: String, _ run: Run
  ) throws(JinjaError) -> RenderContext {
    guard height < Self.maximumHeight else {
      throw run.failure(.limit, "Templates include each other too deep; is there a circle?")
    }
    return RenderContext(base: .derived(self, locals: locals), name: name)
  }
}

/// A name that a template asks its context for, with its hash.
struct ContextName: Sendable {
  let text: String
  let hash: Int

  init(_ text: String) {
    self.text = text
    hash = JinjaDictionary.hash(text)
  }
}
