/// InventoryTests: records in order, and found again.

import Testing

@testable import Inventory

@Suite struct SortedRecordsTests {
  @Test func `one by one`() {
    var records = SortedRecords<Int>()
    for (name, record) in [("b", 1), ("c", 2), ("a", 3)] {
      #expect(records.set(name, to: record) == nil)
    }
    #expect(records.set("b", to: 4) == 1)
    #expect(records.names == ["a", "b", "c"])
    #expect(records.records == [3, 4, 2])
    #expect(records["b"] == 4)
    #expect(records["bb"] == nil)
    #expect(records.remove("d") == nil)
    #expect(records.remove("a") == 3)
    #expect(records.names == ["b", "c"])
    #expect(records.count == 2)
  }

  @Test func `of many at once with one name the last counts`() {
    var records = SortedRecords<Int>()
    for (record, name) in ["b", "a", "b", "cafe\u{301}", "a", "caf\u{e9}"].enumerated() {
      records.set(name, to: record, isSorting: false)
    }
    records.sort()
    #expect(records.names == ["a", "b", "caf\u{e9}"])
    #expect(records.records == [4, 2, 5])
    #expect(records["cafe\u{301}"] == 5)
  }
}
