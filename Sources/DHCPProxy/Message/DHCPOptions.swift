/// DHCPProxy: all options of a message, as they stand on the wire.

import Wire

/// Whole options one behind the other, `code (1) · length (1) · bytes (length)`, without PAD and END.
/// Nothing is taken apart before it is asked for: of a received message this is a part of its bytes,
/// and a look for one option is a walk over the lengths.
package struct DHCPOptions: Equatable, Sendable {
  /// What goes on the wire.
  private(set) var encoded: ArraySlice<UInt8>

  package init(_ options: [DHCPOption] = []) {
    var writer = ByteWriter()
    for option in options { option.encode(into: &writer) }
    encoded = writer.bytes[...]
  }

  /// Reads to END or to the end of the field. iPXE tolerates a missing END, so do we; what stands
  /// behind END is padding, and some ROMs leave other bytes there.
  init(parsing reader: inout ByteReader) throws(WireError) {
    let start = reader.offset
    let bytes = reader.readRest()
    var place = bytes.startIndex
    var end = place
    // PAD in front of an option; nearly nobody sends that.
    var hasGaps = false
    while place < bytes.endIndex {
      let code = OptionCode(rawValue: bytes[place])
      if code == .end { break }
      if code == .pad {
        place += 1
        continue
      }
      if place != end { hasGaps = true }
      let left = bytes.endIndex - place
      guard left >= 2 else {
        throw WireError(
          field: "length of option \(code.rawValue)", offset: start + place - bytes.startIndex + 1,
          reason: .truncated(needed: 1, available: 0))
      }
      let length = Int(bytes[place + 1])
      guard length <= left - 2 else {
        throw WireError(
          field: "option \(code.rawValue)", offset: start + place - bytes.startIndex + 2,
          reason: .truncated(needed: length, available: left - 2))
      }
      place += 2 + length
      end = place
    }
    encoded = hasGaps ? Self.withoutPads(bytes[..<end]) : bytes[..<end]
  }

  /// `bytes` are well-formed options with PAD among them.
  private static func withoutPads(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var kept: [UInt8] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      if bytes[place] == OptionCode.pad.rawValue {
        place += 1
        continue
      }
      let next = Swift.min(bytes.endIndex, place + 2 + Int(bytes[place + 1]))
      kept += bytes[place..<next]
      place = next
    }
    return kept[...]
  }

  /// The value of an option, all its pieces joined (RFC 3396 §5); nil when it is absent.
  package func value(_ code: OptionCode) -> ArraySlice<UInt8>? {
    var found: ArraySlice<UInt8>?
    var place = encoded.startIndex
    while place < encoded.endIndex {
      let next = index(after: place)
      if encoded[place] == code.rawValue {
        // Nearly always there is one piece, and then it is a part of the message.
        let piece = encoded[(place + 2)..<next]
        found = found.map { $0 + piece } ?? piece
      }
      place = next
    }
    return found
  }

  /// The same as an array of its own.
  package func first(_ code: OptionCode) -> [UInt8]? {
    value(code).map(Array.init)
  }

  /// Whether there is an option of this code.
  package func has(_ code: OptionCode) -> Bool {
    var place = encoded.startIndex
    while place < encoded.endIndex {
      if encoded[place] == code.rawValue { return true }
      place = index(after: place)
    }
    return false
  }

  /// What another field has, behind what this one has.
  mutating func append(_ more: DHCPOptions) {
    encoded += more.encoded
  }

  mutating func remove(_ code: OptionCode) {
    if has(code) { self = DHCPOptions(filter { $0.code != code }) }
  }
}

extension DHCPOptions: Collection {
  /// Where an option's code stands.
  package typealias Index = Int

  package var startIndex: Int { encoded.startIndex }
  package var endIndex: Int { encoded.endIndex }

  package func index(after place: Int) -> Int { place + 2 + Int(encoded[place + 1]) }

  package subscript(place: Int) -> DHCPOption {
    DHCPOption(
      OptionCode(rawValue: encoded[place]), Array(encoded[(place + 2)..<index(after: place)]))
  }
}

extension DHCPOptions: ExpressibleByArrayLiteral {
  package init(arrayLiteral options: DHCPOption...) {
    self.init(options)
  }
}
