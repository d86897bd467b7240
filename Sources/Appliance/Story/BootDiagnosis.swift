/// Appliance: the boot doctor's verdict about a machine that went silent.

import BootDoctor
import Foundation
import Inventory
import PacketCapture
import Synchronization
import Wire

/// The same engine as `fino explain`, over the packets that the recorder kept.
final class BootDiagnosis: Sendable {
  private let recorder: BootRecorder
  /// Up to when each machine was looked at.
  private let examined = Mutex(RecentlyUsed<MACAddress, Date>(limit: 16_384))

  /// How long a machine is silent before it is looked at: EDK2 gives up after half a minute.
  private static let silence = 40.0
  /// Older boots are not looked at any more.
  private static let oldest = 900.0
  /// Machines in one pass; the others wait for the next one.
  private static let most = 32

  init(_ recorder: BootRecorder) {
    self.recorder = recorder
  }

  struct Diagnosis: Sendable {
    var mac: MACAddress
    var verdict: Verdict
  }

  /// The failures of machines that have been silent for a while; to be called every few seconds.
  func pass(at now: Date) -> [Diagnosis] {
    let due = recorder.lastHeard.filter { mac, heard in
      let age = now.timeIntervalSince(heard)
      guard age > Self.silence, age < Self.oldest else { return false }
      return examined.withLock { $0.peek(mac) }.map { $0 < heard } ?? true
    }
    return due.sorted { $0.value < $1.value }.prefix(Self.most).flatMap { mac, heard in
      examined.withLock { $0.set(mac, to: heard) }
      let start = heard.addingTimeInterval(-Self.oldest)
      let explanation = explanation(of: mac, from: start, to: now)
      // What was before is told already.
      return (explanation?.verdicts.first?.last ?? [])
        .filter { $0.severity == .failure }.map { Diagnosis(mac: mac, verdict: $0) }
    }
  }

  /// What `explain` says of a machine's packets; nil when there are none.
  func explanation(of mac: MACAddress, from start: Date, to end: Date) -> BootDoctor.Explanation? {
    let (frames, isWhole) = recorder.packets(of: mac, from: start, to: end)
    guard !frames.isEmpty else { return nil }
    var explainer = Explainer()
    var decoder = PacketDecoder()
    for frame in frames {
      if let packet = try? decoder.decode(frame) { _ = explainer.receive(packet) }
    }
    var explanation = Explanation(
      explainer.finish(at: UInt64(max(0, end.timeIntervalSince1970) * 1e9)),
      title: mac.description, only: mac)
    if !isWhole { explanation.leaveOut(Self.needTransfers) }
    return explanation
  }

  /// Can't be told where the middle of transfers was left out.
  private static let needTransfers: Set<Verdict.Code> = [
    .tftpStalled, .tftpMTU, .tftpProbeOnly, .tftpBlocked, .httpStalled, .httpTruncated,
    .httpUnanswered, .loaderSilent, .scriptUnused, .oneWayTraffic, .initrdMissing,
  ]
}

extension BootDoctor.Explanation {
  fileprivate mutating func leaveOut(_ codes: Set<Verdict.Code>) {
    verdicts = verdicts.map { $0.map { $0.filter { !codes.contains($0.code) } } }
  }
}
