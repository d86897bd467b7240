/// Jinja: what is done with variables when their scope begins.

protocol ScopeEntry: AnyObject, Sendable {
  func enter(_ run: Run, _ context: RenderContext) throws(JinjaError)
}

/// A name that the template did not assign comes from the context.
final class ResolveEntry: ScopeEntry {
  let slot: Slot
  let name: HashedName

  init(_ slot: Slot, _ name: HashedName) {
    self.slot = slot
    self.name = name
  }

  func enter(_ run: Run, _ context: RenderContext) throws(JinjaError) {
    run[slot] = try context.resolve(name, run) ?? .missing
  }
}

/// The scope has its own copy of an outer variable.
final class AliasEntry: ScopeEntry {
  let slot: Slot
  let outer: Slot

  init(_ slot: Slot, from outer: Slot) {
    self.slot = slot
    self.outer = outer
  }

  func enter(_ run: Run, _ context: RenderContext) throws(JinjaError) { run[slot] = run[outer] }
}

final class UndefinedEntry: ScopeEntry {
  let slot: Slot
  init(_ slot: Slot) { self.slot = slot }
  func enter(_ run: Run, _ context: RenderContext) throws(JinjaError) { run[slot] = .missing }
}

final class EntryPair: ScopeEntry {
  let first: any ScopeEntry
  let second: any ScopeEntry

  init(_ first: any ScopeEntry, _ second: any ScopeEntry) {
    self.first = first
    self.second = second
  }

  func enter(_ run: Run, _ context: RenderContext) throws(JinjaError) {
    try first.enter(run, context)
    try second.enter(run, context)
  }
}

extension Run {
  @inline(__always)
  func enterScope(_ entry: (any ScopeEntry)?) throws(JinjaError) {
    if let entry { try entry.enter(self, context) }
  }
}
