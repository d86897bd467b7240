/// PowerTests: what the libvirt driver asks a daemon, and what it makes of the answers.

import IPMI
import Testing
import Wire

@testable import Power

struct LibvirtSessionTests {
  private static let xml =
    "<domain><os><type>hvm</type><boot dev='hd'/></os><devices></devices></domain>"
  private let quick = MachinePower(
    target: "vm", driver: "libvirt", inFlight: CommandInFlight(), pause: { _ in })

  private func perform(
    _ request: PowerRequest, _ daemon: ScriptedDaemon
  ) async throws -> PowerOutcome {
    let uuid = try #require(ScriptedDaemon.uuid)
    let session = try await LibvirtSession.open(
      try LibvirtAddress("qemu:///system"), .uuid(uuid), daemon.call)
    return try await quick.perform(request, in: session)
  }

  @Test func tellsWhatWasDone() async throws {
    let cases: [(PowerRequest, Bool, String, [LibvirtProcedure])] = [
      (.status, true, "vm is on", [.getState]),
      (.power(.on), false, "power on sent to vm; it was off", [.getState, .create, .getXML]),
      (.power(.off), true, "power off sent to vm; it was on", [.getState, .destroy]),
      (.power(.soft), true, "soft shutdown sent to vm; it was on", [.getState, .shutdown]),
      (.power(.reset), true, "reset sent to vm; it was on", [.getState, .getXML, .reset]),
      (
        .power(.cycle), true, "power cycle sent to vm; it was on",
        [.getState, .isPersistent, .destroy, .create, .getXML]
      ),
    ]
    for (request, on, text, calls) in cases {
      let daemon = ScriptedDaemon(on: on, xml: Self.xml)
      #expect(try await perform(request, daemon).text == text)
      #expect(Array(daemon.calls.dropFirst(3)) == calls)
    }
  }

  @Test func theNetworkIsBootedOnceAndTheOrderPutBack() async throws {
    let daemon = ScriptedDaemon(on: true, xml: Self.xml)
    _ = try await perform(.bootDevice(.pxe), daemon)
    #expect(try DomainBootOrder(daemon.xml).first == "network")
    let outcome = try await perform(.power(.reset), daemon)
    #expect(outcome.text == "power cycle, for the changed boot order, sent to vm; it was on")
    #expect(try DomainBootOrder(daemon.xml).first == "hd")
    #expect(try DomainBootOrder(daemon.xml).isChanged == false)
    #expect(!daemon.calls.contains(.reset))
    // A reinstall does it in one session.
    _ = try await perform(.reinstall(), daemon)
    #expect(try DomainBootOrder(daemon.xml).first == "hd")
    #expect(daemon.calls.suffix(2) == [.getXML, .defineXML])
  }

  @Test func aTransientDomainIsNotDestroyed() async throws {
    var manners = ScriptedDaemon.Manners()
    manners.isPersistent = false
    let daemon = ScriptedDaemon(manners, on: true, xml: Self.xml)
    let error = await #expect(throws: DriverError.self) {
      try await perform(.power(.cycle), daemon)
    }
    #expect(error?.kind == .unsupported)
    #expect(!daemon.calls.contains(.destroy))
  }

  @Test func whatIsNotKnownIsSaid() async throws {
    for procedure in [LibvirtProcedure.destroy, .create] {
      var manners = ScriptedDaemon.Manners()
      manners.hangsUpOn = procedure
      let daemon = ScriptedDaemon(manners, on: true, xml: Self.xml)
      let error = await #expect(throws: DriverError.self) {
        try await perform(.power(.cycle), daemon)
      }
      #expect(error?.kind == .uncertain)
      #expect(daemon.calls.filter { $0 == procedure }.count == 1)
    }
    var manners = ScriptedDaemon.Manners()
    manners.refuses = .create
    let error = await #expect(throws: DriverError.self) {
      try await perform(.power(.cycle), ScriptedDaemon(manners, on: true, xml: Self.xml))
    }
    #expect(error?.sentence.contains("was switched off") == true)
    manners = ScriptedDaemon.Manners()
    manners.forgetsDefinitions = true
    let forgetful = await #expect(throws: DriverError.self) {
      try await perform(.bootDevice(.pxe), ScriptedDaemon(manners, on: true, xml: Self.xml))
    }
    #expect(forgetful?.kind == .noEffect)
    manners = ScriptedDaemon.Manners()
    manners.state = 0
    let unclear = await #expect(throws: DriverError.self) {
      try await perform(.status, ScriptedDaemon(manners, on: true, xml: Self.xml))
    }
    #expect(unclear?.kind == .malformed)
  }

  @Test func authenticationThatIsNotSpokenIsNamed() async throws {
    var manners = ScriptedDaemon.Manners()
    manners.authentication = [1]
    let error = await #expect(throws: DriverError.self) {
      try await perform(.status, ScriptedDaemon(manners, on: true, xml: Self.xml))
    }
    #expect(error?.kind == .login)
    #expect(error?.sentence.contains("SASL") == true)
    manners.authentication = [2]
    let daemon = ScriptedDaemon(manners, on: true, xml: Self.xml)
    _ = try await perform(.status, daemon)
    #expect(daemon.calls.prefix(2) == [.authList, .authPolkit])
  }
}
