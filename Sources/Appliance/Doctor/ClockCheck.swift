/// Appliance: the doctor looks at the clock, which leases, jobs and certificates live by.

import CSockets
import Foundation

struct ClockCheck {
  var now: Date
  /// Whether something keeps the clock right; nil where the kernel does not say.
  var isSynchronised: Bool?

  /// 2025: nobody had this program before.
  private static let earliest = Date(timeIntervalSince1970: 1_735_689_600)

  var finding: Finding {
    let shown = now.formatted(.iso8601)
    if now < Self.earliest {
      return Finding(
        "clock", .problem, "The clock says \(shown), which is past.",
        remedy: "Set it (date -s), and let NTP keep it: certificates of mirrors are checked by it.")
    }
    if isSynchronised == false {
      return Finding(
        "clock", .note, "The clock says \(shown); nothing keeps it right.",
        remedy: "Install chrony or systemd-timesyncd, so that the times of boots can be trusted.")
    }
    return Finding("clock", .ok, "The clock says \(shown).")
  }

  /// The kernel's own word (adjtimex(2)).
  static var kernelIsSynchronised: Bool? {
    let kept = fino_clock_is_kept()
    return kept < 0 ? nil : kept == 1
  }
}
