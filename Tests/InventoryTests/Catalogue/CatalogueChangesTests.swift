/// InventoryTests: marks, registration, and several who write at once.

import Foundation
import Jinja
import Testing

@testable import Inventory

/// A store that somebody else writes to just before each change, and that can fail.
private actor BusyStore: StateStore {
  private let store: SQLiteStateStore
  private var intruders: [StateChange]

  init(_ store: SQLiteStateStore, intruders: [StateChange]) {
    self.store = store
    self.intruders = intruders
  }

  func get(_ key: String) async throws(StateError) -> StateEntry? { try await store.get(key) }

  func list(prefix: String) async throws(StateError) -> [StateEntry] {
    try await store.list(prefix: prefix)
  }

  func apply(_ changes: [StateChange]) async throws(StateError) -> Int {
    if !intruders.isEmpty { try await store.apply([intruders.removeFirst()]) }
    return try await store.apply(changes)
  }

  nonisolated func watch(prefix: String) -> AsyncThrowingStream<StateUpdate, any Error> {
    store.watch(prefix: prefix)
  }
}

@Suite struct CatalogueChangesTests {
  let directory: StateDirectory
  let catalogue: Catalogue

  init() throws {
    directory = try StateDirectory()
    catalogue = try directory.open().catalogue
  }

  private func own(_ id: String) -> String? {
    catalogue.snapshot.hosts[id].map { JSONWriter.text(.dict($0.parameters)) }
  }

  @Test func `marked and unmarked`() async throws {
    try await catalogue.create(.host, "h", text: #"{"groups": ["a"], "mac": "525400aa0001"}"#)
    try await catalogue.set(.mark, on: "h")
    #expect(own("h") == #"{"groups": ["a", "installed"], "mac": "525400aa0001"}"#)
    #expect(
      await sentence { try await catalogue.set(.mark, on: "h") }
        == "The host \"h\" is marked as installed already.")
    try await catalogue.set(.unmark, on: "52:54:00:aa:00:01")
    #expect(own("h") == #"{"groups": ["a"], "mac": "525400aa0001"}"#)
    #expect(
      await sentence { try await catalogue.set(.unmark, on: "h") }
        == "The host \"h\" is not marked as installed.")
    #expect(
      await sentence { try await catalogue.set(.mark, on: "x") } == "There is no host \"x\".")
  }

  @Test(arguments: [
    ("{}", #"{"groups": ["installed"]}"#),
    (#"{"groups": null}"#, #"{"groups": ["installed"]}"#),
    (#"{"groups": "a"}"#, #"{"groups": ["a", "installed"]}"#),
    (#"{"groups": []}"#, #"{"groups": ["installed"]}"#),
  ]) func `groups of any kind can be marked`(_ before: String, _ after: String) async throws {
    try await catalogue.create(.host, "h", text: before)
    await #expect(throws: CatalogueError.notInstalled("h")) {
      try await catalogue.set(.unmark, on: "h")
    }
    try await catalogue.set(.mark, on: "h")
    #expect(own("h") == after)
  }

  @Test func `groups that are no names can't`() async throws {
    try await catalogue.create(.host, "h", text: #"{"groups": 7}"#)
    await #expect(throws: CatalogueError.groupsMalformed("h")) {
      try await catalogue.set(.mark, on: "h")
    }
  }

  @Test func `a machine registers itself`() async throws {
    let said = [
      ("product", "PowerEdge R650"), ("manufacturer", "Dell Inc."), ("serial", "ABC\"1"),
      ("asset", ""), ("role", "admin"), ("groups", "secret"),
    ].map { (key: $0.0, value: $0.1) }
    try await catalogue.register("u1", Registration(said))
    #expect(
      own("u1")
        == #"{"groups": ["default"], "manufacturer": "Dell Inc.", "product": "PowerEdge R650", "serial": "ABC\"1"}"#
    )
    await #expect(throws: CatalogueError.exists(.host, "u1")) {
      try await catalogue.register("u1", Registration([]))
    }
    try await catalogue.register("u2", Registration([]))
    #expect(own("u2") == #"{"groups": ["default"]}"#)
  }

  @Test func `a machine writes no templates`() async throws {
    #expect(
      await sentence {
        try await catalogue.register(
          "u", Registration([(key: "serial", value: "{{ ipmi_password }}")]))
      } == """
        The host "u" can't be registered: its serial has the mark of a template. Make its record \
        by hand.
        """)
    #expect(own("u") == nil)
  }

  @Test func `many at once lose nothing`() async throws {
    try await catalogue.create(.host, "h", text: #"{"groups": []}"#)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<40 {
        group.addTask {
          // Each is seen by exactly one mark and one unmark, whatever their order.
          try? await catalogue.set(number % 2 == 0 ? .mark : .unmark, on: "h")
          try? await catalogue.create(.host, "n\(number % 20)", text: "{}")
        }
      }
    }
    let reopened = try directory.open().catalogue.snapshot
    #expect(reopened.hosts.count == 21)
    #expect(reopened.host("h")?.parameters == catalogue.snapshot.host("h")?.parameters)
  }

  private func busy(_ intruders: [StateChange]) async throws -> Catalogue {
    let store = try SQLiteStateStore(state: directory.state)
    return Catalogue(
      store: BusyStore(store, intruders: intruders),
      beginning: try store.beginning(prefix: RecordKind.prefix))
  }

  @Test func `a change on top of somebody else's keeps both`() async throws {
    try await catalogue.create(.host, "h", text: #"{"groups": ["a"]}"#)
    let other = StateChange(
      key: RecordKind.host.key("h"), value: Array(#"{"groups": ["b"], "x": 1}"#.utf8))
    let busy = try await busy([other, other])
    try await busy.set(.mark, on: "h")
    #expect(
      busy.snapshot.host("h").map { JSONWriter.text(.dict($0.parameters)) }
        == #"{"groups": ["b", "installed"], "x": 1}"#)
  }

  @Test func `of two who make the same record the first wins`() async throws {
    let other = StateChange(key: RecordKind.host.key("h"), value: Array("{}".utf8))
    let busy = try await busy([other])
    await #expect(throws: CatalogueError.exists(.host, "h")) {
      try await busy.create(.host, "h", text: #"{"x": 1}"#)
    }
  }

  @Test func `a record that is gone meanwhile is not made again`() async throws {
    try await catalogue.create(.host, "h", text: "{}")
    let other = StateChange(key: RecordKind.host.key("h"), value: nil)
    let busy = try await busy([other])
    await #expect(throws: CatalogueError.unknown(.host, "h")) { try await busy.set(.mark, on: "h") }
  }

  @Test func `another process is seen when somebody looks`() async throws {
    let (ours, theirs) = (try directory.open(), try directory.open())
    try await theirs.catalogue.create(.host, "theirs", text: "{}")
    // The next change of ours brings theirs along, too.
    try await ours.catalogue.create(.host, "ours", text: "{}")
    #expect(ours.catalogue.snapshot.hosts.names == ["ours", "theirs"])
    try await theirs.catalogue.delete(.host, "theirs")
    await ours.noticeOtherWriters()
    while ours.catalogue.snapshot.hosts.count > 1 { await Task.yield() }
    await ours.close()
    await theirs.close()
    await #expect(throws: CatalogueError.self) {
      try await ours.catalogue.create(.host, "late", text: "{}")
    }
  }

  @Test func `where the disk fails, nothing has happened, and then it goes on`() async throws {
    try await catalogue.create(.host, "h", text: "{}")
    try directory.sql("ALTER TABLE state RENAME TO away")
    #expect(
      await sentence { try await catalogue.create(.host, "i", text: "{}") }?
        .contains("could not be read or written") == true)
    #expect(catalogue.snapshot.hosts.names == ["h"])
    try directory.sql("ALTER TABLE away RENAME TO state")
    try await catalogue.create(.host, "i", text: "{}")
    #expect(catalogue.snapshot.hosts.names == ["h", "i"])
  }

  @Test func `a damaged record is named and harms nobody else`() async throws {
    try await catalogue.create(.host, "h", text: "{}")
    try await catalogue.store.put(RecordKind.host.key("bad"), Array("{".utf8))
    try await catalogue.create(.host, "i", text: "{}")
    #expect(catalogue.snapshot.hosts.names == ["h", "i"])
    #expect(catalogue.snapshot.damaged.keys.sorted() == ["inventory/host/bad"])
    try await catalogue.store.delete(RecordKind.host.key("bad"))
    try await catalogue.create(.host, "j", text: "{}")
    #expect(catalogue.snapshot.damaged.isEmpty)
  }
}
