/// IPMI: text in the four ways in which sensor and inventory records write it.

import Wire

/// Platform Management FRU §13, IPMI 2.0 §43.15. Bits 7…6 of the byte before the text are its way,
/// the lower ones its length in bytes: six of them in inventories, five in sensor records.
package enum PackedText {
  /// A type/length byte that ends the fields of an inventory area.
  package static let end: UInt8 = 0xc1

  package static func decode(_ bytes: ArraySlice<UInt8>, way: UInt8, isSensorName: Bool = false)
    -> String
  {
    switch way & 0x03 {
    case 0 where isSensorName: utf16(bytes)
    case 0: hex(bytes, "")
    case 1: bcdPlus(bytes)
    case 2: sixBit(bytes)
    default: latin1(bytes)
    }
  }

  /// Two digits a byte, the upper one first.
  private static func bcdPlus(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789 -.:,_")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0f)]] })
  }

  /// Four characters in three bytes, the lowest bits first; 0 is a blank.
  private static func sixBit(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
      bits |= UInt32(byte) << UInt32(count)
      count += 8
      while count >= 6 {
        text.unicodeScalars.append(Unicode.Scalar(UInt8(bits & 0x3f) + 0x20))
        bits >>= 6
        count -= 6
      }
    }
    return text
  }

  private static func latin1(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    // Some BMCs fill up with zeros. Control characters could play tricks on a terminal.
    for byte in bytes.prefix(while: { $0 != 0 }) {
      let isControl = byte < 0x20 || (0x7f...0x9f).contains(byte)
      text.unicodeScalars.append(isControl ? "?" : Unicode.Scalar(byte))
    }
    return text
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>) -> String {
    var units: [UInt16] = []
    var rest = bytes
    while let low = rest.popFirst(), let high = rest.popFirst() {
      units.append(UInt16(low) | UInt16(high) << 8)
    }
    return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
  }
}

extension ByteReader {
  /// The name of a sensor or device: five bits of length.
  mutating func readSensorName() throws(WireError) -> String {
    let head = try readUInt8("id string type and length")
    // Some records end before their name does.
    let count = min(Int(head & 0x1f), remaining)
    let text = PackedText.decode(
      try readBytes(count, "id string"), way: head >> 6, isSensorName: true)
    return text.trimmedRight
  }
}

extension String {
  var trimmedRight: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
