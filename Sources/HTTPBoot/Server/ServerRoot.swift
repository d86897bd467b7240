/// HTTPBoot: the URL under which a client reaches us.

package import Wire

/// `http://10.0.0.2`, `http://[fd00::2]`, with the port when it is not 80. No slash at the end.
package struct ServerRoot: Equatable, Sendable {
  package let url: String

  package init(address: IPAddress, port: Int) {
    url = "http://\(address.urlHost)" + (port == 80 ? "" : ":\(port)")
  }

  /// What the client called us, where that is a plain host and port (it goes into scripts, so nothing
  /// else may come through); else the address that it connected to.
  package init(hostHeader: String?, local: IPAddress?, port: Int) {
    if let host = hostHeader, Self.isAuthority(host) {
      url = "http://\(host.hasSuffix(":80") ? String(host.dropLast(3)) : host)"
    } else {
      url = Self(address: local ?? .loopback, port: port).url
    }
  }

  private static func isAuthority(_ host: String) -> Bool {
    !host.isEmpty && host.utf8.count <= 255
      && host.utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || [
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "_"),
            UInt8(ascii: "["), UInt8(ascii: "]"),
          ].contains(byte)
      }
  }
}
