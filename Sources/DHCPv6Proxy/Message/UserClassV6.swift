/// DHCPv6Proxy: option 15, by which iPXE makes itself known.

import Wire

/// User class (RFC 8415 §21.15): texts with `length (2)` before each.
struct UserClassV6: Equatable {
  var texts: [[UInt8]]

  init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    texts = []
    while reader.remaining > 0 {
      let length = try reader.readUInt16("length of user class")
      texts.append(Array(try reader.readBytes(Int(length), "user class")))
    }
  }

  var isIPXE: Bool {
    texts.contains { $0 == Array("iPXE".utf8) || $0 == Array("gPXE".utf8) }
  }
}
