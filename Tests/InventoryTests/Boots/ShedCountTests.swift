/// InventoryTests: what was left out is counted.

import Testing

@testable import Inventory

@Suite struct ShedCountTests {
  @Test func `events exactly, machines nearly`() throws {
    var count = ShedCount()
    for machines in [1, 2, 30, 9_800, 1_000_000] {
      for number in 0..<machines { count.add(2, of: 0x5254_0000_0000 + UInt64(number)) }
      let taken = count.take()
      let shed = try #require(taken)
      #expect(shed.events == 2 * machines)
      #expect(abs(shed.machines - machines) <= machines / 20, "\(machines): \(shed.machines)")
      let nothing = count.take()
      #expect(nothing == nil)
    }
    #expect(count.total == 2 * 1_009_833)
  }

  @Test func `one machine is one, however often`() {
    var count = ShedCount()
    for _ in 0..<1000 { count.add(1, of: 7) }
    let shed = count.take()
    #expect(shed == ShedEvents(events: 1000, machines: 1))
  }

  @Test func `told in a sentence`() {
    #expect(
      ShedEvents(events: 12_345, machines: 9800).description
        == "12,345 events of 9,800 machines were not told in the last second: "
        + "more than the story can take")
    #expect(
      [0, 12, 123, 1234, 1_234_567].map(ShedEvents.grouped)
        == ["0", "12", "123", "1,234", "1,234,567"])
  }
}
