/// BootDoctor: a TCP connection that did not become a request, or a TLS session.

package import Wire

/// Connections that carry plain HTTP are told by their requests; this is told when there is none.
package struct ConnectionRecord: Equatable, Sendable {
  package struct TLS: Equatable, Sendable {
    /// The host name that the client asked for (RFC 6066 §3).
    package var serverName: String?
    package var alert: Alert?
    /// The server's first answer; its certificate comes with it, or right after.
    package var serverHello: Moment?
    /// Encrypted data went from both sides.
    package var isEstablished = false

    package struct Alert: Equatable, Sendable {
      /// nil where it is encrypted.
      package var code: UInt8?
      package var byClient: Bool
      package var moment: Moment

      package init(code: UInt8?, byClient: Bool, moment: Moment) {
        self.code = code
        self.byClient = byClient
        self.moment = moment
      }
    }

    package init(serverName: String? = nil) {
      self.serverName = serverName
    }
  }

  package var server: IPAddress
  package var port: UInt16
  /// The SYNs.
  package var openings: Sightings
  package var established: Moment?
  package var reset: Moment?
  package var resetByServer = false
  package var closed: Moment?
  /// ICMP: nobody there, or a firewall says no.
  package var unreachable: Moment?
  package var tls: TLS?
  /// Payload bytes of each side, by sequence numbers.
  package var sent = 0
  package var received = 0
  package var requests = 0
  package var last: Moment

  package init(server: IPAddress, port: UInt16, openings: Sightings) {
    self.server = server
    self.port = port
    self.openings = openings
    last = openings.last
  }

  package var begin: Moment { openings.first }

  /// The other side said no before anything was said.
  package var wasRefused: Bool {
    established == nil && (reset != nil && resetByServer || unreachable != nil)
  }
}
