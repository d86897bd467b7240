/// Tests of BootDoctor: captures of Fino's own boots are answered today as they were then.

import DHCPProxy
import Fixtures
import PacketCapture
import Testing
import Wire

@testable import BootDoctor

@Suite struct ReplayTests {
  private static func replay(
    _ name: String, _ options: Replay.Options = Replay.Options()
  ) throws -> Replay {
    var reader = CaptureReader(bytes: try Fixtures.bytes("captures/\(name).pcap"))
    return try Replay(&reader, options)
  }

  /// Not every answer is in these captures.
  @Test(arguments: [("fino-bios", 5, 2), ("fino-uefi", 7, 2), ("sb-shim", 3, 2)])
  func whatFinoAnsweredItAnswersToday(
    _ name: String, _ questions: Int, _ compared: Int
  ) throws {
    let replay = try Self.replay(name)
    #expect(replay.steps.count == questions)
    #expect(replay.steps.count(where: \.isCompared) == compared)
    #expect(replay.steps.flatMap(\.differences) == [])
    #expect(!replay.hasDifferences)
    #expect(replay.server != nil)
  }

  @Test func whatOthersAnsweredDiffersInNamedFields() throws {
    let replay = try Self.replay("e13")
    #expect(replay.hasDifferences)
    let lines = replay.steps.flatMap(\.differences)
    #expect(lines.contains("sname: «» then, «10.77.0.2» today"))
    // The fault that this capture was made to show: the answer went to port 68.
    #expect(
      lines.contains(
        "sent to: 10.77.0.50:68 in a frame to 52:54:00:12:34:56 then, 10.77.0.50:4011 today"))
    let script = try Self.replay("s1").steps.flatMap(\.differences)
    #expect(script.contains("option 43 (vendor specific): absent then, 6=08 today"))
    #expect(script.contains("option 175 (iPXE): absent then, 010101 today"))
  }

  @Test func anotherPlanOrRuleShows() throws {
    var options = Replay.Options()
    options.plan = { _, _ in .loader(file: "other.efi") }
    let planned = try Self.replay("fino-uefi", options).steps
    #expect(
      planned.flatMap(\.differences).contains("file: «snponly.efi» then, «other.efi» today"))

    options = Replay.Options()
    options.rules = BootRules(admission: try BootAdmission(allow: [], deny: ["arch x64"]))
    let refused = try Self.replay("fino-uefi", options).steps
    #expect(
      Set(refused.flatMap(\.differences))
        == ["answered then, silent today: the rule «deny arch x64» refuses it"])
  }

  @Test func anotherServersAnswersCanBeCompared() throws {
    var options = Replay.Options()
    options.server = IPv4Address(203, 0, 113, 1)
    // That one never answered, so there is no plan either: both are silent.
    let replay = try Self.replay("fino-uefi", options)
    #expect(!replay.hasDifferences)
    #expect(replay.steps.allSatisfy { $0.captured == "(no answer)" })
    options.plan = { _, _ in .loader(file: "snponly.efi") }
    #expect(
      try Self.replay("fino-uefi", options).steps.first?.differences.first?
        .hasPrefix("silent then, answered today") == true)
  }

  @Test func oneChangedByteIsFound() throws {
    let bytes = try Fixtures.bytes("captures/fino-uefi.pcap")
    var reader = CaptureReader(bytes: bytes)
    var decoder = PacketDecoder()
    var place: Int?
    while let frame = try reader.next() {
      let packet = try decoder.decode(frame)
      guard case .udp(4011, _, let payload, _) = packet?.content, payload.first == 2 else {
        continue
      }
      // `file` of the answer from port 4011, in the reader's buffer, which holds the whole file.
      place = payload.startIndex + 108
      break
    }
    var changed = bytes
    changed[try #require(place)] = UInt8(ascii: "X")
    var again = CaptureReader(bytes: changed)
    var options = Replay.Options()
    options.plan = { client, _ in
      client.program == .pxe
        ? .loader(file: "snponly.efi") : .silence(reason: "only the firmware is asked here")
    }
    let replay = try Replay(&again, options)
    let lines = replay.steps.filter { $0.question.contains("4011") }.flatMap(\.differences)
    #expect(lines == ["file: «Xnponly.efi» then, «snponly.efi» today"])
  }

  @Test func theTextNamesEachQuestion() throws {
    let text = try Self.replay("fino-uefi").text(isFull: false)
    #expect(text.contains("packet 3  REQUEST of 52:54:00:aa:00:02 on port 4011: the same"))
    #expect(text.contains("packet 1  DISCOVER of 52:54:00:aa:00:02 on port 67: not answered"))
    #expect(text.hasSuffix("7 questions; 2 answers of 10.77.0.2 compared, 0 differ today."))
    #expect(try Self.replay("fino-uefi").text(isFull: true).contains("option 43"))
  }
}
