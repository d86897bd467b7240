/// BootDoctor: verdicts about a request by HTTP that the boot ended with.

import Wire

package enum HTTPVerdicts {
  package static func ending(_ boot: BootRecord) -> Verdict? {
    switch boot.lastDeed {
    case .connection(let connection): ofConnection(connection, boot)
    case .http(let request) where request.isOfFirmware:
      unusable(request, boot) ?? failed(request, boot) ?? notWhole(request, boot)
        ?? page(request, boot)
    case .dhcp(let exchange): notConnected(exchange, boot)
    default: nil
    }
  }

  private static func ofConnection(
    _ connection: ConnectionRecord, _ boot: BootRecord
  ) -> Verdict? {
    let server = "\(connection.server.urlHost):\(connection.port)"
    if connection.wasRefused {
      return Verdict(
        .httpRefused, cause: "Nobody listens at \(server): the connection was refused.",
        evidence: connection.openings.packets
          + [connection.reset?.packet ?? 0, connection.unreachable?.packet ?? 0],
        remedy: "Start the HTTP server, or correct address and port in the boot file's URL.",
        screen: ["0f0a6039", "0f0a6095"])
    }
    if connection.established == nil {
      guard connection.openings.count >= 3, boot.age(connection.begin) >= Span.seconds(5) else {
        return nil
      }
      return Verdict(
        .httpUnanswered,
        cause:
          "The machine tried \(connection.openings.count) times to connect to \(server), and no "
          + "answer came.",
        evidence: connection.openings.packets,
        remedy:
          "Open TCP port \(connection.port) to \(connection.server) in the firewalls, and check "
          + "that the address is right and reachable from the machine's network.",
        screen: ["4c0a6035", "4c0a6092"])
    }
    if connection.tls != nil { return tls(connection, boot) }
    guard connection.requests == 0, boot.wasSilent(15) || connection.reset != nil else {
      return nil
    }
    return Verdict(
      .httpStalled, cause: "The machine connected to \(server), and no request went through.",
      evidence: connection.openings.packets + [connection.last.packet],
      remedy: "Look for a firewall or proxy in between that accepts connections itself.",
      screen: ["4c0c6035"])
  }

  private static func tls(_ connection: ConnectionRecord, _ boot: BootRecord) -> Verdict? {
    guard let tls = connection.tls, !tls.isEstablished, boot.wasSilent(2) || tls.alert != nil else {
      return nil
    }
    let name = tls.serverName ?? connection.server.description
    let why: String
    if let alert = tls.alert {
      let code = alert.code.map { ": \(TLSAlert.name($0))" } ?? ""
      why = "\(alert.byClient ? "the machine" : "the server") sent an alert\(code)"
    } else if tls.serverHello != nil {
      why = "the machine did not go on after the server's certificate"
    } else {
      why = "the server did not answer the ClientHello"
    }
    return Verdict(
      .tlsFailed, cause: "TLS with «\(name)» failed: \(why).",
      evidence: connection.openings.packets + [
        tls.serverHello?.packet ?? 0, tls.alert?.moment.packet ?? 0, connection.last.packet,
      ],
      remedy:
        "Check the machine's clock, that it trusts the server's certificate authority and that the "
        + "certificate has this name. iPXE speaks TLS 1.2 at most, without ChaCha20; UEFI wants "
        + "the "
        + "authority enrolled in its setup. HTTP without TLS is the simple way out.",
      screen: boot.screens(
        nil, http: ["Could not retrieve NBP file size"],
        ipxe: ["0216eb8f", "0216eb3c", "0216e68f", "0216e63c", "0216ea8f", "0216e48f", "410de18f"]))
  }

  /// An answer that UEFI's HTTP Boot can't use.
  private static func unusable(_ request: HTTPRecord, _ boot: BootRecord) -> Verdict? {
    guard boot.bootExchanges.last?.asker == .httpBoot, let status = request.status,
      boot.wasSilent(2)
    else { return nil }
    let problem: String
    if (300..<400).contains(status) {
      problem = "is a redirect (\(status)), which HTTP Boot does not follow"
    } else if !(200..<300).contains(status) {
      return nil
    } else if !request.hasBootType {
      problem =
        "has the type «\(request.contentType ?? "none")» and a name that does not end in .efi, "
        + ".iso or "
        + ".img"
    } else if request.contentLength == nil, !request.isChunked {
      problem = "has no Content-Length"
    } else {
      return nil
    }
    return Verdict(
      .httpBootUnusable, cause: "The answer for «\(request.url)» \(problem).",
      evidence: [request.request.packet, request.response?.packet ?? 0],
      remedy:
        "Serve the boot program with Content-Length under a name that ends in .efi, or with the "
        + "type application/efi, without a redirect.",
      screen: ["Could not retrieve NBP file size"])
  }

  private static func failed(_ request: HTTPRecord, _ boot: BootRecord) -> Verdict? {
    guard let status = request.status, status >= 300, request.retryAfter == nil
    else { return nil }
    let evidence = [request.request.packet, request.response?.packet ?? 0]
    let http = "Could not retrieve NBP file size"
    if status == 404 || status == 410 {
      return Verdict(
        .httpNotFound,
        cause: "The HTTP server \(request.server) has no «\(request.url)» (\(status)).",
        evidence: evidence,
        remedy: "Put the file there, or correct the address in DHCP or in the script.",
        screen: boot.screens(nil, http: [http], ipxe: ["2d0c613b", "2d0c618e"]))
    }
    let ipxe =
      switch status {
      case 401: ["020c613c", "020c618f"]
      case 403: ["410c613c", "410c618f"]
      case 500...: ["1d0c6539", "1d0c6598"]
      default: ["1d0c6439", "1d0c6498"]
      }
    return Verdict(
      .httpError,
      cause: "The HTTP server \(request.server) answered \(status) for «\(request.url)».",
      evidence: evidence,
      remedy: remedy(status),
      screen: boot.screens(nil, http: [http], ipxe: ipxe))
  }

  private static func remedy(_ status: Int) -> String {
    switch status {
    case 401: "Let machines read this without a password, or put one into the URL."
    case 403:
      "Make the file and its folders readable for the HTTP server's user, and let the machine's "
        + "network read them."
    default: "Look at the HTTP server's log at this time."
    }
  }

  private static func notWhole(_ request: HTTPRecord, _ boot: BootRecord) -> Verdict? {
    let evidence = [request.request.packet, request.response?.packet ?? 0, request.last.packet]
    let of = request.contentLength.map { " of \(StoryText.size($0))" } ?? ""
    switch request.ending {
    case .cutByServer:
      return Verdict(
        .httpTruncated,
        cause: "The server \(request.server) closed the connection after "
          + "\(StoryText.size(request.bytes))\(of) of «\(request.url)».",
        evidence: evidence,
        remedy: "Look at the HTTP server's log, and at a proxy in between; the file may have been "
          + "replaced while it was sent.",
        screen: boot.screens(nil, ipxe: ["4c0c6035", "1c0c6102"]))
    case .open where boot.age(request.last) >= Span.seconds(15):
      return Verdict(
        .httpStalled,
        cause: request.status == nil
          ? "The server \(request.server) took the request for «\(request.url)» and did not answer."
          : "«\(request.url)» stopped after \(StoryText.size(request.bytes))\(of).",
        evidence: evidence,
        remedy:
          "Look at the HTTP server (overloaded, hung, waiting for its own source), and for packet "
          + "loss or a smaller MTU on the way.",
        screen: boot.screens(nil, ipxe: ["4c0c6035", "4c0c6092"]))
    case .open, .whole, .cutByClient: return nil
    }
  }

  /// A page where a script was expected.
  private static func page(_ request: HTTPRecord, _ boot: BootRecord) -> Verdict? {
    guard request.succeeded, request.content == .page, boot.wasSilent(2) else { return nil }
    return Verdict(
      .httpError,
      cause: "«\(request.url)» is a page of HTML instead of something that boots.",
      evidence: [request.request.packet, request.response?.packet ?? 0],
      remedy: "Look at the address with a browser: it is an error page or a login.",
      screen: boot.screens(nil, ipxe: ["2e008001", "2e008081"]))
  }

  /// A good offer was taken, and no connection was tried.
  private static func notConnected(_ exchange: DHCPExchange, _ boot: BootRecord) -> Verdict? {
    guard exchange.asker == .httpBoot, exchange.leased != nil, boot.silence >= Span.seconds(10),
      let offer = exchange.answers.first(where: { $0.isHTTP && $0.namesFile }),
      let url = offer.bootFileName ?? offer.file
    else { return nil }
    let evidence =
      offer.sightings.packets + exchange.acknowledgments.flatMap(\.sightings.packets)
    // EDK2 looks for its authorities before it connects (Fixtures/captures/faults/tls-uefi).
    if url.lowercased().hasPrefix("https://") {
      return Verdict(
        .tlsFailed,
        cause:
          "The firmware took the offer of «\(url)» and made no connection: it has no certificate "
          + "authority for HTTPS.",
        evidence: evidence,
        remedy:
          "Enroll the authority of the server's certificate in the machine's setup (TLS Auth "
          + "Configuration), or serve http:// where the machine allows it.",
        screen: ["Could not retrieve NBP file size"])
    }
    guard url.lowercased().hasPrefix("http://") else { return nil }
    return Verdict(
      .httpBootUnusable,
      cause:
        "The firmware took the offer of «\(url)» and made no connection: many machines allow only "
        + "https:// for HTTP Boot.",
      evidence: evidence,
      remedy:
        "Allow plain HTTP in the machine's setup (HTTP Boot, «allow unsecured»), serve https, or "
        + "use PXE instead.",
      screen: ["Access forbidden, only HTTPS connection is allowed"])
  }
}

extension HTTPRecord {
  /// By a boot program, and not by an installer that runs already.
  var isOfFirmware: Bool {
    guard let agent else { return true }
    return ["iPXE", "gPXE", "UefiHttpBoot", "GRUB", "U-Boot", "Syslinux"].contains {
      agent.hasPrefix($0)
    }
  }

  /// EDK2's HttpBootDxe: by type, without parameters, or else by the end of the path.
  var hasBootType: Bool {
    let types = ["application/efi", "application/vnd.efi-iso", "application/vnd.efi-img"]
    if let contentType, types.contains(contentType.lowercased()) { return true }
    let path = target.prefix { $0 != "?" }.lowercased()
    return [".efi", ".iso", ".img"].contains { path.hasSuffix($0) }
  }
}
