/// ApplianceTests: to which boot a console belongs, when it is over, and what is told of it.

import Foundation
import Inventory
import Testing
import Wire

@testable import Appliance

struct ConsoleRecordingTests {
  private let start = Date(timeIntervalSince1970: 1_700_000_000)

  private func recording(boot: Int? = 1) -> ConsoleRecording {
    ConsoleRecording(bmc: "10.0.0.9", boot: boot, until: start + 3600)
  }

  private func told(_ recording: inout ConsoleRecording, _ kind: BootEventKind, _ boot: Int) {
    recording.receive(kind, boot: boot)
  }

  @Test func eachBootBeforeTheInstallationHasItsOwn() {
    var recording = recording(boot: nil)
    told(&recording, .dhcpDiscover, 4)
    #expect(recording.boot == 4)
    told(&recording, .dhcpDiscover, 5)
    #expect(recording.boot == 5)
    #expect(!recording.isOver)
  }

  @Test func firmwareThatAsksAgainAfterTheInstallationIsTheEnd() {
    var recording = recording()
    told(&recording, .scriptInstall, 1)
    told(&recording, .jobInstalled, 1)
    told(&recording, .imageStarted, 2)
    told(&recording, .dhcpIgnored, 3)
    #expect(recording.boot == 1, "the installer's downloads and questions are still this boot")
    #expect(!recording.isOver)
    told(&recording, .dhcpDiscover, 4)
    #expect(recording.isOver)
    #expect(recording.boot == 1)
  }

  @Test func aSecondRequestGoesOn() {
    var recording = recording()
    told(&recording, .jobInstalled, 1)
    told(&recording, .jobCreated, 2)
    recording.extend(boot: 2, until: start + 7200)
    told(&recording, .dhcpDiscover, 2)
    #expect(!recording.isOver)
    #expect(recording.boot == 2)
    recording.pass(to: start + 7199)
    #expect(!recording.isOver)
    recording.pass(to: start + 7200)
    #expect(recording.isOver)
  }

  @Test func whoCancelsTheJobEndsIt() {
    var recording = recording()
    told(&recording, .jobCancelled, 1)
    #expect(recording.isOver)
  }

  @Test func itIsToldOnceThatItBeganAndWhyItFails() {
    var recording = recording()
    let (first, gap) = recording.connected(at: start)
    #expect(first?.kind == .consoleStarted)
    #expect(
      first?.text == "Its console is recorded from the BMC at 10.0.0.9: fino boots --console 1")
    #expect(gap == nil)
    recording.heard(at: start + 10)
    let lost = recording.lost("the BMC does not answer")
    #expect(lost?.kind == .consoleFailed)
    #expect(lost?.text.contains("the BMC does not answer") == true)
    #expect(recording.lost("the BMC does not answer") == nil)
    let (again, missing) = recording.connected(at: start + 25)
    #expect(again == nil)
    #expect(missing == "the console was lost; nothing was heard of it for 15 s")
    #expect(recording.lost("the BMC does not answer") == nil)
    let more = (0..<100).compactMap { recording.lost("reason \($0)") }
    #expect(more.count == 4, "no story is filled with it")
  }
}
