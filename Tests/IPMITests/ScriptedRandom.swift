/// IPMITests: random numbers that a known answer asks for.

/// Hands out the given bytes in order, then zeros: for known answers.
struct ScriptedRandom: RandomNumberGenerator {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
  }

  mutating func next() -> UInt64 {
    let word = bytes.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    bytes = bytes.dropFirst(8)
    return word
  }
}
