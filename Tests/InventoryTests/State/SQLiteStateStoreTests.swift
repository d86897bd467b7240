/// InventoryTests: keys and revisions on a real disk.

import Foundation
import Testing

@testable import Inventory

@Suite struct SQLiteStateStoreTests {
  let directory: StateDirectory

  init() throws { directory = try StateDirectory() }

  private func open() throws -> SQLiteStateStore { try SQLiteStateStore(state: directory.state) }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `what was answered is there after a kill`() async throws {
    let before = try open()
    #expect(try await before.put("a/1", bytes("one")) == 1)
    #expect(try await before.put("a/2", bytes("")) == 2)
    #expect(try await before.put("a/1", bytes("uno")) == 3)
    // Not closed: what is on the disk now is all that SIGKILL leaves.
    let after = try open()
    #expect(
      try await after.list(prefix: "a/") == [
        StateEntry(key: "a/1", value: bytes("uno"), revision: 3),
        StateEntry(key: "a/2", value: [], revision: 2),
      ])
    #expect(try await after.put("a/3", [0, 255]) == 4)
    #expect(try await after.get("a/3")?.value == [0, 255])
  }

  @Test func `a prefix is a prefix, whatever it has`() async throws {
    let store = try open()
    for key in ["a", "a/", "a/%", "a/_", "b/a/", "A/1"] { try await store.put(key, []) }
    #expect(try await store.list(prefix: "a/").map(\.key) == ["a/", "a/%", "a/_"])
    #expect(try await store.list(prefix: "").count == 6)
    #expect(try await store.get("a/1") == nil)
  }

  @Test func `expectations`() async throws {
    let store = try open()
    let first = try await store.put("k", bytes("1"), expecting: .absent)
    await #expect(throws: StateError.conflict(key: "k", found: first)) {
      try await store.put("k", self.bytes("2"), expecting: .absent)
    }
    await #expect(throws: StateError.conflict(key: "k", found: first)) {
      try await store.put("k", self.bytes("2"), expecting: .revision(7))
    }
    let second = try await store.put("k", bytes("2"), expecting: .revision(first))
    try await store.delete("k", expecting: .revision(second))
    await #expect(throws: StateError.conflict(key: "k", found: nil)) {
      try await store.delete("k", expecting: .revision(second))
    }
    try await store.delete("k")
    #expect(try await store.put("k", bytes("3"), expecting: .absent) > second)
  }

  @Test func `all or nothing`() async throws {
    let store = try open()
    let revision = try await store.put("old", bytes("1"))
    await #expect(throws: StateError.conflict(key: "old", found: revision)) {
      try await store.apply([
        StateChange(key: "new", value: [1], expected: .absent),
        StateChange(key: "old", value: [2], expected: .absent),
      ])
    }
    #expect(try await store.list(prefix: "").map(\.key) == ["old"])
    let next = try await store.apply([
      StateChange(key: "new", value: [1]), StateChange(key: "old", value: nil),
    ])
    #expect(next == revision + 1)
    #expect(
      try await store.list(prefix: "") == [StateEntry(key: "new", value: [1], revision: next)])
  }

  @Test func `a watch begins with everything and misses nothing`() async throws {
    let store = try open()
    try await store.put("w/1", bytes("1"))
    var updates = store.watch(prefix: "w/").makeAsyncIterator()
    try await store.put("other", [])
    let entry = StateEntry(key: "w/1", value: bytes("1"), revision: 1)
    #expect(
      try await updates.next() == StateUpdate(revision: 2, contents: .everything([entry])))
    try await store.put("w/2", bytes("2"))
    try await store.delete("w/1")
    try await store.put("w/2", bytes("3"))
    // They came before anybody looked, so they come as one; the bell of before may ring once more.
    var last = try await updates.next()
    while let update = last, update.revision < 5 { last = try await updates.next() }
    let changed = StateEntry(key: "w/2", value: bytes("3"), revision: 5)
    #expect(
      last == StateUpdate(revision: 5, contents: .changes(put: [changed], deleted: ["w/1"])))
    await store.close()
    #expect(try await updates.next() == nil)
  }

  @Test func `what another process writes is seen when somebody looks`() async throws {
    let (store, other) = (try open(), try open())
    var updates = store.watch(prefix: "").makeAsyncIterator()
    _ = try await updates.next()
    try await other.put("k", bytes("v"))
    store.noticeOtherWriters()
    let entry = StateEntry(key: "k", value: bytes("v"), revision: 1)
    #expect(
      try await updates.next()
        == StateUpdate(revision: 1, contents: .changes(put: [entry], deleted: [])))
  }

  @Test func `who missed deletions that are forgotten gets everything`() async throws {
    let store = try SQLiteStore.open(directory: directory.state)
    _ = try store.apply([StateChange(key: "stays", value: [1])])
    let count = SQLiteStore.deletionsKept + 10
    for round in [[UInt8](), nil] {
      _ = try store.apply((0..<count).map { StateChange(key: "k\($0)", value: round) })
    }
    // One transaction is one revision: all of it is forgotten or none.
    _ = try store.apply([StateChange(key: "late", value: [])])
    _ = try store.apply([StateChange(key: "late", value: nil)])
    let everything = try #require(try store.changes(prefix: "", after: 1))
    #expect(
      everything.contents == .everything([StateEntry(key: "stays", value: [1], revision: 1)]))
    #expect(
      try store.changes(prefix: "", after: 4)?.contents == .changes(put: [], deleted: ["late"]))
    #expect(try store.changes(prefix: "", after: 5) == nil)
    // A state put back from an older copy.
    #expect(
      try store.changes(prefix: "", after: 99)?.contents
        == .everything([StateEntry(key: "stays", value: [1], revision: 1)]))
  }

  @Test func `where the disk fails, it says so and nothing has happened`() async throws {
    let store = try open()
    try await store.put("k", [1])
    try directory.sql("ALTER TABLE state RENAME TO away")
    await #expect(throws: StateError.self) { try await store.put("k", [2]) }
    await #expect(throws: StateError.self) { try await store.get("k") }
    try directory.sql("ALTER TABLE away RENAME TO state")
    #expect(try await store.get("k")?.value == [1])
  }

  @Test func `a state of version 1 gets its records`() async throws {
    _ = try directory.open()
    try directory.sql(
      """
      DROP TABLE state; DROP TABLE state_clock;
      DELETE FROM grdb_migrations WHERE identifier = 'v2'
      """)
    #expect(try await open().put("k", [1]) == 1)
  }
}
