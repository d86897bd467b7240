/// BootDoctor: stories and verdicts together, ready to be shown.

package import Wire

package struct Explanation: Sendable {
  package var network: NetworkRecord
  /// For each client, for each of its boots.
  package var verdicts: [[[Verdict]]]
  /// What was read, `boot.pcap`.
  package var title: String

  /// `machines`: whose stories are wanted; empty is everybody's.
  package init(_ network: NetworkRecord, title: String, only machines: Set<MACAddress> = []) {
    self.title = title
    let verdicts = network.verdicts()
    let kept = network.clients.indices.filter { index in
      machines.isEmpty || network.clients[index].mac.map(machines.contains) == true
    }
    self.network = network
    self.network.clients = kept.map { network.clients[$0] }
    self.verdicts = kept.map { verdicts[$0] }
  }

  /// A failure was found somewhere.
  package var hasFailures: Bool {
    verdicts.joined().joined().contains { $0.severity == .failure }
  }

  /// What is to be said about all, one sentence each.
  package var remarks: [String] {
    var remarks = network.remarks
    for (what, count) in network.omitted.sorted(by: { $0.key < $1.key }) {
      remarks.append("\(count) \(what) were left out: there are too many to keep.")
    }
    if network.clients.isEmpty {
      remarks.append(
        "No machine that boots from the network is in these \(network.packets) packets.")
    }
    return remarks
  }
}

/// Times for people, UTC, made without a calendar library.
package enum ClockText {
  /// `2026-11-21 15:33:30.123`
  package static func dateAndTime(_ nanoseconds: UInt64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    let (year, month, day) = date(days: Int(seconds / 86_400))
    return "\(year)-\(two(month))-\(two(day)) \(time(nanoseconds))"
  }

  /// `15:33:30.123`
  package static func time(_ nanoseconds: UInt64) -> String {
    let seconds = Int(nanoseconds / 1_000_000_000 % 86_400)
    let milliseconds = Int(nanoseconds / 1_000_000 % 1000)
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))."
      + (milliseconds < 100 ? milliseconds < 10 ? "00" : "0" : "") + "\(milliseconds)"
  }

  /// `+3.601`, seconds since `begin`.
  package static func offset(_ moment: UInt64, since begin: UInt64) -> String {
    let milliseconds = Span.between(begin, moment) / 1_000_000
    let rest = Int(milliseconds % 1000)
    return "+\(milliseconds / 1000)." + (rest < 100 ? rest < 10 ? "00" : "0" : "") + "\(rest)"
  }

  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }

  /// Days since 1970 (Howard Hinnant's civil_from_days).
  private static func date(days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * ofYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * part + 2) / 5 + 1)
  }
}
