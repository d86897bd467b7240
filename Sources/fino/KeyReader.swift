/// fino: what keys mean at a serial console: characters for the machine, or an order for us.

import Synchronization

/// As in ssh: `~` counts only as the first character of a line.
struct KeyReader {
  enum Key: Equatable {
    case characters([UInt8])
    case serialBreak
    case help
    case end
  }

  private enum State {
    case lineStart
    case tilde
    case inLine
  }

  /// There is one keyboard.
  static let shared = Mutex(KeyReader())

  static let help = "\r\n~. end   ~b break   ~~ one ~   ~? this\r\n"

  private var state = State.lineStart

  mutating func read(_ bytes: [UInt8]) -> [Key] {
    var keys: [Key] = []
    var characters: [UInt8] = []
    func flush() {
      if !characters.isEmpty { keys.append(.characters(characters)) }
      characters = []
    }
    for byte in bytes {
      switch (state, byte) {
      case (.lineStart, UInt8(ascii: "~")):
        state = .tilde
      case (.tilde, UInt8(ascii: ".")):
        flush()
        keys.append(.end)
        state = .lineStart
      case (.tilde, UInt8(ascii: "b")):
        flush()
        keys.append(.serialBreak)
        state = .lineStart
      case (.tilde, UInt8(ascii: "?")):
        flush()
        keys.append(.help)
        state = .lineStart
      case (.tilde, UInt8(ascii: "~")):
        characters.append(byte)
        state = .inLine
      default:
        if state == .tilde { characters.append(UInt8(ascii: "~")) }
        characters.append(byte)
        state = byte == 13 || byte == 10 ? .lineStart : .inLine
      }
    }
    flush()
    return keys
  }
}
