/// DHCPProxy: the words by which rules name machines.

package import Wire

/// Which machines a rule is about.
///
/// | text                           | machines                                                    |
/// |--------------------------------|-------------------------------------------------------------|
/// | `mac 52:54:00:00:00:01`        | this one                                                    |
/// | `oui 52:54:00`                 | whose address begins so: one maker's interfaces             |
/// | `arch arm64`, `arch 11`        | of this processor by any way of booting; of this one code   |
/// | `class PXEClient`              | whose option 60 begins so                                   |
/// | `interface eth1`               | that ask on this interface of ours                          |
/// | `relay 10.1.0.0/16`            | whose relay agent (giaddr) is there                         |
package enum ClientPattern: Hashable, Sendable {
  case mac(MACAddress)
  /// The first three bytes, in the low 24 bits.
  case oui(UInt32)
  case architecture(Architecture)
  case instructionSet(Architecture.InstructionSet)
  case vendorClass(prefix: String)
  case interface(String)
  case relay(IPv4Network)

  package init(parsing text: String) throws(BootRuleError) {
    let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    guard words.count == 2, let value = words.last.map(String.init)?.trimmed, !value.isEmpty else {
      throw BootRuleError(
        "«\(text)» is no rule: write what to compare and with what, like «mac 52:54:00:00:00:01»; "
          + "known are mac, oui, arch, class, interface and relay")
    }
    switch words[0].lowercased() {
    case "mac": self = try Self.mac(value, in: text)
    case "oui": self = try Self.oui(value, in: text)
    case "arch": self = try Self.architecture(value, in: text)
    case "class": self = .vendorClass(prefix: value)
    case "interface": self = .interface(value)
    case "relay": self = try Self.relay(value, in: text)
    default:
      throw BootRuleError(
        "«\(text)»: machines can't be told by «\(words[0])»; known are mac, oui, arch, class, "
          + "interface and relay")
    }
  }

  private static func mac(_ value: String, in text: String) throws(BootRuleError) -> Self {
    guard let mac = MACAddress(value), mac.isUnicast else {
      throw BootRuleError(
        "«\(text)»: «\(value)» is no machine's address; write six bytes like 52:54:00:00:00:01")
    }
    return .mac(mac)
  }

  private static func oui(_ value: String, in text: String) throws(BootRuleError) -> Self {
    let digits = value.filter { !":-.".contains($0) }
    guard digits.count == 6, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
      let number = UInt32(digits, radix: 16)
    else {
      throw BootRuleError("«\(text)»: «\(value)» is no OUI; write three bytes like 52:54:00")
    }
    return .oui(number)
  }

  private static func architecture(_ value: String, in text: String) throws(BootRuleError) -> Self {
    if let code = UInt16(value) { return .architecture(Architecture(rawValue: code)) }
    let word = value.lowercased()
    let alias = ["x86_64": "x64", "amd64": "x64", "i386": "ia32", "aarch64": "arm64"][word]
    guard let set = Architecture.InstructionSet(rawValue: alias ?? word) else {
      let known = Architecture.InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
      throw BootRuleError(
        "«\(text)»: there is no architecture «\(value)»; known are the numbers of option 93 and "
          + known)
    }
    return .instructionSet(set)
  }

  private static func relay(_ value: String, in text: String) throws(BootRuleError) -> Self {
    let parts = value.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = parts.first.flatMap({ IPv4Address($0) }),
      let length = parts.count == 2 ? Int(parts[1]) : 32, (0...32).contains(length)
    else {
      throw BootRuleError(
        "«\(text)»: «\(value)» is no address or network; write 10.1.0.1 or 10.1.0.0/16")
    }
    return .relay(IPv4Network(address, prefixLength: length))
  }
}

extension ClientPattern: CustomStringConvertible {
  /// As a rule writes it.
  package var description: String {
    switch self {
    case .mac(let mac): "mac \(mac)"
    case .oui(let oui):
      "oui " + MACAddress(value: UInt64(oui) << 24).description.prefix(8)
    case .architecture(let code): "arch \(code.rawValue)"
    case .instructionSet(let set): "arch \(set.rawValue)"
    case .vendorClass(let prefix): "class \(prefix)"
    case .interface(let name): "interface \(name)"
    case .relay(let network):
      network.prefixLength == 32 ? "relay \(network.address)" : "relay \(network)"
    }
  }
}

/// A rule that can't be read: a sentence for the person who wrote it.
package struct BootRuleError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) {
    self.description = description
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
