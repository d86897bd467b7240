/// DHCPProxy: option 77, by which iPXE makes itself known.

/// User class (RFC 3004). The standard wants entries with a length before each; iPXE sends its name
/// bare (Fixtures/captures/b2.pcap), other builds send `04 69 50 58 45`.
struct UserClass: Equatable {
  var entries: [[UInt8]]

  /// Never fails: where the length bytes do not fit exactly, the whole value is one entry.
  init(_ bytes: [UInt8]) {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while let length = rest.first, length > 0, rest.count > Int(length) {
      entries.append(Array(rest.dropFirst().prefix(Int(length))))
      rest = rest.dropFirst(1 + Int(length))
    }
    self.entries = rest.isEmpty && !entries.isEmpty ? entries : [bytes]
  }

  var isIPXE: Bool {
    entries.contains { $0 == Array("iPXE".utf8) || $0 == Array("gPXE".utf8) }
  }
}
