/// Inventory: how records are made, replaced, marked and deleted.

private import Jinja

extension Catalogue {
  /// Larger bodies are mistakes. Templates of this size are not even compiled.
  package static let maximumSize = 4 << 20

  /// POST: `body` is a JSON object, or the text of a template as it is.
  package func create(
    _ kind: RecordKind, _ name: String, _ body: [UInt8]
  ) async throws(CatalogueError) {
    try checkName(kind, name)
    let value = try Self.value(kind, name, body, former: [:])
    guard current(kind, name) == nil else { throw .exists(kind, name) }
    do throws(StateError) {
      try await commit([StateChange(key: kind.key(name), value: value, expected: .absent)])
    } catch {
      if case .conflict = error { throw .exists(kind, name) }
      throw CatalogueError(error)
    }
  }

  /// PUT: replaces the whole record. A secret that still reads `***` stays what it was.
  package func replace(
    _ kind: RecordKind, _ name: String, _ body: [UInt8]
  ) async throws(CatalogueError) {
    try await change(kind, name) { (_, former) throws(CatalogueError) in
      try Self.value(kind, name, body, former: former)
    }
  }

  package func delete(_ kind: RecordKind, _ name: String) async throws(CatalogueError) {
    try await change(kind, name) { _, _ in nil }
  }

  /// `?installed=mark` and `unmark`.
  package func set(_ mark: InstalledMark, on host: String) async throws(CatalogueError) {
    try await change(.host, host) { (id, former) throws(CatalogueError) in
      JSONWriter.bytes(.dict(try mark.applied(to: former, of: id)))
    }
  }

  /// A machine makes its own record.
  package func register(_ id: String, _ registration: Registration) async throws(CatalogueError) {
    try await create(.host, id, JSONWriter.bytes(.dict(registration.parameters(of: id))))
  }

  /// Many records at once, as they are. Nothing happens where one of them is not as expected.
  package func change(_ changes: [StateChange]) async throws(CatalogueError) {
    do throws(StateError) {
      try await commit(changes)
    } catch {
      throw CatalogueError(error)
    }
  }

  private struct Current {
    let name: String
    let parameters: Parameters
    let revision: Int
  }

  /// A host may be named by its UUID or by a MAC address too.
  private func current(_ kind: RecordKind, _ name: String) -> Current? {
    switch kind {
    case .host:
      snapshot.host(name).map {
        Current(name: $0.id, parameters: $0.parameters, revision: $0.revision)
      }
    case .group:
      snapshot.groups[name].map {
        Current(name: $0.name, parameters: $0.parameters, revision: $0.revision)
      }
    case .template:
      snapshot.templates[name].map {
        Current(name: $0.name, parameters: [:], revision: $0.revision)
      }
    }
  }

  /// Makes the new value of what is there, again where somebody else was faster.
  private func change(
    _ kind: RecordKind, _ name: String,
    to make: (_ name: String, _ former: Parameters) throws(CatalogueError) -> [UInt8]?
  ) async throws(CatalogueError) {
    for _ in 0..<10 {
      guard let current = current(kind, name) else { throw .unknown(kind, name) }
      let change = StateChange(
        key: kind.key(current.name), value: try make(current.name, current.parameters),
        expected: .revision(current.revision))
      do throws(StateError) {
        return try await commit([change])
      } catch {
        guard case .conflict(_, let found?) = error else { throw CatalogueError(error) }
        guard await reach(found) else { throw .notFollowed }
      }
    }
    throw .changedMeanwhile(kind, name)
  }

  private static func value(
    _ kind: RecordKind, _ name: String, _ body: [UInt8], former: Parameters
  ) throws(CatalogueError) -> [UInt8] {
    guard body.count <= maximumSize else {
      throw .tooLarge(kind, name, limit: maximumSize)
    }
    if kind == .template { return body }
    do throws(JSONMistake) {
      let parameters = try JSONParser.parameters(body)
      return JSONWriter.bytes(.dict(Secrets.restored(parameters, from: former)))
    } catch {
      throw .notJSON(kind, name, error)
    }
  }
}
