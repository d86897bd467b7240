/// Images: the SHA-256 of an image.

import Crypto

/// 32 bytes, shown as 64 lower-case hex digits.
package struct ImageDigest: Hashable, Sendable, Codable {
  let hex: String

  init?(_ text: String) {
    guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isHex) else { return nil }
    hex = text.lowercased()
  }

  init(_ hasher: SHA256) {
    hex = Self.hex(hasher.finalize())
  }

  init(of text: String) {
    hex = Self.hex(SHA256.hash(data: Array(text.utf8)))
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not 64 hex digits"))
    }
    self = digest
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  private static func hex(_ digest: SHA256Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}

extension ImageDigest: CustomStringConvertible {
  package var description: String { hex }
}
