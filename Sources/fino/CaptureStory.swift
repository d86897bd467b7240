/// fino: what `capture` tells while frames come.

import BootDoctor
import Foundation
import PacketCapture
import Synchronization
import Wire

/// The boot doctor listens: steps when they happen, verdicts at the end.
final class CaptureStory: Sendable {
  private struct State {
    var decoder = PacketDecoder()
    var explainer = Explainer(isLive: true)
  }

  private let state = Mutex(State())

  /// The lines that this frame adds to the story.
  func lines(for frame: CapturedFrame) -> [String] {
    state.withLock { state in
      // What can't be decoded is nobody's boot.
      guard let packet = try? state.decoder.decode(frame) else { return [] }
      return state.explainer.receive(packet).map { event in
        "\(Self.clock(frame.time))  \(event.client)  \(event.text)"
      }
    }
  }

  /// The verdicts.
  var ending: [String] {
    state.withLock { state in
      let record = state.explainer.finish()
      return Explanation(record, title: "capture", only: nil).text.split(
        separator: "\n", omittingEmptySubsequences: false
      ).map(String.init)
    }
  }

  /// `14:05:59.123`, of this machine's day.
  private static func clock(_ time: UInt64) -> String {
    var seconds = time_t(clamping: time / 1_000_000_000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    let milliseconds = time / 1_000_000 % 1000
    return String(
      format: "%02d:%02d:%02d.%03d", parts.tm_hour, parts.tm_min, parts.tm_sec, Int(milliseconds))
  }
}
