/// PowerTests: a peer that says nothing cannot hold a request longer than its time limit.

import IPMI
import NIOCore
import NIOPosix
import Testing

@testable import Power

/// Answers until it is asked for something that begins with `silentFor`, and then never.
private struct Sleeper: WebAsking {
  let bmc = ScriptedBMC()
  let silentFor: String

  func ask(_ question: WebQuestion) async throws(DriverError) -> WebAnswer {
    if "\(question.method.rawValue) \(question.path)".hasPrefix(silentFor) {
      try? await Task.sleep(for: .seconds(600))
    }
    return try await bmc.ask(question)
  }
}

struct TimeLimitTests {
  private func failure(_ driver: any PowerDriver, _ request: PowerRequest) async -> DriverError? {
    let error = await #expect(throws: PowerError.self) {
      try await driver.perform(request, limit: .seconds(3))
    }
    guard case .driver(let inner)? = error?.cause else { return nil }
    return inner
  }

  @Test(.timeLimit(.minutes(2)))
  func aSilentServiceIsLeft() async throws {
    let cases: [(String, DriverError.Kind)] = [
      ("GET /redfish/v1/", .timeLimit), ("PATCH", .timeLimit),
      // Sent, and nobody knows.
      ("POST /redfish/v1/Systems/1/Actions", .uncertain),
    ]
    for (silentFor, kind) in cases {
      let server = try await WebServer.start(Sleeper(silentFor: silentFor))
      let driver = RedfishDriver(
        try #require(WebAddress("http://127.0.0.1:\(server.port)")),
        login: RedfishLogin(user: "root", password: HiddenText("calvin")), clients: WebClients())
      #expect(await failure(driver, .reinstall())?.kind == kind, "\(silentFor)")
      await server.stop()
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func aSessionThatIsNotClosedDoesNotUndoSuccess() async throws {
    let server = try await WebServer.start(Sleeper(silentFor: "DELETE"))
    let driver = RedfishDriver(
      try #require(WebAddress("http://127.0.0.1:\(server.port)")),
      login: RedfishLogin(user: "root", password: HiddenText("calvin")), clients: WebClients())
    let outcome = try await driver.perform(.power(.off), limit: .seconds(30))
    #expect(outcome.sent == "power off (ForceOff)")
    await server.stop()
  }

  @Test(.timeLimit(.minutes(2)))
  func aSilentDaemonIsLeft() async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = server.localAddress?.port ?? 0
    let driver = LibvirtDriver(
      try LibvirtAddress("qemu+tcp://127.0.0.1:\(port)/system"), machine: .name("pc7"))
    #expect(await failure(driver, .status)?.kind == .timeLimit)
    try await server.close()
  }

  @Test func aPeerThatSpeaksSomethingElseIsAnError() async throws {
    let server = try await WebServer.start(ScriptedBMC())
    let driver = LibvirtDriver(
      try LibvirtAddress("qemu+tcp://127.0.0.1:\(server.port)/system"), machine: .name("pc7"))
    let error = await failure(driver, .status)
    #expect([.unreachable, .malformed].contains(error?.kind), "\(String(describing: error))")
    await server.stop()
  }
}
