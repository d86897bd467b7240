/// InventoryTests: the indexes stay right whatever comes.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct CatalogueSnapshotTests {
  private func entry(_ name: String, _ text: String, _ revision: Int = 1) -> StateEntry {
    StateEntry(key: RecordKind.host.key(name), value: Array(text.utf8), revision: revision)
  }

  private func names(
    in snapshot: CatalogueSnapshot, where conditions: [(key: String, value: String)]
  ) -> [String]? {
    let filter = HostFilter(conditions.map { .init(key: $0.key, value: $0.value) })
    return (try? JSONParser.value(snapshot.hosts(matching: filter)))?.strings
  }

  @Test func `of several hosts with one address the first by name has it`() {
    var snapshot = CatalogueSnapshot()
    let mac = #"{"mac": "52:54:00:aa:00:01"}"#
    for name in ["b", "c", "a"] {
      snapshot.apply(
        StateUpdate(revision: 1, contents: .changes(put: [entry(name, mac)], deleted: [])))
    }
    for expected in ["a", "b", "c"] {
      #expect(snapshot.host(mac: machineA)?.id == expected)
      snapshot.apply(
        StateUpdate(
          revision: 2, contents: .changes(put: [], deleted: [RecordKind.host.key(expected)])))
    }
    #expect(snapshot.host(mac: machineA) == nil)
  }

  @Test func `addresses that name no machine find none`() {
    var snapshot = CatalogueSnapshot()
    let entries = [
      entry("a", #"{"mac": ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"]}"#),
      entry("b", #"{"uuid": "00000000-0000-0000-0000-000000000000"}"#),
    ]
    snapshot.apply(StateUpdate(revision: 1, contents: .everything(entries)))
    #expect(snapshot.host("00:00:00:00:00:00") == nil)
    #expect(snapshot.host("FFFFFFFFFFFF") == nil)
    #expect(snapshot.host("00000000000000000000000000000000") == nil)
  }

  @Test func `step by step and all at once are the same`() {
    var random = Seeded(state: 7)
    var (stepwise, model) = (CatalogueSnapshot(), [String: String]())
    for step in 1...500 {
      let name = "h\(Int.random(in: 0..<20, using: &random))"
      if Int.random(in: 0..<3, using: &random) == 0 {
        model[name] = nil
        let keys = [RecordKind.host.key(name)]
        stepwise.apply(StateUpdate(revision: step, contents: .changes(put: [], deleted: keys)))
      } else {
        let text = #"{"mac": "5254000000\#(Int.random(in: 10..<15, using: &random))"}"#
        model[name] = text
        let put = [entry(name, text)]
        stepwise.apply(StateUpdate(revision: step, contents: .changes(put: put, deleted: [])))
      }
      var atOnce = CatalogueSnapshot()
      atOnce.apply(
        StateUpdate(
          revision: step, contents: .everything(model.map { entry($0.key, $0.value) })))
      #expect(stepwise.hosts.names == atOnce.hosts.names)
      #expect(stepwise.hosts.names == model.keys.sorted())
      for last in 10..<15 {
        let mac = MACAddress("5254000000\(last)")
        let owner = model.filter { $0.value.contains("5254000000\(last)") }.keys.min()
        #expect(mac.flatMap { stepwise.host(mac: $0)?.id } == owner)
        #expect(mac.flatMap { atOnce.host(mac: $0)?.id } == owner)
      }
    }
  }

  @Test func `a filtered list is in order, however many it has`() {
    var snapshot = CatalogueSnapshot()
    let put = (0..<200).map { entry("h\($0)", #"{"n": \#($0 % 20), "all": true}"#) }
    snapshot.apply(StateUpdate(revision: 1, contents: .changes(put: put, deleted: [])))
    let all = put.indices.map { "h\($0)" }
    let find = { names(in: snapshot, where: [($0, $1)]) }
    #expect(
      find("n", "7")
        == all.filter { ($0.last == "7") && (Int($0.dropFirst()) ?? 0) % 20 == 7 }.sorted())
    #expect(find("all", "true") == all.sorted())
    #expect(find("all", "false") == [])
    #expect(names(in: snapshot, where: [("all", "true"), ("n", "7")]) == find("n", "7"))
    #expect(names(in: snapshot, where: []) == all.sorted())
  }

  @Test func `a list has what its moment has, whoever asked before`() {
    var snapshot = CatalogueSnapshot()
    var moments: [(snapshot: CatalogueSnapshot, all: [String], ones: [String])] = []
    func change(_ put: [StateEntry], _ deleted: [String], all: [String], ones: [String]) {
      snapshot.apply(
        StateUpdate(
          revision: moments.count,
          contents: .changes(put: put, deleted: deleted.map(RecordKind.host.key))))
      moments.append((snapshot, all, ones))
      for moment in moments {
        #expect(names(in: moment.snapshot, where: []) == moment.all)
        #expect(names(in: moment.snapshot, where: [("n", "1")]) == moment.ones)
      }
    }
    change([entry("b", #"{"n": 1}"#)], [], all: ["b"], ones: ["b"])
    change([entry("a", #"{"n": 1}"#)], [], all: ["a", "b"], ones: ["a", "b"])
    change([entry("b", #"{"n": 2}"#)], [], all: ["a", "b"], ones: ["a"])
    change([entry("a", "broken")], [], all: ["b"], ones: [])
    #expect(snapshot.damaged.count == 1)
    change([entry("a", #"{"n": [1]}"#)], ["b"], all: ["a"], ones: ["a"])
    #expect(snapshot.damaged.isEmpty)
    let many = (0..<200).map { entry("c\(1000 + $0)", #"{"n": 2}"#) } + [entry("a", #"{"n": 3}"#)]
    change(many, [], all: ["a"] + (0..<200).map { "c\(1000 + $0)" }, ones: [])
  }

  @Test func `names with the same accents are one name`() {
    #expect(RecordKind.host.key("caf\u{e9}") == RecordKind.host.key("cafe\u{301}"))
    #expect(RecordKind.record(RecordKind.template.key("a/b"))?.name == "a/b")
    #expect(RecordKind.record("inventory/other/x") == nil)
    #expect(RecordKind.record("else/host/x") == nil)
  }
}

/// Xorshift: the same numbers each time.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
