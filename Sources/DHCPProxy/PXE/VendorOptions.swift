/// DHCPProxy: option 43 as PXE uses it.

import Wire

/// PXE's vendor options (PXE 2.1 §2.2, tables 2-1 and 2-2). `tag (1) · length (1) · bytes`, then 255.
struct VendorOptions: Equatable {
  var options: [DHCPOption]

  private static let discoveryControl = OptionCode(rawValue: 6)
  private static let menuPrompt = OptionCode(rawValue: 10)
  private static let bootItem = OptionCode(rawValue: 71)

  init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    options = try DHCPOption.list(parsing: &reader)
  }

  private init(_ options: [DHCPOption]) {
    self.options = options
  }

  /// Tag 71: the boot server type and layer that a client asks for, as it stands (4 bytes).
  var bootItem: [UInt8]? {
    options.first(Self.bootItem).flatMap { $0.count == 4 ? $0 : nil }
  }

  /// Layer bit 15: it wants credentials, which nobody has.
  var wantsCredentials: Bool {
    bootItem.map { $0[2] & 0x80 != 0 } ?? false
  }

  /// Tag 6 = 8: do no discovery, fetch the file that this offer names.
  static let useOfferedFile = VendorOptions([DHCPOption(discoveryControl, [8])])

  /// The same with a prompt that times out at once: some UEFI firmware ignores the answer without
  /// it (edk2 issue 8149).
  static let useOfferedFileWithPrompt = VendorOptions([
    DHCPOption(discoveryControl, [8]),
    DHCPOption(menuPrompt, [0] + Array("PXE".utf8)),
  ])

  /// What a boot server answers to a client that asked for an item.
  static func answering(bootItem: [UInt8]) -> VendorOptions {
    VendorOptions([DHCPOption(Self.bootItem, bootItem)])
  }

  var encoded: [UInt8] {
    var writer = ByteWriter()
    for option in options { option.encode(into: &writer) }
    writer.write(OptionCode.end.rawValue)
    return writer.bytes
  }
}
