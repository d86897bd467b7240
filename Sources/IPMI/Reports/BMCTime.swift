/// IPMI: a time of a BMC's clock.

/// IPMI 2.0 §37: seconds since 1970; up to 0x20000000 since the BMC started; all ones: not known.
package struct BMCTime: Hashable, Sendable {
  package var seconds: UInt32

  package init(_ seconds: UInt32) { self.seconds = seconds }

  package var isSinceStart: Bool { seconds <= 0x2000_0000 }
  package var isKnown: Bool { seconds != .max }

  /// `2026-11-21 16:20:03`, in the BMC's own time, which should be UTC; `12 s after its start`.
  package var text: String {
    guard isKnown else { return "unknown" }
    guard !isSinceStart else { return "\(seconds) s after its start" }
    // Civil date of a day number, after H. Hinnant, "chrono-compatible low-level date algorithms".
    let days = Int(seconds / 86_400) + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { two(Int($0)) }
    return "\(year)-\(two(month))-\(two(day)) " + clock.joined(separator: ":")
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
