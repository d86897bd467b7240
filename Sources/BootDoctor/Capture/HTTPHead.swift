/// BootDoctor: the head of an HTTP message, read leniently.

/// RFC 9112: a first line of three words, lines of `name: value`, an empty line.
struct HTTPHead: Equatable {
  /// The method, or the version.
  var first: String
  /// The target, or the status.
  var second: String
  /// Names in lower case.
  private var fields: [(name: String, value: String)]
  /// Bytes, with the empty line.
  var length: Int

  static func == (one: HTTPHead, other: HTTPHead) -> Bool {
    one.first == other.first && one.second == other.second && one.length == other.length
      && one.fields.map(\.name) == other.fields.map(\.name)
      && one.fields.map(\.value) == other.fields.map(\.value)
  }

  /// nil while it is not complete, or when it is none.
  init?(request bytes: [UInt8]) {
    self.init(bytes)
    guard !second.isEmpty else { return nil }
  }

  init?(response bytes: [UInt8]) {
    guard bytes.starts(with: "HTTP/".utf8) else { return nil }
    self.init(bytes)
  }

  private init?(_ bytes: [UInt8]) {
    guard let end = Self.end(bytes) else { return nil }
    length = end
    let lines = bytes[..<end].split(separator: 10).prefix(64)
      .map { $0.last == 13 ? $0.dropLast() : $0 }
    guard let line = lines.first else { return nil }
    let words = line.split(separator: 32, maxSplits: 2).map(ReceivedText.printable)
    guard words.count >= 2 else { return nil }
    first = words[0]
    second = words[1]
    fields = lines.dropFirst().compactMap { line in
      guard let colon = line.firstIndex(of: 58) else { return nil }
      let value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
      return (
        ReceivedText.printable(line[..<colon]).lowercased(), ReceivedText.printable(value)
      )
    }
  }

  /// Behind the empty line; LF alone ends a line as well.
  private static func end(_ bytes: [UInt8]) -> Int? {
    var isAtLineStart = false
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 10:
        if isAtLineStart { return index + 1 }
        isAtLineStart = true
      case 13: break
      default: isAtLineStart = false
      }
    }
    return nil
  }

  func value(_ name: String) -> String? {
    fields.first { $0.name == name }?.value
  }
}
