/// PacketCapture: datagrams of which not all fragments have come.

import Wire

/// At most 64 datagrams of 64 KiB at once; the oldest gives way. After 30 s of the capture's own time a
/// datagram begins anew (RFC 8200 §4.5 has 60 s, hosts less).
struct FragmentStore: Sendable {
  struct Key: Hashable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    var nextProtocol: UInt8
  }

  private struct Datagram {
    var key: Key
    var started: UInt64
    var nextProtocol: UInt8
    var bytes: [UInt8] = []
    /// Where bytes have come, in order, apart from each other.
    var filled: [Range<Int>] = []
    var length: Int?
  }

  static let mostDatagrams = 64
  static let lifetime: UInt64 = 30_000_000_000

  /// In the order in which they began.
  private var datagrams: [Datagram] = []

  /// The whole payload when this fragment is the last that was missing. Fragments that overlap others
  /// make their datagram void (RFC 5722), but for the same one twice.
  mutating func add(
    _ bytes: ArraySlice<UInt8>, at offset: Int, isLast: Bool, nextProtocol: UInt8, _ key: Key,
    time: UInt64
  ) -> (bytes: [UInt8], nextProtocol: UInt8)? {
    let range = offset..<(offset + bytes.count)
    guard range.upperBound <= 65_535, isLast || bytes.count % 8 == 0 else { return nil }
    var index = datagrams.firstIndex { $0.key == key }
    if let old = index, time &- datagrams[old].started > Self.lifetime {
      datagrams.remove(at: old)
      index = nil
    }
    if index == nil {
      if datagrams.count == Self.mostDatagrams { datagrams.removeFirst() }
      datagrams.append(Datagram(key: key, started: time, nextProtocol: nextProtocol))
    }
    let at = index ?? datagrams.count - 1
    if datagrams[at].filled.contains(range) { return nil }
    let isConsistent =
      !datagrams[at].filled.contains { $0.overlaps(range) }
      && datagrams[at].length.map { range.upperBound <= $0 && !isLast } != false
      && (!isLast || datagrams[at].filled.allSatisfy { $0.upperBound <= range.upperBound })
    guard isConsistent, datagrams[at].filled.count < 1024 else {
      datagrams.remove(at: at)
      return nil
    }
    if offset == 0 { datagrams[at].nextProtocol = nextProtocol }
    if isLast { datagrams[at].length = range.upperBound }
    let missing = range.upperBound - datagrams[at].bytes.count
    if missing > 0 { datagrams[at].bytes.append(contentsOf: repeatElement(0, count: missing)) }
    datagrams[at].bytes.replaceSubrange(range, with: bytes)
    let place = datagrams[at].filled.firstIndex { $0.lowerBound > offset }
    datagrams[at].filled.insert(range, at: place ?? datagrams[at].filled.count)
    guard let length = datagrams[at].length,
      datagrams[at].filled.reduce(0, { $0 + $1.count }) == length
    else { return nil }
    let whole = datagrams.remove(at: at)
    return (whole.bytes, whole.nextProtocol)
  }
}
