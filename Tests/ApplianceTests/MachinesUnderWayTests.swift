/// ApplianceTests: which machines are more than a MAC address.

import Testing
import Wire

@testable import Appliance

@Suite struct MachinesUnderWayTests {
  private func mac(_ number: UInt64) -> MACAddress { MACAddress(value: 0x5254_0000_0000 + number) }

  @Test func `a machine that fetched something is under way for half an hour`() {
    let machines = MachinesUnderWay()
    #expect(!machines.contains(mac(1), at: 0))
    machines.note(mac(1), at: 100)
    #expect(machines.contains(mac(1), at: 1900))
    #expect(!machines.contains(mac(1), at: 1901))
    #expect(!machines.contains(mac(2), at: 100))
  }

  @Test func `most of a thousand machines have a place each`() {
    let machines = MachinesUnderWay()
    for number in 0..<1000 { machines.note(mac(UInt64(number)), at: 0) }
    #expect((0..<1000).count { machines.contains(mac(UInt64($0)), at: 0) } > 900)
  }

  @Test func `who asks too often in one second is not modest until the next`() {
    let rate = QuestionRate(limit: 3)
    #expect((0..<5).map { _ in rate.isModest(mac(1), at: 7) } == [true, true, true, false, false])
    #expect(rate.isModest(mac(2), at: 7))
    #expect(rate.isModest(mac(1), at: 8))
  }
}
