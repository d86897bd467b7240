/// Appliance: what the rooms saw becomes the story of a boot, and a count.

import Foundation
import Inventory
import Synchronization
import Wire

/// One for all services. Costs little and never blocks: it is called on the event loop.
struct Storyteller: Sendable {
  let journal: BootJournal
  let counters: Counters
  /// Silences that were told already.
  private let told = ToldOnce()

  init(journal: BootJournal, counters: Counters) {
    self.journal = journal
    self.counters = counters
  }

  func tell(
    _ kind: BootEventKind, mac: MACAddress? = nil, address: IPAddress? = nil, _ text: String,
    _ details: [String: String] = [:]
  ) {
    counters.add(kind.rawValue)
    journal.record(
      BootObservation(
        kind, mac: mac, address: address, at: Date(), text: text, details: details))
  }

  /// The same machine and reason again are only counted.
  func tellOnce(_ kind: BootEventKind, mac: MACAddress, _ text: String) {
    if told.isNew("\(mac) \(text)") {
      tell(kind, mac: mac, text)
    } else {
      counters.add(kind.rawValue)
    }
  }

  /// A boot program that was fetched and did not run.
  func tell(_ finding: LoaderWatch.Finding?) {
    guard let finding else { return }
    tell(.loaderFailed, mac: finding.mac, "It \(finding.finding).")
  }

  func count(_ name: String) {
    counters.add(name)
  }
}

/// What was told, bounded: after many it begins anew.
private final class ToldOnce: Sendable {
  private let told = Mutex<Set<String>>([])

  func isNew(_ text: String) -> Bool {
    told.withLock { told in
      if told.count >= 4096 { told.removeAll() }
      return told.insert(text).inserted
    }
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
