/// BootDoctor: TLS from outside: the name that was asked for, and alerts.

import Wire

extension ConnectionRecord.TLS {
  /// RFC 8446 §5.1: `type (1) · version (2) · length (2)`, at the begin of a segment; an alert may also
  /// be the last record of one.
  mutating func receive(_ payload: ArraySlice<UInt8>, fromClient: Bool, at moment: Moment) {
    guard let type = payload.first else { return }
    switch type {
    case 22 where fromClient && serverName == nil:
      serverName = Self.serverName(payload)
    case 22 where !fromClient: serverHello = serverHello ?? moment
    case 23: isEstablished = isEstablished || serverHello != nil
    default: break
    }
    guard alert == nil else { return }
    if let found = Self.alert(payload) ?? Self.alert(payload.suffix(7)) {
      // close_notify (0) is how a session ends.
      if found != 0 { alert = Alert(code: found, byClient: fromClient, moment: moment) }
    }
  }

  /// `15 03 xx 00 02 level code`, not encrypted.
  private static func alert(_ bytes: ArraySlice<UInt8>) -> UInt8? {
    let head = Array(bytes.prefix(7))
    guard head.count == 7, head[0] == 21, head[1] == 3, head[3] == 0, head[4] == 2,
      head[5] == 1 || head[5] == 2
    else { return nil }
    return head[6]
  }

  /// Out of a ClientHello (RFC 8446 §4.1.2, RFC 6066 §3); nil where it is not in the first segment.
  private static func serverName(_ payload: ArraySlice<UInt8>) -> String? {
    var reader = ByteReader(payload)
    do throws(WireError) {
      try reader.skip(5, "record")
      guard try reader.readUInt8("handshake type") == 1 else { return nil }
      try reader.skip(3 + 2 + 32, "ClientHello")
      try reader.skip(Int(try reader.readUInt8("session")), "session")
      try reader.skip(Int(try reader.readUInt16("cipher suites")), "cipher suites")
      try reader.skip(Int(try reader.readUInt8("compression")), "compression")
      try reader.skip(2, "extensions")
      while reader.remaining >= 4 {
        let type = try reader.readUInt16("extension")
        let length = Int(try reader.readUInt16("length of extension"))
        if type == 0 {
          try reader.skip(3, "server name list")
          let count = Int(try reader.readUInt16("length of name"))
          return ReceivedText.name(try reader.readBytes(count, "server name"))
        }
        try reader.skip(length, "extension")
      }
    } catch {
      return nil
    }
    return nil
  }
}
