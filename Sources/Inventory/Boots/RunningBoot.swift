/// Inventory: what must be known of a boot to tell whether the next event still belongs to it.

import Foundation
import Wire

struct RunningBoot: Equatable, Sendable {
  enum Phase: String, Comparable, Sendable, CaseIterable {
    /// Somebody asked for it; the machine has not been heard yet.
    case asked
    case dhcp
    case loading
    case handedOver

    static func < (a: Phase, b: Phase) -> Bool {
      (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
  }

  let id: Int
  var mac: MACAddress?
  var address: IPAddress?
  var startedAt: Date
  var lastAt: Date
  var phase: Phase
  var eventCount: Int

  /// After this much silence the machine has given up or has booted. Firmware retries for 60 s.
  static let silence: TimeInterval = 180
  /// A server that was power-cycled may test its memory for long before it asks for anything.
  static let silenceOfAsked: TimeInterval = 1200
  /// A script's own `dhcp` follows the script at once; a machine that is reset needs longer.
  static let resetTime: TimeInterval = 5
  /// No story is longer; a machine that asks day and night fills many.
  static let eventsKept = 500

  /// A DISCOVER of the firmware after the loader was asked for is a new boot, and so is anything
  /// that a machine begins after a long silence.
  func isOver(before part: BootEventKind.Part, at now: Date) -> Bool {
    let quiet = now.timeIntervalSince(lastAt)
    let silent = quiet > (phase == .asked ? Self.silenceOfAsked : Self.silence)
    return switch part {
    case _ where eventCount >= Self.eventsKept: true
    case .remark: false
    case .firmwareDiscover: silent || phase > .dhcp
    case .asked: silent || phase > .dhcp
    // A NIC whose ROM is iPXE (QEMU's) has no firmware stage, and scripts run `dhcp` again.
    case .ipxeDiscover: silent || phase == .handedOver && quiet >= Self.resetTime
    case .dhcp, .loading, .handover: silent
    }
  }

  mutating func add(_ observation: BootObservation) {
    startedAt = min(startedAt, observation.at)
    lastAt = max(lastAt, observation.at)
    mac = observation.mac ?? mac
    address = observation.address ?? address
    eventCount += 1
    phase = Self.phase(phase, after: observation.kind.part)
  }

  /// The phase of a boot that begins with this.
  static func firstPhase(_ part: BootEventKind.Part) -> Phase {
    phase(.asked, after: part)
  }

  private static func phase(_ phase: Phase, after part: BootEventKind.Part) -> Phase {
    switch part {
    case .asked, .remark: phase
    // The DISCOVERs that an iPXE script causes are no reset, nor are their retries.
    case .ipxeDiscover where phase == .handedOver: .loading
    case .firmwareDiscover, .ipxeDiscover, .dhcp: max(phase, .dhcp)
    case .loading: max(phase, .loading)
    case .handover: .handedOver
    }
  }
}
