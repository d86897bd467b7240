/// BootDoctorTests: explanations for people, programs and tickets.

import BootDoctor
import DHCPProxy
import Foundation
import Testing
import Wire

@Suite struct ReportTests {
  private func explanation(file: String = "nosuch.efi") -> Explanation {
    var frames = FrameBuilder()
    frames.leased(file)
    frames.ask(for: file)
    frames.tftp(.server, [0, 5, 0, 1] + Array("File not found\0".utf8))
    return Explanation(frames.finish(), title: "boot.pcap")
  }

  @Test func textHasALineForEachStepAndTheVerdict() {
    let text = explanation().text
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "52:54:00:00:00:01 (QEMU/KVM), UEFI x64, 10.0.0.50")
    #expect(lines[1] == "  boot 1, 2023-11-14 22:13:20.010 UTC")
    #expect(lines[2] == "    +0.000  #1  DISCOVER by the firmware's PXE (UEFI x64)")
    #expect(
      lines.contains { $0.hasPrefix("  ! +0.050  #6  TFTP «nosuch.efi» from 10.0.0.2: ERROR 1") })
    #expect(lines.contains("  FAILURE tftp-file-not-found"))
    #expect(lines.contains("    packets 6, 7"))
    #expect(lines.contains("    On the screen: PXE-E23"))
  }

  @Test func jsonHasStableKeys() throws {
    let document = ExplanationDocument(explanation())
    let object = try #require(
      try JSONSerialization.jsonObject(with: try document.encoded) as? [String: Any])
    #expect(
      Set(object.keys) == ["title", "packets", "begin", "end", "machines", "remarks"])
    let machine = try #require((object["machines"] as? [[String: Any]])?.first)
    #expect(machine["mac"] as? String == "52:54:00:00:00:01")
    #expect(machine["architecture"] as? Int == 7)
    let boot = try #require((machine["boots"] as? [[String: Any]])?.first)
    let verdict = try #require((boot["verdicts"] as? [[String: Any]])?.first)
    #expect(verdict["code"] as? String == "tftp-file-not-found")
    #expect(verdict["evidence"] as? [Int] == [6, 7])
    let step = try #require((boot["steps"] as? [[String: Any]])?.first)
    #expect(Set(step.keys) == ["time", "packet", "lastPacket", "kind", "text", "trouble"])
    let again = try JSONDecoder().decode(ExplanationDocument.self, from: try document.encoded)
    #expect(again == document)
  }

  @Test func htmlEscapesWhatPacketsSay() {
    let html = explanation(file: "<script>alert(1)</script>\"x").html
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;"))
    #expect(html.contains("<svg"))
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("src="))
  }

  @Test func onlyOneMachineIsShown() {
    var frames = FrameBuilder()
    frames.leased()
    let network = frames.finish()
    let other = MACAddress(value: 1)
    let one = Explanation(network, title: "x", only: [FrameBuilder.client])
    #expect(one.network.clients.count == 1)
    let none = Explanation(network, title: "x", only: [other])
    #expect(none.network.clients.isEmpty)
    #expect(none.text.contains("No machine"))
  }

  @Test func clocksAreReadWithoutACalendar() {
    #expect(ClockText.dateAndTime(0) == "1970-01-01 00:00:00.000")
    #expect(ClockText.dateAndTime(951_782_400_000_000_000) == "2000-02-29 00:00:00.000")
    #expect(ClockText.dateAndTime(1_795_275_210_123_456_789) == "2026-11-21 15:33:30.123")
    #expect(ClockText.offset(3_601_000_000, since: 0) == "+3.601")
    #expect(StoryText.duration(400_000) == "0.4 ms")
    #expect(StoryText.duration(28_340_000_000) == "28.3 s")
  }
}
