/// PacketCapture: the last packets of each machine, in memory that is bounded.

package import Wire

/// Keeps what machines said and heard lately, within a number of bytes for all together. When there is
/// no room, the machines that hold most give up their oldest frames: one that fetches gigabytes never
/// pushes out the others' conversations. Of bulk data only the head is kept (`bulkSnapLength`).
package struct CaptureRing: Sendable {
  package struct Entry: Sendable {
    /// Nanoseconds since 1970.
    package var time: UInt64
    package var interface: Int
    package var isOutgoing: Bool
    package var originalLength: Int
    package var bytes: [UInt8]
    package var comment: String?

    /// What it takes, with what Swift adds.
    fileprivate var cost: Int { bytes.count + (comment?.utf8.count ?? 0) + Self.overhead }
    /// The head of an array, and places in the queue, which grows by doubling.
    static let overhead = 256
  }

  private struct Track {
    /// A queue: entries before `first` are gone.
    var entries: [Entry] = []
    var first = 0
    var cost = 0
    /// When the machine itself said something.
    var heard: UInt64?
    /// The newest that gave way.
    var lostUntil: UInt64 = 0
    /// Frames that gave way since the track began.
    var lost = 0
  }

  /// In bytes, counted with what Swift adds.
  package let capacity: Int
  /// How much of a bulk frame is kept: enough for its headers.
  package let bulkSnapLength: Int
  /// Longer frames are bulk: those of DHCP and the requests of others are shorter.
  package let bulkLength: Int
  /// For each machine, and no more machines than this.
  package static let mostMachines = 16_384

  package let interfaces: [CaptureInterface]
  private var tracks: [MACAddress: Track] = [:]
  package private(set) var cost = 0

  package init(
    capacity: Int, interfaces: [CaptureInterface], bulkLength: Int = 700, bulkSnapLength: Int = 96
  ) {
    self.capacity = capacity
    self.interfaces = interfaces
    self.bulkLength = bulkLength
    self.bulkSnapLength = bulkSnapLength
  }

  /// Machines of which frames are kept.
  package var machines: [MACAddress] { Array(tracks.keys) }

  /// When each of them was heard last, in nanoseconds since 1970.
  package var lastHeard: [MACAddress: UInt64] {
    tracks.compactMapValues { $0.heard }
  }

  /// Keeps a frame for a machine; of a conversation, such as DHCP, all of it.
  package mutating func add(
    _ bytes: ArraySlice<UInt8>, originalLength: Int, time: UInt64, interface: Int,
    isOutgoing: Bool, for machine: MACAddress, isConversation: Bool = false,
    comment: String? = nil
  ) {
    let kept = originalLength > bulkLength && !isConversation ? bytes.prefix(bulkSnapLength) : bytes
    let entry = Entry(
      time: time, interface: interface, isOutgoing: isOutgoing, originalLength: originalLength,
      bytes: Array(kept), comment: comment)
    guard entry.cost <= capacity else { return }
    if tracks[machine] == nil, tracks.count >= Self.mostMachines { forgetSilentest() }
    tracks[machine, default: Track()].entries.append(entry)
    tracks[machine]?.cost += entry.cost
    if !isOutgoing { tracks[machine]?.heard = time }
    cost += entry.cost
    if cost > capacity { makeRoom() }
  }

  /// Why it was decided so, on the newest frame of the machine that `matches` and came at `time` or
  /// before. False when it is not there (any more).
  @discardableResult
  package mutating func comment(
    _ text: String, for machine: MACAddress, at time: UInt64 = .max,
    matching matches: (Entry) -> Bool = { _ in true }
  ) -> Bool {
    guard let track = tracks[machine] else { return false }
    let place = track.entries[track.first...].lastIndex { $0.time <= time && matches($0) }
    guard let place else { return false }
    let added = text.utf8.count + 1
    let old = track.entries[place].comment
    // A comment of pcapng has 64 KB at most.
    guard (old?.utf8.count ?? 0) + added <= 8192 else { return false }
    tracks[machine]?.entries[place].comment = old.map { "\($0)\n\(text)" } ?? text
    tracks[machine]?.cost += added
    cost += added
    if cost > capacity { makeRoom() }
    return true
  }

  /// The kept frames of a machine between two times (nanoseconds since 1970), oldest first, and how
  /// many of its frames gave way.
  package func frames(
    of machine: MACAddress, from: UInt64 = 0, to: UInt64 = .max
  ) -> (entries: [Entry], lost: Int) {
    guard let track = tracks[machine] else { return ([], 0) }
    // Several sockets tell their frames one after the other.
    let kept = track.entries[track.first...].filter { $0.time >= from && $0.time <= to }
    return (kept.sorted { $0.time < $1.time }, track.lost)
  }

  /// Whether the machine's frames from that time on are all there.
  package func isWhole(_ machine: MACAddress, from: UInt64) -> Bool {
    tracks[machine].map { $0.lostUntil < from } ?? false
  }

  /// The same as a pcapng file; nil when nothing is there.
  package func capture(
    of machine: MACAddress, from: UInt64 = 0, to: UInt64 = .max, application: String
  ) throws(CaptureError) -> [UInt8]? {
    let (entries, lost) = frames(of: machine, from: from, to: to)
    guard let last = entries.last else { return nil }
    var encoder = PcapngEncoder()
    try encoder.section(application: application)
    for interface in interfaces { try encoder.interface(interface) }
    for (index, entry) in entries.enumerated() where entry.interface < interfaces.count {
      let frame = CapturedFrame(
        number: index + 1, time: entry.time, interface: entry.interface,
        originalLength: entry.originalLength, bytes: entry.bytes[...], comment: entry.comment)
      try encoder.packet(frame, isOutgoing: entry.isOutgoing)
    }
    if lost > 0 {
      encoder.statistics(
        interface: last.interface, time: last.time, received: UInt64(entries.count + lost),
        dropped: UInt64(lost))
    }
    return encoder.bytes
  }

  /// Forgets a machine.
  package mutating func remove(_ machine: MACAddress) {
    if let track = tracks.removeValue(forKey: machine) { cost -= track.cost }
  }

  /// A sixty-fourth of the capacity at once, so that it is rare: whoever holds more than a fair share
  /// gives up its oldest frames down to that share.
  private mutating func makeRoom() {
    let share = fairShare(of: capacity - capacity / 64)
    for (machine, held) in tracks.mapValues(\.cost) where held > share {
      guard var track = tracks.removeValue(forKey: machine) else { continue }
      while track.cost > share, track.first < track.entries.count {
        let entry = track.entries[track.first]
        track.cost -= entry.cost
        cost -= entry.cost
        track.lost += 1
        track.lostUntil = max(track.lostUntil, entry.time)
        track.entries[track.first].bytes = []
        track.entries[track.first].comment = nil
        track.first += 1
      }
      if track.first > track.entries.count / 2 {
        track.entries.removeFirst(track.first)
        track.first = 0
      }
      if track.first < track.entries.count { tracks[machine] = track }
    }
  }

  /// What each may hold at most, so that all together hold no more than `total`.
  private func fairShare(of total: Int) -> Int {
    var left = total
    let costs = tracks.values.map(\.cost).sorted()
    for (index, held) in costs.enumerated() {
      let share = left / (costs.count - index)
      if held > share { return share }
      left -= held
    }
    return .max
  }

  private mutating func forgetSilentest() {
    let silent = tracks.min {
      ($0.value.entries.last?.time ?? 0) < ($1.value.entries.last?.time ?? 0)
    }
    if let silent { remove(silent.key) }
  }
}
