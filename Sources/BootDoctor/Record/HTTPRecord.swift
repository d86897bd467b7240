/// BootDoctor: one request by HTTP and its answer.

package import Wire

package struct HTTPRecord: Equatable, Sendable {
  package enum Ending: Equatable, Sendable {
    case open
    case whole
    /// The server closed or reset the connection before the end of the body.
    case cutByServer
    /// The client did.
    case cutByClient
  }

  package var server: IPAddress
  package var port: UInt16
  package var method: String
  /// The path and query, or the whole URL.
  package var target: String
  package var host: String?
  package var agent: String?
  package var request: Moment
  package var status: Int?
  package var contentType: String?
  /// Bytes of the body, when the server told them.
  package var contentLength: Int?
  package var isChunked = false
  package var retryAfter: String?
  package var location: String?
  package var response: Moment?
  /// Of the body, also what only the client's acknowledgments show.
  package var bytes = 0
  package var repeated = 0
  package var last: Moment
  package var ending = Ending.open
  package var content: FileContent?

  package init(
    server: IPAddress, port: UInt16 = 80, method: String = "GET", target: String,
    host: String? = nil, agent: String? = nil, request: Moment
  ) {
    self.server = server
    self.port = port
    self.method = method
    self.target = target
    self.host = host
    self.agent = agent
    self.request = request
    last = request
  }

  package var begin: Moment { request }

  package var url: String {
    if target.hasPrefix("http") { return target }
    let name = host ?? server.urlHost
    let authority = port == 80 || name.contains(":") && host != nil ? name : "\(name):\(port)"
    return "http://\(authority)\(target)"
  }

  package var isWhole: Bool { ending == .whole }

  package var succeeded: Bool { status.map { (200..<300).contains($0) } ?? false }

  package var rate: Double? {
    guard let response, last.time > response.time, bytes > 65_536 else { return nil }
    return Double(bytes) * 1e9 / Double(last.time - response.time)
  }
}
