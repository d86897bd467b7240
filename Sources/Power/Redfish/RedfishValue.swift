/// Power: JSON as a BMC sends it, read without trusting any of it.

import Foundation

/// Anything may be missing or of another kind than the schema says; then it is nil.
indirect enum RedfishValue: Equatable, Sendable {
  case object([String: RedfishValue])
  case array([RedfishValue])
  case text(String)
  case number(Double)
  case flag(Bool)
  case null

  /// Nil for what is no JSON. Not by `Decodable`: there each wrong guess at a value's kind makes an error
  /// with the whole path in it, and 800 bytes of brackets kept a processor busy for seconds.
  init?(parsing bytes: [UInt8]) {
    guard
      let value = try? JSONSerialization.jsonObject(
        with: Data(bytes), options: [.fragmentsAllowed])
    else { return nil }
    self.init(value)
  }

  /// No deeper than JSONSerialization reads, which is 512 levels.
  private init(_ value: Any) {
    switch value {
    case let members as [String: Any]: self = .object(members.mapValues { RedfishValue($0) })
    case let values as [Any]: self = .array(values.map { RedfishValue($0) })
    case let text as String: self = .text(text)
    case let number as NSNumber:
      // "c" is what a Boolean is made of; numbers in JSON are "q", "Q" or "d".
      self =
        String(cString: number.objCType) == "c"
        ? .flag(number.boolValue) : .number(number.doubleValue)
    default: self = .null
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
