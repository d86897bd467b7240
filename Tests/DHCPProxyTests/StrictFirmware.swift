/// Tests of DHCPProxy: the strictest reader of replies, written down again from EDK2's drivers
/// (Dhcp4Dxe, UefiPxeBcDxe, HttpBootDxe) and PXE 2.1, without this project's codec.

/// What a reply does wrong; empty when the strictest firmware takes it.
struct StrictFirmware {
  var faults: [String] = []
  var options: [(code: UInt8, value: [UInt8])] = []

  init(_ reply: [UInt8], to request: [UInt8]) {
    guard reply.count >= 300, request.count >= 240 else {
      faults.append("\(reply.count) bytes are fewer than 300")
      return
    }
    readHeader(reply, request)
    readOptions(reply)
    check(request)
    let relay = options.filter { $0.code == 82 }.reduce(0) { $0 + 2 + $1.value.count }
    if reply.count > 548, reply.count - relay > 548 { faults.append("\(reply.count) bytes") }
    if reply.count > 1472 { faults.append("over 1472 bytes") }
  }

  private mutating func readHeader(_ reply: [UInt8], _ request: [UInt8]) {
    func same(_ name: String, _ range: Range<Int>) {
      if reply[range] != request[range] { faults.append("\(name) is not the request's") }
    }
    if reply[0] != 2 { faults.append("op") }
    same("htype and hlen", 1..<3)
    same("xid", 4..<8)
    same("ciaddr", 12..<16)
    same("giaddr", 24..<28)
    same("chaddr", 28..<44)
    if reply[16..<20] != [0, 0, 0, 0] { faults.append("yiaddr is an address") }
    if reply[20..<24] == [0, 0, 0, 0] { faults.append("no siaddr") }
    if reply[12..<16] == [0, 0, 0, 0], reply[10] & 0x80 == 0 { faults.append("broadcast flag") }
    if reply[107] != 0 || reply[235] != 0 { faults.append("sname or file without NUL") }
    if reply[236..<240] != [0x63, 0x82, 0x53, 0x63] { faults.append("magic") }
  }

  private mutating func readOptions(_ reply: [UInt8]) {
    var place = 240
    while place < reply.count, reply[place] != 255 {
      if reply[place] == 0 {
        faults.append("PAD before END")
        place += 1
        continue
      }
      guard place + 1 < reply.count, place + 2 + Int(reply[place + 1]) <= reply.count else {
        faults.append("an option runs past the end")
        return
      }
      let end = place + 2 + Int(reply[place + 1])
      options.append((reply[place], Array(reply[(place + 2)..<end])))
      place = end
    }
    if place >= reply.count { faults.append("no END") }
    if reply.dropFirst(place + 1).contains(where: { $0 != 0 }) { faults.append("bytes behind END") }
  }

  private mutating func check(_ request: [UInt8]) {
    for (code, value) in options {
      let count = value.count
      let isRight =
        switch code {
        case 54, 50, 1, 28, 16, 51, 58, 59: count == 4
        case 3, 6, 4, 5, 42: count > 0 && count % 4 == 0
        case 53: count == 1 && (value[0] == 2 || value[0] == 5)
        case 57, 26: count == 2
        case 61: count >= 2
        // Never sent: overload, boot file size, user class, addresses for names.
        case 52, 13, 77: false
        default: count > 0
        }
      if !isRight { faults.append("option \(code) is \(value)") }
    }
    if options.first?.code != 53 { faults.append("53 is not the first") }
    if value(54) == nil || value(54) == [0, 0, 0, 0] { faults.append("no 54") }
    let vendorClass = value(60).map { String(decoding: $0, as: UTF8.self) }
    if vendorClass != "PXEClient", vendorClass != "HTTPClient" { faults.append("60") }
    if vendorClass == "HTTPClient", value(67) == nil || value(43) != nil { faults.append("no URL") }
    if let name = value(67), name.last != 0 || name.count < 2 { faults.append("67 without NUL") }
    if Set(options.map(\.code)).count != options.count { faults.append("an option twice") }
    if let relay = options.firstIndex(where: { $0.code == 82 }), relay != options.count - 1 {
      faults.append("82 is not the last")
    }
    if let vendor = value(43) { checkVendor(vendor) }
  }

  /// `tag, length, bytes`, 255 at the very end; one prompt, menu types of the listed servers.
  private mutating func checkVendor(_ bytes: [UInt8]) {
    var place = 0
    var items: [UInt8: [UInt8]] = [:]
    while place < bytes.count, bytes[place] != 255 {
      guard place + 1 < bytes.count, place + 2 + Int(bytes[place + 1]) <= bytes.count else {
        faults.append("43: an item runs past the end")
        return
      }
      items[bytes[place]] = Array(bytes[(place + 2)..<(place + 2 + Int(bytes[place + 1]))])
      place += 2 + Int(bytes[place + 1])
    }
    if place != bytes.count - 1 { faults.append("43: END is not the last byte") }
    if items[6] == nil, items[71] == nil { faults.append("43 says nothing") }
    if let servers = items[8], servers.count != 7 || servers[2] != 1 { faults.append("43.8") }
    if let menu = items[9], menu.count < 4 || Int(menu[2]) != menu.count - 3 {
      faults.append("43.9")
    }
    if let menu = items[9], items[8]?.prefix(2) != menu.prefix(2) { faults.append("43.9 and 8") }
    if items[9] != nil, items[10] == nil { faults.append("a menu without a prompt") }
    if let item = items[71], item.count != 4 { faults.append("43.71") }
  }

  func value(_ code: UInt8) -> [UInt8]? { options.first { $0.code == code }?.value }
}
