/// Appliance: the boot doctor's verdict about a machine that went silent.

import BootDoctor
import Foundation
import Inventory
import PacketCapture
import Synchronization
import Wire

/// The same engine as `fino explain`, over the packets that the recorder kept.
final class BootDiagnosis: Sendable {
  /// What of a machine's failures is meant so.
  struct Intentions: Sendable {
    /// It gets no answer, because the configuration says so.
    var isIgnored: @Sendable (MACAddress) -> Bool = { _ in false }
    /// It is sent to its disk, by being refused what its signed loader asks for.
    var goesToDisk: @Sendable (MACAddress) -> Bool = { _ in false }
  }

  private struct Examined {
    /// Up to when the machine was looked at.
    var heard: Date
    /// What was told of its latest boot.
    var boot: UInt64 = 0
    var told: [Verdict.Code] = []
  }

  private let recorder: BootRecorder
  private let intentions: Intentions
  private let examined = Mutex(RecentlyUsed<MACAddress, Examined>(limit: 16_384))

  /// How long a machine is silent before it is looked at: EDK2 gives up after half a minute.
  private static let silence = 40.0
  /// Older boots are not looked at any more.
  private static let oldest = 900.0
  /// Machines in one pass; the others wait for the next one.
  private static let most = 32

  init(_ recorder: BootRecorder, _ intentions: Intentions = Intentions()) {
    self.recorder = recorder
    self.intentions = intentions
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
      return examined.withLock { $0.peek(mac) }.map { $0.heard < heard } ?? true
    }
    return due.sorted { $0.value < $1.value }.prefix(Self.most).flatMap { mac, heard in
      let start = heard.addingTimeInterval(-Self.oldest)
      let explanation = explanation(of: mac, from: start, to: now, boots: .max)
      let boot = explanation?.network.clients.first?.boots.last?.begin.time ?? 0
      // The last boot's; each is told once, however often the machine is heard afterwards.
      let failures = (explanation?.verdicts.first?.last ?? []).filter {
        $0.severity == .failure && !isMeant($0, of: mac)
      }
      return examined.withLock { examined in
        examined.use(mac, initial: Examined(heard: heard)) { known, _ in
          known.heard = heard
          if known.boot != boot { (known.boot, known.told) = (boot, []) }
          let new = failures.filter { !known.told.contains($0.code) }
          known.told += new.map(\.code)
          return new.map { Diagnosis(mac: mac, verdict: $0) }
        }
      }
    }
  }

  private func isMeant(_ verdict: Verdict, of mac: MACAddress) -> Bool {
    switch verdict.code {
    case .tftpFileNotFound: intentions.goesToDisk(mac)
    default: intentions.isIgnored(mac)
    }
  }

  /// What `explain` says of one boot, `lastAt` being its last step; nil when there are no packets of it.
  ///
  /// It is judged by the silence that follows, too: as far as that has come by `now`, or as far as it
  /// can matter. What the machine begins in the meantime ends the silence and is not told itself.
  func explanation(
    of mac: MACAddress, from start: Date, to lastAt: Date, at now: Date = Date()
  ) -> BootDoctor.Explanation? {
    explanation(
      of: mac, from: start, to: Self.end(of: lastAt, at: now),
      boots: BootRecorder.nanoseconds(lastAt) &+ Self.margin)
  }

  /// Until when a boot's silence is listened to.
  static func end(of lastAt: Date, at now: Date) -> Date {
    let silence = Double(VerdictWatch.longestSilence) / 1e9
    // The clock may have been set back.
    return max(lastAt, min(now, lastAt.addingTimeInterval(silence)))
  }

  /// A step is told a moment before or after its packet.
  private static let margin: UInt64 = 2_000_000_000

  private func explanation(
    of mac: MACAddress, from start: Date, to end: Date, boots last: UInt64
  ) -> BootDoctor.Explanation? {
    let (frames, heard) = recorder.packets(of: mac, from: start, to: end)
    return Self.explanation(
      of: mac, frames, heard: heard, until: BootRecorder.nanoseconds(end), boots: last)
  }

  /// Heard until `end`; of boots that began after `last` nothing is told. Both in nanoseconds since
  /// 1970. `heard` says what may have been left out.
  static func explanation(
    of mac: MACAddress, _ frames: [CapturedFrame], heard: Attention.Level, until end: UInt64,
    boots last: UInt64
  ) -> BootDoctor.Explanation? {
    guard !frames.isEmpty else { return nil }
    var explainer = Explainer()
    var decoder = PacketDecoder()
    for frame in frames {
      if let packet = try? decoder.decode(frame) { _ = explainer.receive(packet) }
    }
    var network = explainer.finish(at: end)
    network.clients = network.clients.map(Self.audible)
    // Behind a router all machines have its hardware address: nobody's story can be told by it.
    if network.clients.contains(where: { $0.mac == mac && $0.addresses.count > 4 }) { return nil }
    var explanation = Explanation(network, title: mac.description, only: [mac])
    switch heard {
    case .all: break
    case .conversations: explanation.leaveOut { Self.needTransfers.contains($0.code) }
    case .nothing: explanation.leaveOut { $0.severity == .failure }
    }
    explanation.leaveOutBoots(after: last)
    let isEmpty = explanation.network.clients.allSatisfy(\.boots.isEmpty)
    return isEmpty && !network.clients.isEmpty ? nil : explanation
  }

  /// An answer to an ARP question goes past us, unless we were asked: silence says nothing.
  private static func audible(_ client: ClientRecord) -> ClientRecord {
    var client = client
    for index in client.boots.indices {
      client.boots[index].steps.removeAll {
        if case .address(let question) = $0 { question.answered == nil } else { false }
      }
    }
    return client
  }

  /// Can't be told where the middle of transfers was left out.
  private static let needTransfers: Set<Verdict.Code> = [
    .tftpStalled, .tftpMTU, .tftpProbeOnly, .tftpBlocked, .httpStalled, .httpTruncated,
    .httpUnanswered, .loaderSilent, .scriptUnused, .oneWayTraffic, .initrdMissing,
  ]
}

extension BootDoctor.Explanation {
  fileprivate mutating func leaveOut(_ isDoubtful: (Verdict) -> Bool) {
    verdicts = verdicts.map { $0.map { $0.filter { !isDoubtful($0) } } }
  }

  fileprivate mutating func leaveOutBoots(after time: UInt64) {
    for client in network.clients.indices {
      let count = network.clients[client].boots.prefix { $0.begin.time <= time }.count
      network.clients[client].boots.removeSubrange(count...)
      verdicts[client].removeSubrange(count...)
    }
  }
}
