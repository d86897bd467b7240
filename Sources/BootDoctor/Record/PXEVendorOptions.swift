/// BootDoctor: option 43 of an answer, as PXE firmware reads it.

package import Wire

/// PXE 2.1 §2.2, tables 2-1 and 2-2: `tag (1) · length (1) · bytes`, then 255.
package struct PXEVendorOptions: Equatable, Sendable {
  /// Tag 6. Bits: 1 no broadcast, 2 no multicast, 4 only the servers of tag 8, 8 fetch the file that
  /// the offer names.
  package var discoveryControl: UInt8?
  /// Tag 8: type, and its servers.
  package var servers: [Server] = []
  /// Tag 9: the texts of the menu.
  package var menu: [String] = []
  /// Tag 10: seconds until the first entry is taken; 255 waits for a person.
  package var promptTimeout: UInt8?
  /// Tag 71: the type that is asked for or answered.
  package var bootItem: UInt16?
  /// A tag runs past the end.
  package var isMalformed = false
  /// Has tags, but none of those that PXE clients look at (6 to 10, 71).
  package var isForeign = false

  package struct Server: Equatable, Sendable {
    package var type: UInt16
    package var addresses: [IPv4Address]

    package init(type: UInt16, addresses: [IPv4Address]) {
      self.type = type
      self.addresses = addresses
    }
  }

  package init(
    discoveryControl: UInt8? = nil, servers: [Server] = [], menu: [String] = [],
    promptTimeout: UInt8? = nil, bootItem: UInt16? = nil, isMalformed: Bool = false,
    isForeign: Bool = false
  ) {
    self.discoveryControl = discoveryControl
    self.servers = servers
    self.menu = menu
    self.promptTimeout = promptTimeout
    self.bootItem = bootItem
    self.isMalformed = isMalformed
    self.isForeign = isForeign
  }

  /// Never fails: what can't be read is remembered as malformed.
  package init(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    var hasTags = false
    while let tag = rest.first, tag != 255 {
      rest = rest.dropFirst()
      if tag == 0 { continue }
      guard let length = rest.first, rest.count > Int(length) else {
        isMalformed = true
        break
      }
      let value = rest.dropFirst().prefix(Int(length))
      rest = rest.dropFirst(1 + Int(length))
      hasTags = true
      read(tag, Array(value))
    }
    isForeign =
      hasTags && discoveryControl == nil && servers.isEmpty && menu.isEmpty && bootItem == nil
      && promptTimeout == nil
  }

  private mutating func read(_ tag: UInt8, _ value: [UInt8]) {
    switch tag {
    case 6: discoveryControl = value.count == 1 ? value.first : nil
    case 8: readServers(value[...])
    case 9: readMenu(value[...])
    case 10: promptTimeout = value.first
    case 71 where value.count == 4: bootItem = UInt16(value[0]) << 8 | UInt16(value[1])
    default: break
    }
  }

  private mutating func readServers(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while rest.count >= 3 {
      let head = Array(rest.prefix(3))
      let count = Int(head[2]) * 4
      rest = rest.dropFirst(3)
      guard rest.count >= count else {
        isMalformed = true
        return
      }
      let list = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
      servers.append(
        Server(
          type: UInt16(head[0]) << 8 | UInt16(head[1]),
          addresses: stride(from: 0, to: count, by: 4).compactMap {
            IPv4Address(bytes: list[$0..<($0 + 4)])
          }))
    }
    if !rest.isEmpty { isMalformed = true }
  }

  private mutating func readMenu(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while rest.count >= 3 {
      let count = Int(rest[rest.startIndex + 2])
      rest = rest.dropFirst(3)
      guard rest.count >= count else {
        isMalformed = true
        return
      }
      menu.append(ReceivedText.printable(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    if !rest.isEmpty { isMalformed = true }
  }

  package var hasMenu: Bool { !menu.isEmpty }

  /// Bit 8: fetch the named file, ask nobody else.
  package var usesOfferedFile: Bool { discoveryControl.map { $0 & 8 != 0 } ?? false }
}

extension PXEVendorOptions: CustomStringConvertible {
  package var description: String {
    var parts: [String] = []
    if let discoveryControl { parts.append("43.6 = \(discoveryControl)") }
    if !servers.isEmpty {
      parts.append(
        "boot servers " + servers.flatMap(\.addresses).map(\.description).joined(separator: ", "))
    }
    if !menu.isEmpty { parts.append("menu «" + menu.joined(separator: "», «") + "»") }
    if let bootItem { parts.append("boot server type \(bootItem)") }
    if isMalformed { parts.append("option 43 is malformed") }
    if isForeign { parts.append("option 43 has nothing of PXE") }
    return parts.joined(separator: ", ")
  }
}
