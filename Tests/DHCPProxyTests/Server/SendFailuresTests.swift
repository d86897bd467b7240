/// Tests of DHCPProxy: failures to send are told, and not too often.

import Datagram
import Testing

@testable import DHCPProxy

@Suite struct SendFailuresTests {
  @Test func eachCauseIsToldOnceAMinuteWithItsCount() {
    var failures = SendFailures()
    let start = ContinuousClock.now
    let unreachable = SocketError("send", code: 101)
    let full = SocketError("send", code: 105)
    #expect(failures.note(unreachable, on: "eth0", at: start) == 1)
    #expect(failures.note(full, on: "eth0", at: start) == 1)
    #expect(failures.note(unreachable, on: "eth1", at: start) == 1)
    for second in 1..<60 {
      let now = start.advanced(by: .seconds(second))
      #expect(failures.note(unreachable, on: "eth0", at: now) == nil)
    }
    let later = start.advanced(by: .seconds(60))
    #expect(failures.note(unreachable, on: "eth0", at: later) == 60)
    #expect(failures.note(unreachable, on: "eth0", at: later) == nil)
    #expect(failures.note(full, on: "eth0", at: later.advanced(by: .seconds(300))) == 1)
  }
}
