/// Wire: an IPv6 address (RFC 4291), without a zone: sockets know their interface.

package struct IPv6Address: Hashable, Sendable {
  /// The first and the last eight bytes, in host byte order: 2001:db8::1 is
  /// 0x2001_0db8_0000_0000 and 1.
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Exactly sixteen bytes in wire order, or nil.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    func number(_ bytes: some Collection<UInt8>) -> UInt64 {
      bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
    self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
  }

  /// RFC 4291 §2.2: eight groups, `::` once for one or more groups of zeros, IPv4 in dotted decimal
  /// for the last two. A zone (`%eth0`) is not a part of it.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 45 else { return nil }
    let halves = Self.halves(String(text))
    guard (1...2).contains(halves.count),
      let head = Self.groups(halves[0], isLast: halves.count == 1)
    else { return nil }
    guard halves.count == 2 else {
      guard head.count == 8 else { return nil }
      self.init(groups: head)
      return
    }
    guard let tail = Self.groups(halves[1], isLast: true), head.count + tail.count <= 7 else {
      return nil
    }
    let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
    self.init(groups: head + zeros + tail)
  }

  /// The text before and after each `::`.
  private static func halves(_ text: String) -> [Substring] {
    var halves: [Substring] = []
    var rest = text[...]
    while let colons = doubleColon(in: rest) {
      halves.append(rest[..<colons])
      rest = rest[rest.index(colons, offsetBy: 2)...]
    }
    return halves + [rest]
  }

  private static func doubleColon(in text: Substring) -> String.Index? {
    zip(text.indices, text.indices.dropFirst()).first { text[$0] == ":" && text[$1] == ":" }?.0
  }

  private static func groups(_ text: Substring, isLast: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if isLast, index == parts.count - 1, let address = IPv4Address(part) {
        groups.append(UInt16(truncatingIfNeeded: address.value >> 16))
        groups.append(UInt16(truncatingIfNeeded: address.value))
      } else if (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
        let group = UInt16(part, radix: 16)
      {
        groups.append(group)
      } else {
        return nil
      }
    }
    return groups.count <= 8 ? groups : nil
  }

  private init(groups: [UInt16]) {
    func number(_ groups: ArraySlice<UInt16>) -> UInt64 {
      groups.reduce(0) { $0 << 16 | UInt64($1) }
    }
    self.init(high: number(groups[..<4]), low: number(groups[4...]))
  }

  /// Sixteen bytes in wire order.
  package var bytes: [UInt8] {
    [high, low].flatMap { half in
      stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
    }
  }

  package static let any = IPv6Address(high: 0, low: 0)
  package static let loopback = IPv6Address(high: 0, low: 1)

  package var isUnspecified: Bool { high == 0 && low == 0 }
  /// fe80::/10
  package var isLinkLocal: Bool { high >> 54 == 0x3fa }
  /// ff00::/8
  package var isMulticast: Bool { high >> 56 == 0xff }

  /// The address in ::ffff:0:0/96; nil elsewhere.
  package var mappedIPv4: IPv4Address? {
    guard high == 0, low >> 32 == 0xffff else { return nil }
    return IPv4Address(value: UInt32(truncatingIfNeeded: low))
  }
}

extension IPv6Address: CustomStringConvertible {
  /// RFC 5952: lower case, no leading zeros, `::` for the first longest run of two zeros or more;
  /// an IPv4-mapped address in mixed notation (§5).
  package var description: String {
    if let mappedIPv4 { return "::ffff:\(mappedIPv4)" }
    let groups = [high, low].flatMap { half in
      [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
    }
    var longest = 0..<0
    var start = 0
    for index in 0...groups.count {
      guard index == groups.count || groups[index] != 0 else { continue }
      if index - start > max(longest.count, 1) { longest = start..<index }
      start = index + 1
    }
    func text(_ groups: ArraySlice<UInt16>) -> String {
      groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard !longest.isEmpty else { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }
}

/// A network: an address of ours together with the length of its prefix.
package struct IPv6Network: Hashable, Sendable {
  package var address: IPv6Address
  /// 0 to 128.
  package var prefixLength: Int

  package init(_ address: IPv6Address, prefixLength: Int) {
    self.address = address
    self.prefixLength = min(max(prefixLength, 0), 128)
  }

  package func contains(_ other: IPv6Address) -> Bool {
    let high = UInt64.max << UInt64(max(0, 64 - prefixLength))
    let low = prefixLength <= 64 ? 0 : UInt64.max << UInt64(128 - prefixLength)
    return (address.high ^ other.high) & (prefixLength == 0 ? 0 : high) == 0
      && (address.low ^ other.low) & low == 0
  }
}

extension IPv6Network: CustomStringConvertible {
  package var description: String { "\(address)/\(prefixLength)" }
}
