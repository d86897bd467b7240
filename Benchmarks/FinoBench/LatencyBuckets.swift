/// FinoBench: latencies that the load has counted in buckets.

import CLoad

struct LatencyBuckets {
  private var counts: [UInt64]

  /// `bytes` are LOAD_BUCKETS numbers.
  init(_ bytes: UnsafeRawBufferPointer) { counts = Array(bytes.bindMemory(to: UInt64.self)) }

  /// Those of two runs.
  mutating func add(_ other: LatencyBuckets) {
    for (index, count) in other.counts.enumerated() where index < counts.count {
      counts[index] += count
    }
  }

  /// Seconds within which so many of all came; not a number when there are none.
  func percentile(_ percent: Double) -> Double {
    let wanted = Double(counts.reduce(0, +)) * percent / 100
    var seen = 0.0
    for (bucket, count) in counts.enumerated() where count > 0 {
      seen += Double(count)
      if seen >= wanted { return Double(load_bucket_floor(bucket)) / 1e9 }
    }
    return .nan
  }
}
