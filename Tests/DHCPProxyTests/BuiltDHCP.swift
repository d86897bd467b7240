/// Tests of DHCPProxy: requests written byte by byte, without the codec that is tested.

import Wire

/// A request as its bytes. Fields that aren't set are zero, as firmware leaves them.
struct BuiltDHCP {
  var op: UInt8 = 1
  var htype: UInt8 = 1
  var hlen: UInt8 = 6
  var xid: UInt32 = 0x1234_5678
  var secs: UInt16 = 0
  var flags: UInt16 = 0
  var ciaddr: [UInt8] = [0, 0, 0, 0]
  var giaddr: [UInt8] = [0, 0, 0, 0]
  var chaddr: [UInt8] = [0x52, 0x54, 0, 0xaa, 0, 1]
  var sname: [UInt8] = []
  var file: [UInt8] = []
  var options: [(UInt8, [UInt8])]
  var hasEnd = true
  /// What stands behind END, up to this length.
  var size = 300
  var padding: UInt8 = 0

  init(_ type: UInt8, _ options: [(UInt8, [UInt8])] = []) {
    self.options = [(53, [type])] + options
  }

  var bytes: [UInt8] {
    var out: [UInt8] = [op, htype, hlen, 0]
    out += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: xid >> UInt32($0)) }
    out += [UInt8(secs >> 8), UInt8(secs & 255), UInt8(flags >> 8), UInt8(flags & 255)]
    out += ciaddr + [0, 0, 0, 0] + [0, 0, 0, 0] + giaddr
    for (field, count) in [(chaddr, 16), (sname, 64), (file, 128)] {
      out += field + [UInt8](repeating: 0, count: count - field.count)
    }
    out += [0x63, 0x82, 0x53, 0x63]
    for (code, value) in options { out += [code, UInt8(value.count)] + value }
    if hasEnd { out.append(255) }
    if out.count < size { out += [UInt8](repeating: padding, count: size - out.count) }
    return out
  }

  func with(_ change: (inout BuiltDHCP) -> Void) -> BuiltDHCP {
    var copy = self
    change(&copy)
    return copy
  }
}

func text(_ string: String) -> [UInt8] { Array(string.utf8) }

/// Option 97 for 00112233-4455-6677-8899-aabbccddeeff.
let uuidOption: [UInt8] =
  [0, 0x33, 0x22, 0x11, 0, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]

/// Option 60 and 93 as PXE firmware writes them.
func pxeOptions(_ architecture: UInt16, undi: String = "003000") -> [(UInt8, [UInt8])] {
  let digits = String(architecture)
  let padded = String(repeating: "0", count: 5 - digits.count) + digits
  return [
    (60, text("PXEClient:Arch:\(padded):UNDI:\(undi)")),
    (93, [UInt8(architecture >> 8), UInt8(architecture & 255)]),
  ]
}
