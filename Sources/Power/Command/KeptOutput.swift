/// Power: what an executable wrote, as much of it as is kept.

/// The last bytes of a stream.
struct KeptOutput {
  /// How many are kept at least.
  static let limit = 16_384

  private(set) var bytes: [UInt8] = []
  /// What came before `bytes` is gone.
  private(set) var isCut = false

  mutating func append(_ more: some Collection<UInt8>) {
    bytes += more
    guard bytes.count > 2 * Self.limit else { return }
    bytes.removeFirst(bytes.count - Self.limit)
    isCut = true
  }

  /// With stars for the secret, wherever it stands; also for the end of one whose beginning was cut off.
  func cleared(of secret: HiddenText?) -> [UInt8] {
    let secret = Array((secret?.revealed ?? "").utf8)
    guard !secret.isEmpty else { return bytes }
    let stars = Array("***".utf8)
    var rest = bytes[...]
    var cleared: [UInt8] = []
    let ends = isCut ? (1...secret.count).reversed() : []
    if let count = ends.first(where: { rest.starts(with: secret.suffix($0)) }) {
      cleared += stars
      rest.removeFirst(count)
    }
    while let byte = rest.first {
      if byte == secret[0], rest.starts(with: secret) {
        cleared += stars
        rest.removeFirst(secret.count)
      } else {
        cleared.append(byte)
        rest.removeFirst()
      }
    }
    return cleared
  }
}
