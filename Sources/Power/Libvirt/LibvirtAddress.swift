/// Power: a libvirt URI, as far as it can be spoken here.

import Wire

/// `qemu:///system`, `qemu+unix:///system?socket=/run/libvirt/libvirt-sock`,
/// `qemu+tcp://host:16509/system`, `test+tcp://host/default` (libvirt.org/uri.html).
package struct LibvirtAddress: Equatable, Sendable {
  enum Place: Equatable, Sendable {
    /// The first of these that is there.
    case unix([String])
    case tcp(host: String, port: UInt16)
  }

  /// As it was written.
  let text: String
  let place: Place
  /// What the daemon opens: `qemu:///system`.
  let name: String

  static let tcpPort: UInt16 = 16509
  /// Drivers whose machines have a power of their own. `test` takes no file: the daemon would read
  /// it with its own rights.
  private static let kinds = ["qemu", "xen", "lxc", "bhyve", "ch", "vz", "test"]

  package init(_ text: String) throws(DriverError) {
    func wrong(_ why: String) -> DriverError {
      DriverError(.unsupported, "the libvirt URI “\(text.oneLine(limit: 120))” \(why)")
    }
    guard let colon = text.firstRange(of: "://") else {
      throw wrong("has no “://”; write for example qemu:///system")
    }
    let scheme = text[..<colon.lowerBound].split(separator: "+", omittingEmptySubsequences: false)
    guard let kind = scheme.first, Self.kinds.contains(String(kind)), scheme.count <= 2 else {
      throw wrong(
        "is of a kind that is not known here; known are \(Self.kinds.joined(separator: ", "))")
    }
    let rest = text[colon.upperBound...].split(separator: "?", maxSplits: 1)
    let pathAndHost = rest.first ?? ""
    let slash = pathAndHost.firstIndex(of: "/") ?? pathAndHost.endIndex
    let host = pathAndHost[..<slash]
    let path = pathAndHost[slash...]
    guard ["/system", "/session", "/default", "/", ""].contains(path) else {
      throw wrong("has a path that is not known here; known are /system, /session and /default")
    }
    let socket = try Self.socket(rest.count > 1 ? rest[1] : "", wrong)
    switch (scheme.count > 1 ? String(scheme[1]) : host.isEmpty ? "unix" : "tls", host.isEmpty) {
    case ("unix", true):
      guard path != "/session" || socket != nil else {
        throw wrong("means the daemon of one user; name its socket with ?socket=")
      }
      place = .unix(
        socket.map { [$0] }
          ?? ["/run/libvirt/libvirt-sock", "/run/libvirt/virt\(kind)d-sock"])
    case ("tcp", false):
      guard let (name, port) = WebAddress.split(host) else { throw wrong("has no valid host") }
      place = .tcp(host: name, port: port ?? Self.tcpPort)
    case ("tcp", true), ("unix", false):
      throw wrong("has a transport that does not go with its host")
    case (let transport, _):
      throw wrong(
        "needs the transport “\(transport.oneLine(limit: 20))”, which is not spoken here; use the "
          + "daemon's unix socket, or tcp with authentication “none” in a network of its own")
    }
    self.text = text
    name = "\(kind)://\(path)"
  }

  private static func socket(
    _ query: Substring, _ wrong: (String) -> DriverError
  ) throws(DriverError) -> String? {
    var socket: String?
    for pair in query.split(separator: "&") {
      guard pair.hasPrefix("socket=") else { throw wrong("has a parameter that is not known here") }
      let value = pair.dropFirst("socket=".count)
      guard value.hasPrefix("/"), value.utf8.count < 108, !value.contains("%"),
        !value.contains("\0")
      else { throw wrong("has a socket that is not a plain absolute path") }
      socket = String(value)
    }
    return socket
  }
}

extension LibvirtAddress: CustomStringConvertible {
  package var description: String { text }
}
