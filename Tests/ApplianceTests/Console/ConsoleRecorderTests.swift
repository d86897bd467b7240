/// ApplianceTests: consoles recorded over sockets, from the stub BMC.

import BMCStub
import Datagram
import Foundation
import IPMI
import Inventory
import Testing
import Wire

@testable import Appliance

@Suite(.serialized) struct ConsoleRecorderTests {
  private static let mac = MACAddress(value: 0x5254_0000_0001)
  private static let greeting = Array("\u{1b}[1mDebian installer\u{1b}[0m\r\n".utf8)

  /// A recorder that runs, its journal, and a BMC.
  private struct Scene: Sendable {
    let loop: DatagramLoop
    let inventory: Inventory
    let recorder: ConsoleRecorder

    func tell(_ kind: BootEventKind, _ text: String = "") {
      inventory.boots.record(
        BootObservation(kind, mac: ConsoleRecorderTests.mac, at: Date(), text: text))
    }

    func record(_ server: StubBMCServer, password: String? = nil) {
      let personality = server.bmc.personality
      recorder.record(
        .init(
          mac: ConsoleRecorderTests.mac, address: server.address,
          login: {
            try IPMILogin(
              username: personality.username, password: Secret(password ?? personality.password))
          }))
    }

    func texts(_ kind: BootEventKind) async throws -> [String] {
      try await inventory.boots.boots(limit: 10).flatMap(\.events).filter { $0.kind == kind }
        .map(\.text)
    }

    /// Within some seconds.
    func eventually(
      _ what: Comment, _ condition: () async throws -> Bool
    ) async throws {
      for _ in 0..<500 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
      }
      Issue.record(what)
    }

    func holds(_ text: [UInt8], boot: Int) -> Bool {
      recorder.text(of: boot)?.firstRange(of: text) != nil
    }
  }

  private func scene(_ work: (Scene) async throws -> Void) async throws {
    let state = FileManager.default.temporaryDirectory.path + "/fino-console-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: state) }
    let loop = try DatagramLoop(name: "console-recorder")
    defer { loop.shutdown() }
    let inventory = try Inventory.open(state: state)
    let story = Storyteller(
      journal: inventory.boots, counters: Counters(), isKnown: { _, _ in true },
      machine: { _ in nil })
    var patience = Patience()
    patience.keepAlive = .milliseconds(200)
    let recorder = ConsoleRecorder(
      loop: loop, journal: inventory.boots, story: story, limit: .seconds(60), patience: patience,
      pauses: [.milliseconds(50)])
    let running = Task { await recorder.run() }
    try await work(Scene(loop: loop, inventory: inventory, recorder: recorder))
    running.cancel()
    await running.value
    #expect(recorder.count == 0)
    await inventory.close()
  }

  private func server(
    _ scene: Scene, port: UInt16 = 0, _ change: (inout StubBMC.Personality) -> Void = { _ in }
  ) throws -> StubBMCServer {
    var personality = StubBMC.Personality()
    personality.serialGreeting = Self.greeting
    change(&personality)
    return try StubBMCServer(on: scene.loop, StubBMC(personality), port: port)
  }

  @Test func fromTheRequestToTheBootAfterTheInstallation() async throws {
    try await scene { scene in
      let server = try server(scene)
      scene.tell(.jobCreated)
      scene.record(server)
      try await scene.eventually("recorded") { scene.holds(Self.greeting, boot: 1) }
      #expect(
        try await scene.texts(.consoleStarted)
          == ["Its console is recorded from the BMC at \(server.address): fino boots --console 1"])
      #expect(server.bmc.hasSerialSession)
      scene.tell(.dhcpDiscover)
      scene.tell(.scriptInstall)
      scene.tell(.jobInstalled)
      scene.tell(.dhcpDiscover)
      try await scene.eventually("given back") { !server.bmc.hasSerialSession }
      try await scene.eventually("over") { scene.recorder.count == 0 }
      #expect(scene.recorder.text(of: 1) == Self.greeting)
      #expect(scene.recorder.text(of: 2) == nil)
      #expect(try await scene.texts(.consoleFailed) == [])
      server.close()
    }
  }

  /// No second try: a row of them locks users out.
  @Test func aWrongPasswordIsToldOnce() async throws {
    try await scene { scene in
      let server = try server(scene)
      scene.tell(.jobCreated)
      scene.record(server, password: "guess")
      try await scene.eventually("over") {
        let count = scene.recorder.count
        return try await scene.texts(.consoleFailed).count == 1 && count == 0
      }
      let text = try await scene.texts(.consoleFailed).first
      #expect(text?.hasSuffix("is not recorded: the password (or the user name) is wrong.") == true)
      #expect(text?.contains("guess") == false)
      #expect(scene.recorder.text(of: 1) == nil)
      server.close()
    }
  }

  @Test func aLostConsoleIsTakenUpAgain() async throws {
    try await scene { scene in
      let first = try server(scene)
      scene.tell(.jobCreated)
      scene.record(first)
      try await scene.eventually("recorded") { scene.holds(Self.greeting, boot: 1) }
      first.close()
      try await scene.eventually("told") { try await scene.texts(.consoleFailed).count == 1 }
      var second: StubBMCServer?
      try await scene.eventually("bound again") {
        second = try? server(scene, port: first.endpoint.port) {
          $0.serialGreeting = Array("later".utf8)
        }
        return second != nil
      }
      try await scene.eventually("recorded again") { scene.holds(Array("later".utf8), boot: 1) }
      #expect(scene.holds(Self.greeting, boot: 1))
      #expect(scene.holds(Array("[fino: the console was lost; nothing was".utf8), boot: 1))
      #expect(try await scene.texts(.consoleStarted).count == 1)
      second?.close()
    }
  }

  /// And a power command meanwhile has a session of its own.
  @Test func theSameMachineTwiceIsOneRecording() async throws {
    try await scene { scene in
      let server = try server(scene)
      scene.tell(.jobCreated)
      scene.record(server)
      try await scene.eventually("recorded") { scene.holds(Self.greeting, boot: 1) }
      scene.record(server)
      let client = IPMIClient(
        loop: scene.loop,
        login: try IPMILogin(
          username: server.bmc.personality.username,
          password: Secret(server.bmc.personality.password)))
      let report = try await client.withSession(to: server.address, limit: .seconds(5)) {
        session async throws(IPMIError) in try await session.power(.cycle)
      }
      #expect(report.sent != nil)
      #expect(scene.recorder.count == 1)
      #expect(server.bmc.hasSerialSession)
      #expect(try await scene.texts(.consoleStarted).count == 1)
      server.close()
    }
  }
}
