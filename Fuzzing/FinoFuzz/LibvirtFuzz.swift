/// FinoFuzz: the RPC of libvirt's daemon.

import Wire

@testable import Power

enum LibvirtFuzz {
  static func swallow(_ bytes: [UInt8]) {
    if let message = try? LibvirtMessage(parsing: bytes) {
      precondition(message.bytes == bytes, "not stable")
      parts(message.payload)
    }
    // Without a header, which is seldom right by chance.
    parts(bytes)
  }

  private static func parts(_ payload: [UInt8]) {
    if let failure = try? LibvirtFailure(parsing: payload) {
      precondition((try? LibvirtFailure(parsing: failure.bytes)) == failure, "not stable")
    }
    var reader = ByteReader(payload)
    if let domain = try? LibvirtDomain(parsing: &reader) {
      var writer = ByteWriter()
      domain.encode(into: &writer)
      precondition(writer.bytes.count <= payload.count, "more than there was")
      var again = ByteReader(writer.bytes)
      precondition((try? LibvirtDomain(parsing: &again)) == domain, "not stable")
    }
    reader = ByteReader(payload)
    _ = try? reader.readXDROptionalString("text")
    reader = ByteReader(payload)
    if let state = try? reader.readUInt32("state") { _ = LibvirtState(rawValue: state).isOn }
  }
}
