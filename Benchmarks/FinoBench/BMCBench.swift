/// FinoBench: `ipmi`: power status of one BMC and of many, beside ipmitool and FreeIPMI's ipmipower.

import ArgumentParser
import BMCStub
import Datagram
import Foundation
import IPMI
import Lab
import Wire

struct BMCBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipmi",
    abstract: "Ask BMCs for their power status: one, a hundred behind a bad network, a dead one.",
    discussion: """
      The BMCs are Fino's own stub with real logins and encryption. The peers are ipmitool and
      ipmipower, whole processes all three; what is not installed is left out.
      """)

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case inside, processes, fleet
  }

  @OptionGroup var measure: MeasureOptions

  @Option(help: "The executable to measure; a release build.")
  var fino = ".build/release/fino"

  @Option(help: "inside: in this process; processes: one BMC; fleet: a hundred. All without.")
  var part: Part?

  func run() throws {
    try measure.finish(try BMCRun(measure: measure, fino: fino).reports(part))
  }
}

/// What is measured, and the BMCs for it.
struct BMCRun {
  var measure: MeasureOptions
  var fino: String

  static let password = "20-byte-password-xxy"

  func reports(_ part: BMCBench.Part?) throws -> [Report] {
    var reports: [Report] = []
    if part == nil || part == .inside { reports.append(try inside()) }
    if part == nil || part == .processes { reports += try processes() }
    if part == nil || part == .fleet { reports += try fleets() }
    return reports
  }

  static func login(_ suite: CipherSuite? = nil) throws -> IPMILogin {
    try IPMILogin(username: "admin", password: Secret(password), suite: suite)
  }

  static func stub(_ suites: [CipherSuite] = [.suite3, .suite17]) -> StubBMC {
    var personality = StubBMC.Personality()
    personality.suites = suites
    return StubBMC(personality)
  }

  /// Runs `body` on other threads and waits for it on this one.
  static func wait<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let done = DispatchSemaphore(value: 0)
    let box = Box<Value>()
    Task {
      do { box.result = .success(try await body()) } catch { box.result = .failure(error) }
      done.signal()
    }
    done.wait()
    guard let result = box.result else { throw LabError("nothing was measured") }
    return try result.get()
  }

  /// Written before the semaphore is signalled and read after it.
  private final class Box<Value: Sendable>: @unchecked Sendable {
    var result: Result<Value, any Error>?
  }
}
