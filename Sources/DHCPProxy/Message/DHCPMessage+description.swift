/// DHCPProxy: a message as text, for goldens and for people.

import Wire

extension DHCPMessage: CustomStringConvertible {
  /// One line a field that is set, then one line an option, in wire order.
  package var description: String {
    let kind = type.map(String.init(describing:)) ?? "BOOTP"
    var lines = [
      "\(kind) op \(op) htype \(htype) hlen \(hlen) hops \(hops) "
        + "xid \(HexDump.plain(Self.bytes(xid))) secs \(secs) flags \(HexDump.plain(Self.bytes(flags)))"
    ]
    for (name, address) in [
      ("ciaddr", ciaddr), ("yiaddr", yiaddr), ("siaddr", siaddr), ("giaddr", giaddr),
    ] where !address.isUnspecified || name == "yiaddr" {
      lines.append("\(name) \(address)")
    }
    lines.append("chaddr \(HexDump.plain(chaddr.prefix(Int(min(hlen, 16)))))")
    for (name, field) in [("sname", sname), ("file", file)] where field.contains(where: { $0 != 0 })
    {
      lines.append("\(name) \(Self.text(field.prefix { $0 != 0 }))")
    }
    lines += options.map { "option \($0.code.rawValue) \(Self.value($0))" }
    return lines.joined(separator: "\n")
  }

  private static func value(_ option: DHCPOption) -> String {
    switch option.code {
    case .messageType:
      option.bytes.first.map { "\(MessageType(rawValue: $0))" } ?? "empty"
    case .vendorClass, .bootFileName, .serverName, .userClass:
      text(option.bytes[...])
    case .serverIdentifier, .requestedAddress:
      IPv4Address(bytes: option.bytes).map(\.description) ?? HexDump.plain(option.bytes)
    default:
      HexDump.plain(option.bytes)
    }
  }

  /// Printable ASCII in quotes; anything else as hexadecimal.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return HexDump.plain(bytes) }
    return "\"\(String(decoding: bytes, as: UTF8.self))\""
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
