/// fino: what is told while frames come; of `capture` and of `explain -i`.

import BootDoctor
import Foundation
import PacketCapture
import Synchronization
import Wire

/// The boot doctor listens: steps when they happen, a verdict when a machine has ended its boot or has
/// gone silent, and everything in the end.
final class CaptureStory: Sendable {
  private struct State {
    var decoder = PacketDecoder()
    var explainer = Explainer(isLive: true)
    var watch = VerdictWatch()
    /// Steps came since the last look.
    var hasNews = false
  }

  private let state = Mutex(State())

  /// The lines that this frame adds to the story.
  func lines(for frame: CapturedFrame) -> [String] {
    state.withLock { state in
      // What can't be decoded is nobody's boot.
      guard let packet = try? state.decoder.decode(frame) else { return [] }
      let events = state.explainer.receive(packet)
      if !events.isEmpty { state.hasNews = true }
      return events.map { "\(Self.clock(frame.time))  \($0.client)  \($0.text)" }
    }
  }

  /// The verdicts that are due; to be asked for every second or so. `now` is in nanoseconds since 1970.
  func lines(at now: UInt64) -> [String] {
    state.withLock { state in
      guard state.hasNews || state.watch.isWaiting else { return [] }
      state.hasNews = false
      return state.watch.pass(state.explainer.finish(at: now)).flatMap { conclusion in
        let first = "\(Self.clock(now))  \(conclusion.client)  "
        return conclusion.lines.map { $0.hasPrefix(" ") ? $0 : first + $0 }
      }
    }
  }

  /// All that was seen, `now` being when nobody listens any more.
  func explanation(
    title: String, only machines: Set<MACAddress> = [], lost: UInt64 = 0, at now: UInt64
  ) -> Explanation {
    var record = state.withLock { $0.explainer.finish(at: now) }
    if lost > 0 {
      record.remarks.append("\(lost) frames were lost for want of room: something may be missing.")
    }
    return Explanation(record, title: title, only: machines)
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
