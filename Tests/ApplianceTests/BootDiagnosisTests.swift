/// Tests of Appliance: the boot doctor over the packets of one boot.

import BootDoctor
import Fixtures
import Foundation
import PacketCapture
import Testing
import Wire

@testable import Appliance

@Suite struct BootDiagnosisTests {
  /// A capture's frames, some nanoseconds later than they were recorded.
  private static func frames(_ name: String, later: UInt64 = 0) throws -> [CapturedFrame] {
    var reader = CaptureReader(bytes: try Fixtures.bytes("captures/\(name).pcap"))
    var frames: [CapturedFrame] = []
    while var frame = try reader.next() {
      frame.time += later
      // The reader's buffer is used again.
      frame.bytes = Array(frame.bytes)[...]
      frames.append(frame)
    }
    return frames
  }

  private static func machine(_ frames: [CapturedFrame]) throws -> MACAddress {
    try #require(frames.first.flatMap { MACAddress(bytes: $0.bytes.dropFirst(6).prefix(6)) })
  }

  private static func codes(_ explanation: BootDoctor.Explanation?) -> [[Verdict.Code]] {
    (explanation?.verdicts.first ?? []).map { $0.map(\.code) }
  }

  private static let second: UInt64 = 1_000_000_000

  @Test func silenceAfterTheLastStepIsListenedToForTwoMinutes() {
    let last = Date(timeIntervalSince1970: 1_700_000_000)
    func end(_ seconds: Double) -> Double {
      BootDiagnosis.end(of: last, at: last.addingTimeInterval(seconds)).timeIntervalSince(last)
    }
    #expect(end(3) == 3)
    #expect(end(86_400) == 120)
    #expect(end(-60) == 0)
  }

  @Test func aBootThatStalledIsJudgedByItsSilence() throws {
    let frames = try Self.frames("faults/http-stalled")
    let mac = try Self.machine(frames)
    let last = try #require(frames.last?.time)
    func codes(after seconds: UInt64) -> [[Verdict.Code]] {
      Self.codes(
        BootDiagnosis.explanation(
          of: mac, frames, heard: .all, until: last + seconds * Self.second,
          boots: last + 2 * Self.second))
    }
    #expect(!codes(after: 0).joined().contains(.httpStalled))
    #expect(codes(after: 60) == [[.httpStalled]])
  }

  @Test func theNextBootEndsTheSilenceAndIsNotTold() throws {
    let first = try Self.frames("faults/tftp-access")
    let mac = try Self.machine(first)
    let last = try #require(first.last?.time)
    let begin = try #require(first.first?.time)
    let later = last - begin + 100 * Self.second
    let both = try first + Self.frames("faults/tftp-access", later: later)
    let explanation = BootDiagnosis.explanation(
      of: mac, both, heard: .all, until: last + 120 * Self.second,
      boots: last + 2 * Self.second)
    #expect(Self.codes(explanation) == [[.tftpAccessDenied]])
    #expect(explanation?.network.clients.first?.boots.count == 1)
    #expect(explanation?.text.contains("until its next boot") == true)
    // A boot of which nothing was heard.
    #expect(
      BootDiagnosis.explanation(of: mac, both, heard: .all, until: last, boots: begin - 1)
        == nil)
  }
}
