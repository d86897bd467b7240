/// PowerTests: the same work for many.

import Power
import Synchronization
import Testing

struct FanOutTests {
  @Test func eachIsDoneOnceAndNeverMoreAtATimeThanAllowed() async {
    let running = Mutex((now: 0, most: 0))
    var results: [Int: Int] = [:]
    await FanOut.run(Array(0..<50), fanout: 4) { number in
      running.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      await Task.yield()
      running.withLock { $0.now -= 1 }
      return number * 2
    } tell: { number, value in
      results[number] = value
    }
    #expect(results == Dictionary(uniqueKeysWithValues: (0..<50).map { ($0, $0 * 2) }))
    #expect(running.withLock { $0.most } <= 4)
  }
}
