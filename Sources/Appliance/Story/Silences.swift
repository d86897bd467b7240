/// Appliance: refusals that were told already.

import DHCPProxy
import Synchronization
import Wire

/// Machines that are refused ask again and again; the same machine and reason again are only counted.
final class Silences: Sendable {
  private let ledger = Mutex(SilenceLedger())

  func isFirst(_ mac: MACAddress, _ reason: String) -> Bool {
    ledger.withLock { $0.isFirst(mac, reason) }
  }
}
