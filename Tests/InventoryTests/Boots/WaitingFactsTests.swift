/// InventoryTests: the line between the protocols and the journal.

import Foundation
import Testing

@testable import Inventory

@Suite struct WaitingFactsTests {
  private func note(_ seconds: Double) -> BootObservation {
    BootObservation(.dhcpDiscover, mac: machineA, at: at(seconds), text: "It asks.")
  }

  @Test func `more facts than may wait are counted`() {
    let waiting = WaitingFacts(limit: 2, rate: 100, burst: 100)
    let woken = (0..<4).map { waiting.append(note(Double($0))) }
    #expect(woken == [true, false, false, false])
    #expect(waiting.dropped == 2)
    #expect(waiting.takeAll().flatMap(\.observations).map(\.at) == [at(0), at(1)])
    #expect(waiting.append(note(5)))
  }

  @Test func `the second half of the line is for machines that are worth more`() {
    let waiting = WaitingFacts(limit: 4, rate: 100, burst: 100)
    for _ in 0..<2 {
      #expect(waiting.admits(1, of: 1) { .stranger })
      _ = waiting.append(note(0))
    }
    #expect(!waiting.admits(1, of: 1) { .stranger })
    for _ in 0..<2 {
      #expect(waiting.admits(1, of: 2) { .underWay })
      _ = waiting.append(note(0))
    }
    #expect(!waiting.admits(1, of: 3) { .known })
    #expect(waiting.dropped == 2)
    #expect(waiting.takeShed() == ShedEvents(events: 2, machines: 2))
    _ = waiting.takeAll()
    #expect(waiting.admits(1, of: 1) { .stranger })
  }

  @Test func `what the disk does not take leaves strangers out`() {
    let waiting = WaitingFacts(limit: 4, rate: 100, burst: 100)
    waiting.note(unwritten: 2)
    #expect(!waiting.admits(1, of: 1) { .stranger })
    #expect(waiting.admits(1, of: 1) { .underWay })
    waiting.note(unwritten: 0)
    #expect(waiting.admits(1, of: 1) { .stranger })
  }

  @Test func `a standing is asked for only when not everybody can be told`() {
    let waiting = WaitingFacts(limit: 100, rate: 0, burst: 2)
    var asked = 0
    let admitted = (0..<4).map { _ in
      waiting.admits(1, of: 1) {
        asked += 1
        return .stranger
      }
    }
    #expect(admitted == [true, true, false, false])
    #expect(asked == 2)
    #expect(waiting.admits(1, of: 1) { .known })
    #expect(waiting.takeShed() == ShedEvents(events: 2, machines: 1))
    #expect(waiting.takeShed() == nil)
  }
}
