/// DHCPProxy: what was offered to each machine, and what it made of it.

package import Wire

/// Climbs the ladder of a machine's firmware (`StrategyLadder.swift`), and remembers the way that worked.
///
/// An offer is without effect when the next DISCOVER comes before anything was fetched. EDK2 sends its
/// DISCOVERs at 0, 4, 12 and 28 s with one `xid`, and PXE 2.1 asks the same of ROMs. After as
/// many offers as the rung has patience for, or after three attempts (`xid`s) that got as far as port
/// 4011 and fetched nothing, the next way is tried. A way that worked is used first next time, and
/// forgotten after three offers without effect.
///
/// Whoever has one way only (iPXE, HTTP Boot, a Raspberry Pi) is not remembered at all.
package struct StrategyMemory: Sendable {
  fileprivate struct Record: Sendable {
    var family: FirmwareFamily
    /// The way in use: a rung, or the one that worked.
    var rung: UInt8 = 0
    var worked: Strategy?
    /// Offers of the way in use since the machine last went on.
    var offers: UInt8 = 0
    /// Attempts (`xid`s) with the way in use since something was fetched.
    var attempts: UInt8 = 0
    /// Offers of the way in use, and those of the ways before it, for the story.
    var made: UInt16 = 0
    var inVain: UInt16 = 0
    var xid: UInt32 = 0
    var seen: ContinuousClock.Instant
  }

  private var records: RecentlyUsed<MACAddress, Record>
  private var chains: ChainLimit

  fileprivate static let patience: UInt8 = 3
  /// The same question again so soon is the same packet by another way (a bridge, a second relay):
  /// no firmware repeats itself in under a second.
  fileprivate static let echo = Duration.milliseconds(500)
  /// After this a machine starts anew, from its first way.
  fileprivate static let stale = Duration.seconds(3600)

  /// At most `limit` machines, some 100 bytes each; the one that was silent longest makes room.
  package init(limit: Int = 65_536) {
    records = RecentlyUsed(limit: limit)
    chains = ChainLimit(limit: limit)
  }

  package var count: Int { records.count }

  /// The way to answer this message. A DISCOVER counts as one more offer; other messages get the way
  /// that was offered last.
  package mutating func strategy(
    for client: BootClient, _ message: DHCPMessage, at now: ContinuousClock.Instant
  ) -> StrategyChoice {
    let ladder = client.family.ladder
    guard ladder.count > 1 else {
      return StrategyChoice(
        ladder[0].strategy, .rung(ladder[0].reason, number: 1, count: 1, inVain: 0))
    }
    return records.use(client.mac, initial: Record(family: client.family, seen: now)) {
      record, isNew in
      if record.family != client.family { record = Record(family: client.family, seen: now) }
      if message.type == .discover {
        record.count(offerFor: message.xid, isNew: isNew, at: now, ladder)
      }
      return record.choice(ladder)
    }
  }

  /// Whether an iPXE that can't fetch a script may have one more boot program: `ChainLimit`.
  mutating func mayChain(
    _ mac: MACAddress, _ message: DHCPMessage, at now: ContinuousClock.Instant
  ) -> Bool {
    chains.admits(mac, attempt: message.xid, isNew: message.type == .discover, at: now)
  }

  /// The machine asked port 4011: it understood the offer, but has nothing yet.
  mutating func askedBootServer(_ mac: MACAddress, at now: ContinuousClock.Instant) {
    records.change(mac) {
      $0.offers = 0
      $0.seen = now
    }
  }

  /// A file of ours was asked for by this machine (TFTP or HTTP): the way in use is not to blame for
  /// what happens now.
  package mutating func progressed(_ mac: MACAddress, at now: ContinuousClock.Instant) {
    records.change(mac) {
      $0.wentOn()
      $0.seen = now
    }
  }

  /// The boot program was fetched whole, or runs: the way in use is the machine's from now on.
  package mutating func worked(_ mac: MACAddress, at now: ContinuousClock.Instant) {
    records.change(mac) {
      // What runs an hour later was not started by that offer.
      guard now - $0.seen <= Self.stale else { return }
      $0.wentOn()
      $0.worked = $0.choice($0.family.ladder).strategy
      $0.seen = now
    }
  }
}

extension StrategyMemory.Record {
  fileprivate mutating func wentOn() {
    offers = 0
    attempts = 0
    made = 0
    inVain = 0
  }

  fileprivate mutating func count(
    offerFor asked: UInt32, isNew: Bool, at now: ContinuousClock.Instant, _ ladder: [StrategyRung]
  ) {
    let quiet = isNew ? .zero : seen.duration(to: now)
    seen = now
    if !isNew, quiet < StrategyMemory.echo, xid == asked { return }
    if quiet > StrategyMemory.stale {
      wentOn()
      rung = 0
    }
    let isNewAttempt = isNew || xid != asked
    xid = asked
    if offers >= patience(ladder) || (isNewAttempt && attempts >= StrategyMemory.patience) {
      next(ladder)
    }
    if isNewAttempt || attempts == 0 { attempts = min(attempts + 1, 100) }
    offers = min(offers + 1, 100)
    made = min(made + 1, 10_000)
  }

  private func patience(_ ladder: [StrategyRung]) -> UInt8 {
    worked != nil || Int(rung) >= ladder.count
      ? StrategyMemory.patience : ladder[Int(rung)].patience
  }

  /// The rung behind the one in use; behind the last stands the first.
  private mutating func next(_ ladder: [StrategyRung]) {
    let last = worked.flatMap { way in ladder.firstIndex { $0.strategy == way } } ?? Int(rung)
    rung = UInt8(truncatingIfNeeded: (last + 1) % ladder.count)
    worked = nil
    offers = 0
    attempts = 0
    inVain = min(inVain + made, 10_000)
    made = 0
  }

  fileprivate func choice(_ ladder: [StrategyRung]) -> StrategyChoice {
    if let worked { return StrategyChoice(worked, .worked) }
    let place = Int(rung) < ladder.count ? Int(rung) : 0
    return StrategyChoice(
      ladder[place].strategy,
      .rung(ladder[place].reason, number: place + 1, count: ladder.count, inVain: inVain))
  }
}
