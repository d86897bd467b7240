/// Appliance: what the rooms saw becomes the story of a boot, and a count.

import BootDoctor
import Foundation
import Inventory
import Wire

/// One for all services. Costs little and never blocks: it is called on the event loop. What comes by
/// datagram is handed over as facts, and what the story has no room for is not even that.
struct Storyteller: Sendable {
  let journal: BootJournal
  let counters: Counters
  let counts: StoryCounts
  /// Silences that were told already.
  let silences = Silences()
  /// Which machine has an address.
  let machine: @Sendable (IPAddress) -> MACAddress?
  private let isKnown: @Sendable (MACAddress, SystemUUID?) -> Bool
  private let underWay = MachinesUnderWay()
  private let rate = QuestionRate()

  /// `isKnown`: whether a machine has a record or a job. Both are asked on the event loop.
  init(
    journal: BootJournal, counters: Counters,
    isKnown: @escaping @Sendable (MACAddress, SystemUUID?) -> Bool,
    machine: @escaping @Sendable (IPAddress) -> MACAddress?
  ) {
    self.journal = journal
    self.counters = counters
    counts = StoryCounts(counters)
    self.isKnown = isKnown
    self.machine = machine
  }

  /// For what comes over TCP, where a machine is no invention. The text is made only if it is told.
  func tell(
    _ kind: BootEventKind, mac: MACAddress? = nil, address: IPAddress? = nil,
    _ text: @autoclosure () -> String, _ details: @autoclosure () -> [String: String] = [:]
  ) {
    counters.add(kind.rawValue)
    let known = mac ?? address.flatMap(machine)
    if let known { noteUnderWay(known) }
    guard
      journal.admits(
        of: known, at: address,
        standing: { known.map { isKnown($0, nil) } == true ? .known : .underWay })
    else { return }
    journal.take(
      BootObservation(
        kind, mac: mac, address: address, at: Date(), text: text(), details: details()))
  }

  /// What a machine that asks by datagram counts for.
  func standing(of mac: MACAddress, _ uuid: SystemUUID?) -> Standing {
    let now = CoarseClock.seconds
    let standing: Standing =
      isKnown(mac, uuid) ? .known : underWay.contains(mac, at: now) ? .underWay : .stranger
    return standing == .stranger || rate.isModest(mac, at: now) ? standing : .stranger
  }

  /// It fetches, so it is there.
  func noteUnderWay(_ mac: MACAddress) {
    underWay.note(mac, at: CoarseClock.seconds)
  }

  /// A boot program that was fetched and did not run.
  func tell(_ finding: LoaderWatch.Finding?) {
    guard let finding else { return }
    tell(.loaderFailed, mac: finding.mac, "It \(finding.finding).")
  }

  /// Why a machine did not boot, as far as its packets show.
  func tell(_ found: BootDiagnosis.Diagnosis) {
    let verdict = found.verdict
    tell(
      .verdict, mac: found.mac, "\(verdict.cause) \(verdict.remedy)",
      [
        "code": verdict.code.rawValue, "remedy": verdict.remedy,
        "screen": verdict.screen.joined(separator: ", "),
      ])
  }

  func count(_ name: String) {
    counters.add(name)
  }
}

/// Quantities as people read them.
enum Amount {
  /// `8.1 MB`; 1 MB is 1,000,000 bytes.
  static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(count)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) B" : "\(oneDecimal(value)) \(units[unit])"
  }

  /// `0.4 s`
  static func seconds(_ duration: Duration) -> String {
    "\(oneDecimal(inSeconds(duration))) s"
  }

  /// `20.3 MB/s`
  static func rate(_ bytes: Int, in duration: Duration) -> String {
    "\(self.bytes(Int(Double(bytes) / max(inSeconds(duration), 0.000_001))))/s"
  }

  private static func inSeconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
