/// TFTPTests: which transfer is looked at when.

import Fixtures
import Testing
import Wire

@testable import TFTP

@Suite struct TFTPAlarmsTests {
  @Test func `alarms ring in the order of their times, and not before`() {
    var random = SeededRandom(seed: 4)
    var alarms = TFTPAlarms()
    let start = ContinuousClock.now
    let key = TFTPTransferKey(
      client: Endpoint(IPv4Address(10, 0, 0, 9), 2070), local: .loopback)
    for serial in 0..<500 {
      let late = Duration.milliseconds(Int.random(in: 0..<300, using: &random))
      alarms.add(.init(time: start + late, key: key, serial: UInt64(serial)))
    }
    #expect(alarms.takeDue(at: start - .milliseconds(1))?.serial == nil)
    var last = start
    var rung = 0
    for step in 0..<300 {
      let now = start + .milliseconds(step)
      while let entry = alarms.takeDue(at: now) {
        #expect(entry.time >= last && entry.time <= now)
        last = entry.time
        rung += 1
      }
      #expect(alarms.next.map { $0 > now } ?? true)
    }
    #expect(rung == 500 && alarms.count == 0 && alarms.next == nil)
  }
}
