/// DHCPProxy: an iPXE that is given an iPXE, and again.

import Wire

/// An iPXE without HTTP can't fetch a script, so it gets a boot program that can. Where that program is
/// the same one, it would load itself for ever; after two in two minutes there is no third.
struct ChainLimit: Sendable {
  private struct Record: Sendable {
    /// The `xid` of the last attempt: what has it is the same boot program's question.
    var attempt: UInt32
    var count = 1
    var began: ContinuousClock.Instant
  }

  private var records: RecentlyUsed<MACAddress, Record>

  static let programs = 2
  static let period = Duration.seconds(120)

  /// At most `limit` machines.
  init(limit: Int) {
    records = RecentlyUsed(limit: limit)
  }

  /// Notes an attempt; false where it would be one too many. Only a DISCOVER begins one (`isNew`).
  mutating func admits(
    _ mac: MACAddress, attempt: UInt32, isNew: Bool, at now: ContinuousClock.Instant
  ) -> Bool {
    records.use(mac, initial: Record(attempt: attempt, began: now)) { record, _ in
      if record.began.duration(to: now) > Self.period {
        record = Record(attempt: attempt, began: now)
      } else if isNew, record.attempt != attempt {
        record.attempt = attempt
        record.count = min(record.count + 1, Self.programs + 1)
      }
      return record.count <= Self.programs
    }
  }
}
