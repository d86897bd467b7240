/// Inventory: hosts, groups and templates; everything is answered from memory, the store is first
/// to know of a change.

private import Jinja
private import Synchronization
package import Wire

/// Memory follows the store's watch and nothing else, so that it is right whoever writes. A change
/// is durable, and memory has it, before it is answered.
package actor Catalogue {
  nonisolated let store: any StateStore
  private nonisolated let memory: CatalogueMemory
  private nonisolated let renderer: any TemplateRenderer
  private var follower: Task<Void, Never>?
  private var waiting: [Waiter] = []
  private var isClosed = false

  private struct Waiter {
    let revision: Int
    let continuation: CheckedContinuation<Bool, Never>
  }

  /// `beginning` is everything that the store has, for those who can't wait for it.
  package init(
    store: any StateStore, beginning: StateUpdate,
    renderer: @Sendable (@escaping @Sendable (String) -> String?) -> any TemplateRenderer = {
      JinjaRenderer(loader: $0)
    }
  ) {
    let memory = CatalogueMemory()
    memory.apply(beginning)
    self.store = store
    self.memory = memory
    self.renderer = renderer { memory.snapshot.templates[$0]?.text }
    Task { [weak self] in await self?.follow() }
  }

  /// Everything at this moment.
  package nonisolated var snapshot: CatalogueSnapshot { memory.snapshot }

  /// Whether a host has this MAC address or this UUID; for event loops, also in a flood.
  package nonisolated func knows(_ mac: MACAddress, _ uuid: SystemUUID?) -> Bool {
    memory.knows(mac, uuid)
  }

  // MARK: Parameters and templates

  /// What `?params=all` answers; also for an id that nobody knows.
  package nonisolated func parameters(
    of id: String, _ view: ParameterView
  ) throws(CatalogueError) -> Parameters {
    try parameters(of: id, view, in: snapshot)
  }

  /// What `?params=all` of a group answers.
  package nonisolated func parameters(
    ofGroup name: String, _ view: ParameterView
  ) throws(CatalogueError) -> Parameters {
    do throws(ParameterError) {
      if let parameters = try snapshot.parameters(ofGroup: name, view) { return parameters }
    } catch {
      throw .parameters(error)
    }
    throw .unknown(.group, name)
  }

  /// What `?params=explain` answers.
  package nonisolated func explanation(of id: String) throws(CatalogueError) -> Explanation {
    try checkName(.host, id)
    do throws(ParameterError) {
      return try snapshot.explanation(of: id, renderer: renderer)
    } catch {
      throw .parameters(error)
    }
  }

  /// A stored template with the real parameters of a host.
  package nonisolated func render(
    template name: String, for id: String
  ) throws(CatalogueError) -> String {
    let snapshot = snapshot
    guard snapshot.templates[name] != nil else { throw .unknown(.template, name) }
    return try render(name, with: parameters(of: id, .real, in: snapshot), for: id, in: snapshot)
  }

  /// The template that the host's `ipxe_script` (or another parameter) names.
  package nonisolated func render(
    templateIn key: String, of id: String
  ) throws(CatalogueError) -> String {
    let snapshot = snapshot
    let parameters = try parameters(of: id, .real, in: snapshot)
    guard case .string(let name)? = parameters[key] else {
      throw .parameterMissing(host: id, key: key)
    }
    guard snapshot.templates[name] != nil else { throw .unknown(.template, name) }
    return try render(name, with: parameters, for: id, in: snapshot)
  }

  private nonisolated func parameters(
    of id: String, _ view: ParameterView, in snapshot: CatalogueSnapshot
  ) throws(CatalogueError) -> Parameters {
    try checkName(.host, id)
    do throws(ParameterError) {
      return try snapshot.parameters(of: id, view, renderer: renderer)
    } catch {
      throw .parameters(error)
    }
  }

  private nonisolated func render(
    _ name: String, with parameters: Parameters, for id: String, in snapshot: CatalogueSnapshot
  ) throws(CatalogueError) -> String {
    guard let text = snapshot.templates[name]?.text else { throw .notText(template: name) }
    guard TemplateText.hasMark(text) else { return TemplateText.rendered(plain: text) }
    do throws(TemplateFailure) {
      return try renderer.render(text, named: "template \"\(name)\"", with: parameters)
    } catch {
      throw .rendering(template: name, host: id, reason: error.description)
    }
  }

  nonisolated func checkName(_ kind: RecordKind, _ name: String) throws(CatalogueError) {
    if let problem = RecordName.problem(name) { throw .badName(kind, name, problem: problem) }
  }

  // MARK: Following the store

  /// All or nothing. Durable, and in memory, when it returns.
  func commit(_ changes: [StateChange]) async throws(StateError) {
    if isClosed { throw .behind }
    let revision = try await store.apply(changes)
    if await !reach(revision) { throw .behind }
  }

  /// Waits until memory has come to a revision; false where the store can't be followed.
  func reach(_ revision: Int) async -> Bool {
    follow()
    if snapshot.revision >= revision { return true }
    if follower == nil { return false }
    return await withCheckedContinuation { continuation in
      waiting.append(Waiter(revision: revision, continuation: continuation))
    }
  }

  /// Keeps memory current from now on. Called again after a failure, it tries again.
  package func follow() {
    guard follower == nil, !isClosed else { return }
    let updates = store.watch(prefix: RecordKind.prefix)
    follower = Task { [weak self] in
      do {
        for try await update in updates { await self?.take(update) }
      } catch {
        // The reason is the store's, and comes again with the next change.
      }
      await self?.lost()
    }
  }

  package func close() {
    isClosed = true
    follower?.cancel()
    lost()
  }

  private func take(_ update: StateUpdate) {
    memory.apply(update)
    let ready = waiting.filter { $0.revision <= update.revision }
    waiting.removeAll { $0.revision <= update.revision }
    for waiter in ready { waiter.continuation.resume(returning: true) }
  }

  private func lost() {
    follower = nil
    for waiter in waiting { waiter.continuation.resume(returning: false) }
    waiting = []
  }
}

/// The snapshot of this moment.
final class CatalogueMemory: Sendable {
  private let current = Mutex(CatalogueSnapshot())

  var snapshot: CatalogueSnapshot { current.withLock { $0 } }

  func knows(_ mac: MACAddress, _ uuid: SystemUUID?) -> Bool {
    current.withLock { $0.knows(mac, uuid) }
  }

  /// One after the other. Who reads does not wait for many records to be understood.
  func apply(_ update: StateUpdate) {
    if update.isSmall {
      current.withLock { $0.apply(update) }
    } else {
      var next = snapshot
      next.apply(update)
      current.withLock { $0 = next }
    }
  }
}

extension CatalogueError {
  init(_ error: StateError) {
    switch error {
    case .unavailable(let error): self = .unavailable(error)
    case .behind: self = .notFollowed
    case .conflict(let key, let found):
      guard let (kind, name) = RecordKind.record(key) else {
        self = .changedMeanwhile(.host, key)
        return
      }
      self = found == nil ? .unknown(kind, name) : .changedMeanwhile(kind, name)
    }
  }
}
