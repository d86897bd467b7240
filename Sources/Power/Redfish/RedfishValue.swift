/// Power: JSON as a BMC sends it, read without trusting any of it.

import Foundation

/// Anything may be missing or of another kind than the schema says; then it is nil.
indirect enum RedfishValue: Equatable, Sendable, Decodable {
  case object([String: RedfishValue])
  case array([RedfishValue])
  case text(String)
  case number(Double)
  case flag(Bool)
  case null

  /// Nil for what is no JSON.
  init?(parsing bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(RedfishValue.self, from: Data(bytes)) else {
      return nil
    }
    self = value
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([RedfishValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: RedfishValue].self))
    }
  }

  subscript(_ key: String) -> RedfishValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// Empty for what is no list.
  var list: [RedfishValue] {
    guard case .array(let values) = self else { return [] }
    return values
  }

  var texts: [String] { list.compactMap(\.text) }

  /// `{"@odata.id": "/redfish/v1/…"}`. Only a plain absolute path is followed, so that a BMC cannot
  /// send the credentials elsewhere.
  var link: String? { self["@odata.id"]?.text.flatMap(Self.path) }

  static func path(_ text: String) -> String? {
    let letters = text.utf8
    guard letters.first == UInt8(ascii: "/"), !text.hasPrefix("//"), letters.count <= 1024,
      letters.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") })
    else { return nil }
    return text
  }
}
