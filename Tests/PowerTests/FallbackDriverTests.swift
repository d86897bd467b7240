/// PowerTests: the second way is taken only when the first could not have touched the machine.

import IPMI
import Synchronization
import Testing

@testable import Power

struct FallbackDriverTests {
  private func perform(
    _ first: PowerError.Cause?, _ second: PowerError.Cause? = nil
  ) async -> (Result<PowerOutcome, PowerError>, asked: [String]) {
    let seen = Seen()
    let driver = FallbackDriver(
      NamedDriver(target: "one", failure: first) { _ in seen.note("one") },
      NamedDriver(target: "two", failure: second) { _ in seen.note("two") })
    do throws(PowerError) {
      return (.success(try await driver.perform(.power(.cycle), limit: .seconds(60))), seen.names)
    } catch {
      return (.failure(error), seen.names)
    }
  }

  @Test func theFirstIsEnough() async throws {
    let (result, asked) = await perform(nil)
    #expect(try result.get().target == "one")
    #expect(asked == ["one"])
  }

  @Test func whereNobodyIsLetInTheSecondIsAsked() async throws {
    let causes: [PowerError.Cause] = [
      .ipmi(.noAnswer), .ipmi(.refused), .ipmi(.wrongPassword), .ipmi(.sessionTableFull),
      .driver(DriverError(.unreachable, "x")), .driver(DriverError(.untrusted, "x")),
      .driver(DriverError(.login, "x")),
    ]
    for cause in causes {
      let (result, asked) = await perform(cause)
      let outcome = try result.get()
      #expect(outcome.target == "two")
      #expect(outcome.warnings.count == 1)
      #expect(asked == ["one", "two"])
    }
  }

  @Test func afterAnUncertainCommandNothingIsAsked() async {
    let causes: [PowerError.Cause] = [
      .ipmi(.uncertain(.cycle, now: .on)), .ipmi(.unanswered(command: "Chassis Control")),
      .ipmi(.timeLimit(.seconds(1))), .ipmi(.noEffect(.off, still: .on)),
      .ipmi(.network("interrupted")), .cancelled, .queueTimeLimit(.seconds(1)),
      .driver(DriverError(.uncertain, "x")), .driver(DriverError(.interrupted, "x")),
      .driver(DriverError(.timeLimit, "x")), .driver(DriverError(.refused, "x")),
      .driver(DriverError(.noEffect, "x")), .driver(DriverError(.malformed, "x")),
    ]
    for cause in causes {
      let (result, asked) = await perform(cause)
      #expect(result == .failure(PowerError(target: "one", cause: cause)))
      #expect(asked == ["one"])
    }
  }

  @Test func bothReasonsAreTold() async {
    let (result, _) = await perform(.ipmi(.noAnswer), .driver(DriverError(.login, "no such user")))
    guard case .failure(let error) = result else {
      Issue.record("it worked")
      return
    }
    #expect(error.target == "one")
    #expect("\(error)".contains("does not answer"))
    #expect("\(error)".hasSuffix("nor over ipmi at two: no such user"))
  }

  @Test func whatIsLostAfterTheLoginIsNotBeforeAnyAction() {
    #expect(DriverError(.unreachable, "x").onTheWay.kind == .interrupted)
    #expect(DriverError(.refused, "x").onTheWay.kind == .refused)
  }
}

private final class Seen: Sendable {
  private let list = Mutex<[String]>([])
  func note(_ name: String) { list.withLock { $0.append(name) } }
  var names: [String] { list.withLock { $0 } }
}
