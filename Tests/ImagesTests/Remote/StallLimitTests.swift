/// Tests of Images: silence ends.

import Testing

@testable import Images

@Suite struct StallLimitTests {
  @Test func silenceEndsAndTheWorkIsCancelled() async throws {
    let gate = Gate()
    await #expect(throws: StallLimit.Stalled.self) {
      try await StallLimit(.seconds(30), clock: ImmediateClock()).watch { try await gate.pass() }
    }
  }

  @Test func workInTimeIsAnswered() async throws {
    #expect(try await StallLimit(.seconds(600)).watch { 42 } == 42)
  }

  @Test func itsErrorIsPassedOn() async {
    await #expect(throws: CancellationError.self) {
      try await StallLimit(.seconds(600)).watch { throw CancellationError() }
    }
  }
}
