/// TFTPTests: how long a packet is waited for.

import Testing

@testable import TFTP

/// A retry timer together with its clock.
private struct Watch {
  var now = ContinuousClock.now
  var retry: TFTPRetry

  init(first: Duration = .seconds(1), isPinned: Bool = false) {
    retry = TFTPRetry(first: first, isPinned: isPinned, at: now)
  }

  mutating func answer(after time: Duration, again: Bool = false) {
    now += time
    retry.progress(at: now, again: again)
  }

  mutating func timeout() {
    now += retry.wait
    retry.retry(at: now)
  }
}

@Suite struct TFTPRetryTests {
  @Test func `the first wait is a second, then it follows the round trips`() {
    var watch = Watch()
    #expect(watch.retry.wait == .seconds(1))
    watch.answer(after: .milliseconds(100))
    #expect(watch.retry.wait == .milliseconds(300))
    for _ in 0..<100 { watch.answer(after: .milliseconds(100)) }
    #expect(watch.retry.wait >= .milliseconds(100) && watch.retry.wait < .milliseconds(110))
    for _ in 0..<100 { watch.answer(after: .milliseconds(200)) }
    #expect(watch.retry.wait >= .milliseconds(199) && watch.retry.wait < .milliseconds(220))
  }

  @Test func `a wait has a lower and an upper bound`() {
    var watch = Watch()
    for _ in 0..<10 { watch.answer(after: .microseconds(50)) }
    #expect(watch.retry.wait == .milliseconds(50))
    for _ in 0..<3 { watch.answer(after: .seconds(20)) }
    #expect(watch.retry.wait == .seconds(8))
  }

  @Test func `each retry doubles the wait, up to 8 s`() {
    var watch = Watch()
    watch.answer(after: .milliseconds(1))
    var waits: [Duration] = []
    for _ in 0..<9 {
      waits.append(watch.retry.wait)
      watch.timeout()
    }
    #expect(Array(waits.prefix(4)) == [50, 100, 200, 400].map { Duration.milliseconds($0) })
    #expect(watch.retry.wait == .seconds(8))
    #expect(watch.retry.attempts == 9)
  }

  /// Karn: nobody knows which of the packets was answered.
  @Test func `an answer to a packet that was sent twice measures nothing`() {
    var watch = Watch()
    watch.answer(after: .milliseconds(100))
    watch.timeout()
    watch.answer(after: .milliseconds(1))
    #expect(watch.retry.wait == .milliseconds(600))
    watch.answer(after: .milliseconds(100))
    #expect(watch.retry.wait < .milliseconds(300))
    watch.answer(after: .milliseconds(100), again: true)
    let before = watch.retry.wait
    watch.answer(after: .seconds(5))
    #expect(watch.retry.wait == before)
  }

  @Test func `after many retries progress brings the wait back to a second at most`() {
    var watch = Watch()
    watch.answer(after: .milliseconds(10))
    for _ in 0..<8 { watch.timeout() }
    watch.answer(after: .milliseconds(10))
    #expect(watch.retry.wait == .seconds(1))
    #expect(watch.retry.attempts == 0)
  }

  @Test func `a wait that the client asked for stays`() {
    var watch = Watch(first: .seconds(3), isPinned: true)
    for _ in 0..<10 { watch.answer(after: .milliseconds(1)) }
    #expect(watch.retry.wait == .seconds(3))
    watch.timeout()
    #expect(watch.retry.wait == .seconds(6))
    watch.answer(after: .milliseconds(1))
    #expect(watch.retry.wait == .seconds(3))
  }
}
