/// Appliance: scripts for GRUB that are asked for by TFTP, between the question and the answer.

package import Wire

/// A claim must be durable before it is told, and TFTP answers at once. So GRUB's first question
/// starts the work, and until it is done GRUB is told to ask again. One entry a machine; time is
/// passed in, as seconds of any clock that only goes forward.
package struct GRUBScriptDesk: Sendable {
  package enum Answer: Equatable, Sendable {
    /// Somebody has to make it now, and hand it in with `finish`.
    case begin
    case wait
    case script(String)
    case refusal(String)
  }

  private enum Entry: Sendable {
    case underWay(since: Double)
    case ready(String, since: Double)
    case failed(String)
  }

  private var entries: [MACAddress: Entry] = [:]

  /// GRUB asks again at once when a packet was lost, and a new boot takes longer than this.
  private static let freshness: Double = 10
  /// Work that has not ended by now is not going to.
  private static let patience: Double = 60
  /// Bounded: the machines that can be between two questions.
  private static let limit = 4096

  package init() {}

  package mutating func ask(_ mac: MACAddress, at now: Double) -> Answer {
    switch entries[mac] {
    case .underWay(let since) where now - since < Self.patience: return .wait
    case .ready(let text, let since) where now - since < Self.freshness: return .script(text)
    case .failed(let reason):
      // Told once; the next question tries again.
      entries[mac] = nil
      return .refusal(reason)
    default:
      if entries.count >= Self.limit {
        entries = entries.filter { isLive($0.value, at: now) }
        // Full of others, invented ones mostly: it asks again in a second.
        guard entries.count < Self.limit else { return .wait }
      }
      entries[mac] = .underWay(since: now)
      return .begin
    }
  }

  private func isLive(_ entry: Entry, at now: Double) -> Bool {
    switch entry {
    case .underWay(let since): now - since < Self.patience
    case .ready(_, let since): now - since < Self.freshness
    case .failed: false
    }
  }

  package mutating func finish(_ mac: MACAddress, _ result: Result<String, Failure>, at now: Double)
  {
    guard case .underWay = entries[mac] else { return }
    switch result {
    case .success(let text): entries[mac] = .ready(text, since: now)
    case .failure(let failure): entries[mac] = .failed(failure.reason)
    }
  }

  package struct Failure: Error, Equatable, Sendable {
    package var reason: String

    package init(reason: String) { self.reason = reason }
  }
}
