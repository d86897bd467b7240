/// HTTPBoot: what one connection may take of the server.

/// Defaults that no firmware comes near: the longest request of an iPXE is under 1 KB, it follows the
/// connection at once, and the connection is dropped 10 seconds after the last answer.
package struct HTTPLimits: Equatable, Sendable {
  /// Bytes of a request's line and headers together.
  package var headerSize = 16 << 10
  /// From a request's first byte to the end of its headers.
  package var headerTime = Duration.seconds(15)
  /// Between two requests, and between two pieces of a request's body.
  package var idleTime = Duration.seconds(60)
  /// For which a machine may take nothing of an answer that waits for it.
  package var stallTime = Duration.seconds(120)
  /// Connections of one address at a time.
  package var connectionsPerAddress = 256
  /// Connections at a time. Each needs one file descriptor, and one more while an image goes out.
  package var connections = 8192

  package init() {}
}
