/// Tests of HTTPBoot: who waits for which acknowledgment.

import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPBoot

@Suite struct AwaitedBytesTests {
  private let loop = EmbeddedEventLoop()

  private func promise() -> EventLoopPromise<Void> { loop.makePromise() }

  @Test func eachIsToldOnceItsOwnBytesAreThere() {
    var awaited = AwaitedBytes()
    let (one, two) = (promise(), promise())
    awaited.add(100, one, until: .uptimeNanoseconds(1000))
    awaited.add(200, two, until: .uptimeNanoseconds(2000))
    var pass = awaited.pass(to: .uptimeNanoseconds(1), acknowledged: 99)
    #expect(pass.here.isEmpty && pass.gone.isEmpty)
    pass = awaited.pass(to: .uptimeNanoseconds(2), acknowledged: 150)
    #expect(pass.here.count == 1 && pass.gone.isEmpty)
    pass = awaited.pass(to: .uptimeNanoseconds(2000), acknowledged: 199)
    #expect(pass.here.isEmpty && pass.gone.count == 1)
    #expect(awaited.isEmpty)
    for promise in [one, two] { promise.succeed() }
  }

  @Test func theKernelIsAskedLessAndLessOften() {
    var awaited = AwaitedBytes()
    #expect(awaited.nextPause() == nil)
    let one = promise()
    awaited.add(1, one, until: .distantFuture)
    let pauses = (0..<8).map { _ in awaited.nextPause() }
    #expect(
      pauses == [2, 4, 8, 16, 32, 64, 100, 100].map { .milliseconds($0) })
    one.succeed()
  }
}
