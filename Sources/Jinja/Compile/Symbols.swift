/// Jinja: which variable a name means in which scope, by the rules of Jinja2's `idtracking`.

/// The variables of one function of the compiled template: root, block, macro, recursive loop.
final class FunctionScope {
  let outer: FunctionScope?
  private var indexes: [String: Int] = [:]
  /// How deep the statements and expressions being compiled are, and the deepest so far.
  private var level = 0
  private(set) var depth = 0

  init(outer: FunctionScope?) { self.outer = outer }

  var slotCount: Int { indexes.count }

  func index(of identifier: String) -> Int {
    if let index = indexes[identifier] { return index }
    let index = indexes.count
    indexes[identifier] = index
    return index
  }

  func descend() {
    level += 1
    depth = max(depth, level)
  }

  func ascend() { level -= 1 }

  /// A call of this function on the stack, at its deepest.
  var cost: Int { depth + 6 }
}

/// The names of one scope. A scope copies the outer value of a name that it assigns, so that
/// assignments inside are not seen outside.
final class Symbols {
  enum Load {
    case parameter
    /// From the context.
    case resolve(String)
    case alias(Reference)
    case undefined
  }

  struct Reference: Hashable {
    let function: ObjectIdentifier
    let identifier: String
  }

  let parent: Symbols?
  let function: FunctionScope
  private let level: Int
  private(set) var references: [String: Reference] = [:]
  private(set) var loads: [Reference: Load] = [:]
  private(set) var stores: Set<String> = []

  init(parent: Symbols?, function: FunctionScope) {
    self.parent = parent
    self.function = function
    level = (parent?.level ?? -1) + 1
  }

  private init(copy other: Symbols) {
    parent = other.parent
    function = other.function
    level = other.level
    references = other.references
    loads = other.loads
    stores = other.stores
  }

  func copy() -> Symbols { Symbols(copy: self) }

  private func define(_ name: String, _ load: Load) {
    let reference = Reference(
      function: ObjectIdentifier(function), identifier: "\(level) \(name)")
    references[name] = reference
    loads[reference] = load
  }

  func find(_ name: String) -> Reference? { references[name] ?? parent?.find(name) }

  func store(_ name: String) {
    stores.insert(name)
    guard references[name] == nil else { return }
    if let outer = parent?.find(name) {
      define(name, .alias(outer))
    } else {
      define(name, .undefined)
    }
  }

  func declareParameter(_ name: String) {
    stores.insert(name)
    define(name, .parameter)
  }

  func load(_ name: String) {
    if find(name) == nil { define(name, .resolve(name)) }
  }

  /// After an `if`: a name that only some branches assign has its outer value in the others.
  func merge(_ branches: [Symbols]) {
    var stored: Set<String> = []
    for branch in branches { stored.formUnion(branch.stores) }
    stored.subtract(stores)
    for branch in branches {
      references.merge(branch.references) { $1 }
      loads.merge(branch.loads) { $1 }
      stores.formUnion(branch.stores)
    }
    for name in stored {
      guard let target = find(name) else { continue }
      if let outer = parent?.find(name) {
        loads[target] = .alias(outer)
      } else {
        loads[target] = .resolve(name)
      }
    }
  }

  /// The names that were assigned, here and in the scopes around.
  func visibleStores() -> [(name: String, reference: Reference)] {
    var result: [String: Reference] = [:]
    var scope: Symbols? = self
    while let current = scope {
      for name in current.stores where result[name] == nil {
        if let reference = find(name) { result[name] = reference }
      }
      scope = current.parent
    }
    return result.sorted { $0.key < $1.key }.map { (name: $0.key, reference: $0.value) }
  }

  /// Where a variable is, seen from this scope's function.
  func slot(_ reference: Reference) -> Slot {
    var depth = 0
    var candidate: FunctionScope? = function
    while let current = candidate {
      if ObjectIdentifier(current) == reference.function {
        return Slot(depth: depth, index: current.index(of: reference.identifier))
      }
      depth += 1
      candidate = current.outer
    }
    return Slot(depth: 0, index: function.index(of: reference.identifier))
  }

  /// The slot of a name; a name that the analysis has not seen comes from the context.
  func slot(_ name: String) -> Slot {
    load(name)
    return slot(
      find(name) ?? Reference(function: ObjectIdentifier(function), identifier: "0 \(name)"))
  }
}
