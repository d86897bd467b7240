/// Tests of HTTPBoot: when a connection is closed for its silence, with a clock by hand.

import Testing

@testable import HTTPBoot

@Suite struct ConnectionTimesTests {
  private struct Moment: InstantProtocol {
    var time: Duration
    func advanced(by duration: Duration) -> Self { Self(time: time + duration) }
    func duration(to other: Self) -> Duration { other.time - time }
    static func < (one: Self, other: Self) -> Bool { one.time < other.time }
  }

  private func at(_ seconds: Double) -> Moment { Moment(time: .seconds(seconds)) }

  private func new() -> ConnectionTimes<Moment> { ConnectionTimes(HTTPLimits(), at: at(0)) }

  @Test func aSilentConnectionIsClosedAfterItsIdleTime() {
    let times = new()
    #expect(times.verdict(at: at(59.9)) == .fine(until: at(60)))
    #expect(times.verdict(at: at(60)) == .silent)
  }

  @Test func headersThatDripAreTooSlowHoweverOftenAByteComes() {
    var times = new()
    for second in 50..<65 {
      times.receive(1, at: at(Double(second)))
      #expect(times.verdict(at: at(Double(second))) == .fine(until: at(65)))
    }
    #expect(times.verdict(at: at(65)) == .slow)
  }

  @Test func headersHaveAGreatestLength() {
    var times = new()
    times.receive(16 << 10, at: at(1))
    #expect(times.verdict(at: at(1)) == .fine(until: at(16)))
    times.receive(1, at: at(1))
    #expect(times.verdict(at: at(1)) == .long)
  }

  @Test func aBodyMayBeLongButNotStandStill() {
    var times = new()
    times.receive(200, at: at(1))
    times.receivedHeaders(at: at(1))
    for second in 2..<200 { times.receive(1 << 20, at: at(Double(second))) }
    #expect(times.verdict(at: at(258.9)) == .fine(until: at(259)))
    #expect(times.verdict(at: at(259)) == .silent)
  }

  @Test func anAnswerMayTakeAsLongAsItTakes() {
    var times = new()
    times.receive(200, at: at(1))
    times.receivedHeaders(at: at(1))
    times.receivedEnd(at: at(1))
    // The next request, sent ahead.
    times.receive(20_000, at: at(2))
    #expect(times.verdict(at: at(100_000)) == .fine(until: nil))
    times.answered(at: at(100_000))
    #expect(times.verdict(at: at(100_001)) == .fine(until: at(100_060)))
  }

  @Test func aBodyThatIsRefusedEarlyIsStillNoHeader() {
    var times = new()
    times.receive(200, at: at(1))
    times.receivedHeaders(at: at(1))
    times.answered(at: at(2))
    times.receive(1 << 20, at: at(3))
    #expect(times.verdict(at: at(3)) == .fine(until: at(63)))
    times.receivedEnd(at: at(4))
    times.receive(10, at: at(5))
    #expect(times.verdict(at: at(5)) == .fine(until: at(20)))
  }
}
