/// Appliance: one machine's console while it is reimaged: to which boot its characters belong, when it
/// is over, and what its story tells.

import Foundation
import Inventory
import Wire

/// A value: what happens goes in, what is told comes out.
struct ConsoleRecording: Equatable, Sendable {
  /// A line for the boot's story.
  struct Remark: Equatable, Sendable {
    var kind: BootEventKind
    var text: String
  }

  /// The BMC, for people.
  let bmc: String
  /// When it ends at the latest.
  private(set) var until: Date
  /// nil: nothing was heard of the machine yet, and nothing of its console can be kept.
  private(set) var boot: Int?
  /// Nothing more is expected of it.
  private(set) var isOver = false
  private var isInstalling = false
  /// When the console was heard last, or begun to be listened to; nil: never yet.
  private var heardAt: Date?
  /// The losses that were told: a connection that comes and goes must not fill the story.
  private var told: Set<String> = []

  private static let lossesTold = 5

  init(bmc: String, boot: Int?, until: Date) {
    self.bmc = bmc
    self.boot = boot
    self.until = until
  }

  /// The same machine is to be reimaged again.
  mutating func extend(boot: Int?, until: Date) {
    self.boot = boot ?? self.boot
    self.until = max(self.until, until)
    isInstalling = false
    isOver = false
  }

  /// A step of the machine's boots. Until it installs, each boot has its own text; then the installer's
  /// own downloads may be told as further boots, but what ends it is firmware that asks again: the
  /// machine has been restarted, as installers do last.
  mutating func receive(_ kind: BootEventKind, boot next: Int) {
    switch kind {
    case .jobCreated: isInstalling = false
    case .jobInstalled: isInstalling = true
    case .jobCancelled: isOver = true
    case .dhcpDiscover, .ipxeDiscover, .scriptDisk:
      if isInstalling, next > boot ?? next { isOver = true }
    default: break
    }
    if !isInstalling { boot = next }
  }

  mutating func pass(to now: Date) {
    if now >= until { isOver = true }
  }

  // MARK: The connection

  /// It writes.
  mutating func heard(at now: Date) { heardAt = now }

  /// The second value stands in the text, where characters may be missing.
  mutating func connected(at now: Date) -> (remark: Remark?, gap: String?) {
    defer { heardAt = now }
    guard let heardAt else {
      let id = boot.map { ": fino boots --console \($0)" } ?? ""
      return (
        Remark(
          kind: .consoleStarted,
          text: "Its console is recorded from the BMC at \(bmc)\(id)"), nil
      )
    }
    // A BMC that is gone is noticed late.
    let seconds = Int(min(max(0, now.timeIntervalSince(heardAt)), 1e6).rounded(.up))
    return (nil, "the console was lost; nothing was heard of it for \(seconds) s")
  }

  /// It is tried again. nil: that was told already.
  mutating func lost(_ reason: String) -> Remark? {
    guard told.count < Self.lossesTold, told.insert(reason).inserted else { return nil }
    return Remark(
      kind: .consoleFailed,
      text: "Its console at the BMC \(bmc) is not recorded for now: \(reason); it is tried again.")
  }

  /// It is not tried again.
  func failed(_ reason: String) -> Remark {
    Remark(
      kind: .consoleFailed, text: "Its console at the BMC \(bmc) is not recorded: \(reason).")
  }
}
