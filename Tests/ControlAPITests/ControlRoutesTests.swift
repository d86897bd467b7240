/// Tests of ControlAPI: pages for people, JSON for programs.

import Foundation
import Hummingbird
import HummingbirdTesting
import Inventory
import Synchronization
import Testing
import Wire

@testable import ControlAPI

@Suite struct ControlRoutesTests {
  private struct BMCDown: Error, CustomStringConvertible {
    var description: String { "10.0.0.9: the BMC does not answer" }
  }

  private static let json: HTTPFields = [
    .accept: "application/json", .contentType: "application/x-www-form-urlencoded",
  ]
  private static let form =
    "mac_address=52:54:00:aa:00:01&obm_address=10.0.0.9&location=debian&kernel_opts=a%3Db+c&extra=1"

  private func withServer(
    bmcWorks: Bool = true, powered: @escaping @Sendable (ReimageJob) -> Void = { _ in },
    _ body: @escaping @Sendable (any TestClientProtocol, Inventory) async throws -> Void
  ) async throws {
    let state = NSTemporaryDirectory() + "fino-control-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: state) }
    let inventory = try Inventory.open(state: state)
    let router = Router(context: BasicRequestContext.self)
    var source = ControlSource(
      inventory: inventory,
      cycle: { if bmcWorks { return "power cycle sent to \($0)" } else { throw BMCDown() } },
      problemWithBMC: { _ in nil },
      problemWithLocation: { $0 == "debian" ? nil : "location «\($0)» has no vmlinuz" },
      locations: { ["debian"] }, configuration: { [("ipmi.username", "admin")] },
      log: { (1...60).map { "line <\($0)>" } }, counts: { [("dhcp-offer", 3)] })
    source.powered = powered
    source.console = { $0 == 1 ? [0x1b, 0x5b, 0x6d, 0xff] : nil }
    ControlRoutes(source).add(to: router)
    try await Application(router: router).test(.router) { try await body($0, inventory) }
    await inventory.close()
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ response: TestResponse) -> Value? {
    try? JSONDecoder().decode(type, from: Data(response.body.readableBytesView))
  }

  @Test func aProgramGetsTheJobAndWhatThePowerCommandSaid() async throws {
    try await withServer { client, _ in
      try await client.execute(
        uri: "/reimage", method: .post, headers: Self.json, body: ByteBuffer(string: Self.form)
      ) { response in
        #expect(response.status == .accepted)
        let job = try #require(decode(ReimageAnswer.self, response)).job
        #expect(job.mac == "52:54:00:aa:00:01")
        #expect(job.kernelOptions == "a=b c")
        #expect(job.parameters == ["extra": "1"])
        #expect(job.power == .init(state: "succeeded", text: "power cycle sent to 10.0.0.9"))
        #expect(job.state == "waiting")
      }
      try await client.execute(uri: "/jobs", method: .get) { response in
        #expect(decode(JobList.self, response)?.jobs.map(\.id) == [1])
      }
    }
  }

  /// For who records the console: once the BMC has answered, or has not.
  @Test(arguments: [true, false])
  func theEndOfThePowerCommandIsSaid(_ bmcWorks: Bool) async throws {
    let said = Mutex<[String]>([])
    @Sendable func note(_ job: ReimageJob) { said.withLock { $0.append("\(job.id) \(job.obm)") } }
    try await withServer(bmcWorks: bmcWorks, powered: note) { client, _ in
      try await client.execute(
        uri: "/reimage", method: .post, headers: Self.json, body: ByteBuffer(string: Self.form)
      ) { #expect($0.status == (bmcWorks ? .accepted : .badGateway)) }
    }
    #expect(said.withLock { $0 } == ["1 10.0.0.9"])
  }

  @Test func aConsoleIsGivenAsItWasWritten() async throws {
    try await withServer { client, inventory in
      for mac in 1...2 {
        inventory.boots.record(
          BootObservation(
            .dhcpDiscover, mac: MACAddress(value: UInt64(mac)), at: Date(), text: "asked"))
      }
      try await client.execute(uri: "/boots/1/console", method: .get) { response in
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(Array(response.body.readableBytesView) == [0x1b, 0x5b, 0x6d, 0xff])
      }
      for none in ["2", "3", "x"] {
        try await client.execute(uri: "/boots/\(none)/console", method: .get) { response in
          #expect(response.status == .notFound)
          #expect(String(buffer: response.body).contains("not recorded") == (none == "2"))
        }
      }
    }
  }

  @Test func aPersonGetsAPage() async throws {
    try await withServer { client, inventory in
      try await client.execute(uri: "/reimage?\(Self.form)", method: .get) { response in
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(String(buffer: response.body).contains("power cycle sent to 10.0.0.9"))
      }
      #expect(try await inventory.jobs.jobs().first?.kernelOptions == "a=b c", "+ is a space")
      try await client.execute(uri: "/reimage", method: .get) { response in
        #expect(String(buffer: response.body).contains("<form method=\"post\""))
      }
      try await client.execute(uri: "/", method: .get) { response in
        let page = String(buffer: response.body)
        #expect(page.contains("52:54:00:aa:00:01"))
        #expect(page.contains("ipmi.username"))
      }
      try await client.execute(uri: "/log", method: .get) { response in
        let page = String(buffer: response.body)
        #expect(page.contains("line &lt;60&gt;") && page.contains("line &lt;11&gt;"))
        #expect(!page.contains("line &lt;10&gt;"), "the last 50 lines")
      }
    }
  }

  @Test func jsonBodiesAreTakenToo() async throws {
    try await withServer { client, _ in
      let body = """
        {"mac_address": "525400aa0001", "obm_address": "10.0.0.9", "location": "debian", "kernel_opts": ""}
        """
      try await client.execute(
        uri: "/reimage", method: .post,
        headers: [.accept: "application/json", .contentType: "application/json"],
        body: ByteBuffer(string: body)
      ) { #expect($0.status == .accepted) }
      try await client.execute(
        uri: "/reimage", method: .post,
        headers: [.accept: "application/json", .contentType: "application/json"],
        body: ByteBuffer(string: "[1]")
      ) { response in
        #expect(response.status == .badRequest)
        #expect(decode(ErrorAnswer.self, response)?.error == "the body is not a JSON object")
      }
    }
  }

  @Test func aBMCThatDoesNotAnswerIs502AndTheJobStays() async throws {
    try await withServer(bmcWorks: false) { client, inventory in
      try await client.execute(
        uri: "/reimage", method: .post, headers: Self.json, body: ByteBuffer(string: Self.form)
      ) { response in
        #expect(response.status == .badGateway)
        let answer = try #require(decode(ReimageAnswer.self, response))
        #expect(answer.error == "10.0.0.9: the BMC does not answer")
        #expect(answer.job.power.state == "failed")
      }
      #expect(try await inventory.jobs.jobs().count == 1)
    }
  }

  @Test func badParametersAre400AndStoreNothing() async throws {
    try await withServer { client, inventory in
      try await client.execute(
        uri: "/reimage", method: .post, headers: Self.json,
        body: ByteBuffer(string: "mac_address=zz&location=nowhere")
      ) { response in
        #expect(response.status == .badRequest)
        let error = try #require(decode(ErrorAnswer.self, response)).error
        for part in ["obm_address", "kernel_opts", "«zz»", "nowhere"] {
          #expect(error.contains(part))
        }
      }
      #expect(try await inventory.jobs.jobs(includingEnded: true).isEmpty)
    }
  }

  @Test func jobsAreCancelledOnce() async throws {
    try await withServer { client, _ in
      try await client.execute(
        uri: "/reimage", method: .post, headers: Self.json, body: ByteBuffer(string: Self.form)
      ) { #expect($0.status == .accepted) }
      try await client.execute(uri: "/jobs/1", method: .delete) { response in
        #expect(response.status == .ok)
        #expect(decode(JobRepresentation.self, response)?.state == "cancelled")
      }
      try await client.execute(uri: "/jobs/1", method: .delete) { #expect($0.status == .conflict) }
      try await client.execute(uri: "/jobs/9", method: .delete) { #expect($0.status == .notFound) }
      try await client.execute(uri: "/jobs", method: .get) { response in
        #expect(decode(JobList.self, response)?.jobs.isEmpty == true)
      }
      try await client.execute(uri: "/jobs?all=1", method: .get) { response in
        #expect(decode(JobList.self, response)?.jobs.map(\.state) == ["cancelled"])
      }
    }
  }

  @Test func bootsAreStories() async throws {
    try await withServer { client, inventory in
      let mac = MACAddress(value: 0x5254_00aa_0001)
      inventory.boots.record(
        BootObservation(
          .dhcpDiscover, mac: mac, at: Date(timeIntervalSince1970: 0), text: "It asks."))
      try await client.execute(uri: "/boots?mac=525400aa0001", method: .get) { response in
        let boot = try #require(decode(BootList.self, response)?.boots.first)
        #expect(boot.startedAt == "1970-01-01T00:00:00.000Z")
        #expect(boot.events.map(\.text) == ["It asks."])
      }
      try await client.execute(uri: "/boots?mac=525400aa0002", method: .get) { response in
        #expect(decode(BootList.self, response)?.boots.isEmpty == true)
      }
      try await client.execute(uri: "/boots?mac=nope", method: .get) { response in
        #expect(response.status == .badRequest)
      }
    }
  }

  @Test func metricsAreCounters() async throws {
    try await withServer { client, _ in
      try await client.execute(uri: "/metrics", method: .get) { response in
        #expect(
          String(buffer: response.body).hasSuffix("fino_events_total{kind=\"dhcp-offer\"} 3\n"))
      }
    }
  }
}
