/// BootDoctor: what distinguishes two DHCP messages, field by field.

import DHCPProxy
import Wire

/// Fields by RFC 2131's names, options by number and name, in the order of the first message.
struct MessageDifference {
  private(set) var lines: [String] = []

  init(_ then: DHCPMessage, _ today: DHCPMessage) {
    compare("op", then.op.rawValue, today.op.rawValue)
    compare("htype", then.htype, today.htype)
    compare("hlen", then.hlen, today.hlen)
    compare("hops", then.hops, today.hops)
    compare("xid", then.xid, today.xid)
    compare("secs", then.secs, today.secs)
    compare("flags", Self.hex(then.flags), Self.hex(today.flags))
    compare("ciaddr", then.ciaddr, today.ciaddr)
    compare("yiaddr", then.yiaddr, today.yiaddr)
    compare("siaddr", then.siaddr, today.siaddr)
    compare("giaddr", then.giaddr, today.giaddr)
    compare("chaddr", Self.text(then.chaddr), Self.text(today.chaddr))
    compare("sname", Self.text(then.sname), Self.text(today.sname))
    compare("file", Self.text(then.file), Self.text(today.file))
    options(then.options, today.options)
  }

  private mutating func options(_ then: DHCPOptions, _ today: DHCPOptions) {
    var seen: Set<OptionCode> = []
    for code in then.map(\.code) + today.map(\.code) where seen.insert(code).inserted {
      let (old, new) = (then.value(code), today.value(code))
      guard old != new else { continue }
      let name = "option \(code.rawValue)\(Self.names[code.rawValue].map { " (\($0))" } ?? "")"
      let before = old.map { Self.value($0, of: code) } ?? "absent"
      let now = new.map { Self.value($0, of: code) } ?? "absent"
      lines.append("\(name): \(before) then, \(now) today")
    }
    let (oldOrder, newOrder) = (then.map(\.code.rawValue), today.map(\.code.rawValue))
    if lines.isEmpty, oldOrder != newOrder {
      lines.append("order of options: \(Self.list(oldOrder)) then, \(Self.list(newOrder)) today")
    }
  }

  private mutating func compare<Value: Equatable>(
    _ field: String, _ then: Value, _ today: Value
  ) {
    if then != today { lines.append("\(field): \(then) then, \(today) today") }
  }

  private static func value(_ bytes: ArraySlice<UInt8>, of code: OptionCode) -> String {
    switch code {
    case .serverIdentifier, .requestedAddress:
      IPv4Address(bytes: bytes).map(\.description) ?? hex(bytes)
    case .messageType: bytes.first.map { "\(MessageType(rawValue: $0))" } ?? "empty"
    case .vendorSpecific: vendorOptions(bytes)
    case .vendorClass, .bootFileName, .serverName: text(bytes)
    default: hex(bytes)
    }
  }

  /// PXE's own options inside 43: `6=08 10=00505845`.
  private static func vendorOptions(_ bytes: ArraySlice<UInt8>) -> String {
    var parts: [String] = []
    var rest = bytes
    while let tag = rest.first, tag != 255 {
      guard tag != 0 else {
        rest = rest.dropFirst()
        continue
      }
      let value = rest.dropFirst(2)
      guard rest.count >= 2, value.count >= Int(rest[rest.startIndex + 1]) else {
        return hex(bytes)
      }
      let length = Int(rest[rest.startIndex + 1])
      parts.append("\(tag)=\(hex(value.prefix(length)))")
      rest = value.dropFirst(length)
    }
    return parts.isEmpty ? "empty" : parts.joined(separator: " ")
  }

  /// Printable text up to its NULs in quotes; anything else as hexadecimal.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let kept = bytes.reversed().drop { $0 == 0 }.reversed()
    guard kept.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return hex(Array(kept)[...]) }
    return "«\(String(decoding: kept, as: UTF8.self))»"
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.isEmpty ? "empty" : HexDump.plain(bytes)
  }

  private static func hex(_ flags: UInt16) -> String {
    HexDump.plain([UInt8(flags >> 8), UInt8(truncatingIfNeeded: flags)])
  }

  private static func list(_ codes: [UInt8]) -> String {
    codes.map(String.init).joined(separator: " ")
  }

  /// RFC 2132, 3046, 4578 and 5859, as far as boot servers use them.
  private static let names: [UInt8: String] = [
    1: "subnet mask", 3: "routers", 6: "name servers", 12: "host name", 15: "domain",
    17: "root path", 43: "vendor specific", 50: "requested address", 51: "lease time",
    53: "message type", 54: "server", 55: "requested options", 57: "largest message",
    60: "vendor class", 61: "client identifier", 66: "TFTP server name", 67: "boot file",
    77: "user class", 82: "relay agent", 93: "architecture", 94: "network interface",
    97: "machine's UUID", 150: "TFTP server address", 175: "iPXE", 255: "end",
  ]
}
