/// DHCPProxy: option 175, iPXE's features and settings.

import Wire

/// The encapsulated options that iPXE sends and reads. `code (1) · length (1) · bytes`.
struct EtherbootOptions: Equatable {
  var options: DHCPOptions

  init(parsing bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes)
    options = try DHCPOptions(parsing: &reader)
  }

  /// Feature 0x13 with a version above 0: this build fetches http:// URLs. nil where it names no
  /// features at all (0x10 to 0x2f).
  var hasHTTP: Bool? {
    guard options.contains(where: { (0x10...0x2f).contains($0.code.rawValue) }) else { return nil }
    return options.value(OptionCode(rawValue: 0x13))?.contains { $0 != 0 } ?? false
  }

  /// Suboption 1, priority +1: iPXE puts our answer before the DHCP server's, whose boot file would
  /// win otherwise (Fixtures/captures/b15.pcap).
  static let raisedPriority: [UInt8] = [1, 1, 1]
}
