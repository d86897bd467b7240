/// Appliance: what a console wrote during one boot, as it was written: its end, where it is long.

struct ConsoleText: Equatable, Sendable {
  /// Bytes that are kept.
  static let limit = 256 << 10
  /// More than the limit, so that not every character moves all others.
  private static let slack = 32 << 10

  private var bytes: [UInt8] = []
  private var leftOut = 0

  mutating func append(_ characters: some Collection<UInt8>) {
    bytes.append(contentsOf: characters.suffix(Self.limit))
    leftOut += max(0, characters.count - Self.limit)
    if bytes.count > Self.limit + Self.slack { cut() }
  }

  /// What happened to the recording, in a line of its own.
  mutating func note(_ text: String) {
    append("\r\n[fino: \(text)]\r\n".utf8)
  }

  /// With a line in front where the beginning is missing.
  var contents: [UInt8] {
    var text = self
    text.cut()
    guard text.leftOut > 0 else { return text.bytes }
    return Array("[fino: \(text.leftOut) bytes before this were not kept]\r\n".utf8) + text.bytes
  }

  private mutating func cut() {
    let excess = max(0, bytes.count - Self.limit)
    bytes.removeFirst(excess)
    leftOut += excess
  }
}
