/// BootDoctor: as much of a DNS message as tells whether a name was found.

import Wire

/// RFC 1035 §4.1: a header of 12 bytes, the question, answers.
struct DNSMessage: Equatable {
  var isResponse: Bool
  var code: UInt8
  /// Lower case, without the last dot.
  var name: String
  var addresses: [IPAddress]

  /// nil for what is no message with one question.
  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    do throws(WireError) {
      try reader.skip(2, "ID")
      let flags = try reader.readUInt16("flags")
      isResponse = flags & 0x8000 != 0
      code = UInt8(truncatingIfNeeded: flags & 15)
      guard try reader.readUInt16("QDCOUNT") == 1 else { return nil }
      let answers = try reader.readUInt16("ANCOUNT")
      try reader.skip(4, "NSCOUNT and ARCOUNT")
      name = try Self.readName(&reader)
      try reader.skip(4, "QTYPE and QCLASS")
      addresses = []
      // What is cut or odd behind the question changes nothing of it.
      for _ in 0..<min(answers, 32) {
        guard let address = try? Self.readAnswer(&reader) else { break }
        if let address = address.value { addresses.append(address) }
      }
    } catch {
      return nil
    }
  }

  private struct Answer {
    var value: IPAddress?
  }

  private static func readAnswer(_ reader: inout ByteReader) throws(WireError) -> Answer {
    _ = try readName(&reader)
    let type = try reader.readUInt16("TYPE")
    try reader.skip(6, "CLASS and TTL")
    let data = try reader.readBytes(Int(try reader.readUInt16("RDLENGTH")), "RDATA")
    switch type {
    case 1: return Answer(value: IPv4Address(bytes: data).map(IPAddress.v4))
    case 28: return Answer(value: IPv6Address(bytes: data).map(IPAddress.v6))
    default: return Answer()
    }
  }

  /// Compression ends a name (RFC 1035 §4.1.4); where it points to is of no interest.
  private static func readName(_ reader: inout ByteReader) throws(WireError) -> String {
    var labels: [String] = []
    while true {
      let length = try reader.readUInt8("label")
      if length == 0 { break }
      if length & 0xc0 != 0 {
        try reader.skip(1, "pointer")
        break
      }
      let label = try reader.readBytes(Int(length), "label")
      if labels.count < 32 { labels.append(ReceivedText.printable(label)) }
    }
    return labels.joined(separator: ".").lowercased()
  }

  var outcome: NameLookup.Outcome {
    if code != 0 { return .failed(code: code) }
    return addresses.isEmpty ? .empty : .addresses(addresses)
  }
}
