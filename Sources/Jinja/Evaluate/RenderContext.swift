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
  private var containers = GivenContainers()
  let name: String
  /// What the template assigned at its top level.
  var variables: [String: Value] = [:] {
    didSet { hasVariables = true }
  }
  private var hasVariables = false
  var exported: [String] = []
  var blocks: [String: [CompiledTemplate.Block]] = [:]
  private var globals: [String: Value] = [:]

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
  func resolve(_ name: HashedName, _ run: Run) throws(JinjaError) -> Value? {
    if outer == nil { return try resolveHere(name, run) }
    var context = self
    while let outer = context.outer {
      if let value = context.variables[name.text] ?? context.locals[name.text] { return value }
      context = outer
    }
    return try context.resolveHere(name, run)
  }

  private func resolveHere(_ name: HashedName, _ run: Run) throws(JinjaError) -> Value? {
    if hasVariables, let value = variables[name.text] { return value }
    if let position = given.position(of: name.text, hash: name.hash) {
      if let scalar = given.entries[position].value.scalar { return scalar }
      if let known = containers.value(at: position) { return known }
      let value = run.value(given.entries[position].value)
      containers = containers.keeping(value, at: position)
      return value
    }
    if !name.isGlobal { return nil }
    if let value = globals[name.text] { return value }
    guard let value = Globals.value(name.text, run) else { return nil }
    globals[name.text] = value
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

/// A name that a template looks up, with its hash.
final class HashedName: Sendable {
  let text: String
  let hash: Int
  /// Whether every template knows it, such as `range`.
  let isGlobal: Bool

  init(_ text: String) {
    self.text = text
    isGlobal = Globals.names.contains(text)
    hash = JinjaDictionary.hash(text)
  }
}
