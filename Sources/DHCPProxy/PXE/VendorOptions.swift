/// DHCPProxy: option 43 as PXE uses it.

import Wire

/// PXE's vendor options (PXE 2.1 §2.2, tables 2-1 and 2-2). `tag (1) · length (1) · bytes`, then 255.
struct VendorOptions: Equatable {
  var options: DHCPOptions

  /// Bits: 1 no broadcast discovery, 2 no multicast discovery, 4 only the servers of tag 8, 8 fetch
  /// the file that the offer names.
  private static let discoveryControl = OptionCode(rawValue: 6)
  /// `type (2) · count (1) · addresses (4 each)`
  private static let bootServers = OptionCode(rawValue: 8)
  /// `type (2) · length (1) · text`
  private static let bootMenu = OptionCode(rawValue: 9)
  /// `timeout (1) · text`: 0 takes the first entry at once, 255 waits for a person.
  private static let menuPrompt = OptionCode(rawValue: 10)
  /// `type (2) · layer (2)`
  private static let bootItem = OptionCode(rawValue: 71)

  init(parsing bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes)
    options = try DHCPOptions(parsing: &reader)
  }

  private init(_ options: [DHCPOption]) {
    self.options = DHCPOptions(options)
  }

  /// Tag 71: the boot server type and layer that a client asks for, as it stands.
  var bootItem: UInt32? {
    guard let item = options.value(Self.bootItem), item.count == 4 else { return nil }
    return item.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The boot server type that a client asks for.
  var bootServerType: UInt16? {
    bootItem.map { UInt16(truncatingIfNeeded: $0 >> 16) }
  }

  /// Layer bit 15: it wants credentials, which nobody has.
  var wantsCredentials: Bool {
    bootItem.map { $0 & 0x8000 != 0 } ?? false
  }

  /// Tag 6 = 8: do no discovery, fetch the file that this offer names.
  static let useOfferedFile = VendorOptions([DHCPOption(discoveryControl, [8])])

  /// The same with a prompt that times out at once: some UEFI firmware ignores the answer without
  /// it (edk2 issue 8149).
  static let useOfferedFileWithPrompt = VendorOptions([
    DHCPOption(discoveryControl, [8]), prompt,
  ])

  /// The type of our menu entry: the first that PXE 2.1 leaves to vendors. Type 0 would mean the
  /// local disk.
  static let ownServerType: UInt16 = 0x8000

  /// A menu with one entry that is taken at once: ask the one server listed, by unicast alone.
  static func menu(server: IPv4Address) -> VendorOptions {
    let type: [UInt8] = [0x80, 0]
    let text = Array("Fino".utf8)
    return VendorOptions([
      DHCPOption(discoveryControl, [7]),
      DHCPOption(bootServers, type + [1] + server.bytes),
      DHCPOption(bootMenu, type + [UInt8(truncatingIfNeeded: text.count)] + text),
      prompt,
    ])
  }

  /// The words that a Raspberry Pi's ROM looks for; the entry has type 0, as dnsmasq sends it.
  static func raspberryPi(server: IPv4Address) -> VendorOptions {
    let text = Array("Raspberry Pi Boot".utf8)
    return VendorOptions([
      DHCPOption(discoveryControl, [3]),
      DHCPOption(bootServers, [0, 0, 1] + server.bytes),
      DHCPOption(bootMenu, [0, 0, UInt8(truncatingIfNeeded: text.count)] + text),
      prompt,
    ])
  }

  private static let prompt = DHCPOption(menuPrompt, [0] + Array("PXE".utf8))

  /// What a boot server answers to a client that asked for an item.
  static func answering(bootItem item: UInt32) -> VendorOptions {
    let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: item >> UInt32($0)) }
    return VendorOptions([DHCPOption(bootItem, bytes)])
  }

  /// How many bytes `encode` writes.
  var encodedCount: Int { options.encoded.count + 1 }

  /// With END.
  func encode(into writer: inout ByteWriter) {
    writer.write(options.encoded)
    writer.write(OptionCode.end.rawValue)
  }
}
