/// BootDoctor: why a machine did not boot, in one sentence, with what shows it and what to do.

package struct Verdict: Equatable, Sendable {
  /// Stable names, for programs.
  package enum Code: String, CaseIterable, Sendable {
    case noDHCPAnswer = "no-dhcp-answer"
    case dhcpRefused = "dhcp-refused"
    case leaseExhausted = "lease-exhausted"
    case relayDroppedAnswer = "relay-dropped-answer"
    case oneWayTraffic = "one-way-traffic"
    case noProxyAnswer = "no-proxy-answer"
    case offerNotAccepted = "offer-not-accepted"
    case twoPXEServers = "two-pxe-servers"
    case vendorOptionsUnusable = "vendor-options-unusable"
    case bootServerSilent = "boot-server-silent"
    case bootServerWrongPort = "boot-server-wrong-port"
    case tftpBlocked = "tftp-blocked"
    case tftpFileNotFound = "tftp-file-not-found"
    case tftpAccessDenied = "tftp-access-denied"
    case tftpOptionRefused = "tftp-option-refused"
    case tftpError = "tftp-error"
    case tftpStalled = "tftp-stalled"
    case tftpMTU = "tftp-mtu"
    case tftpProbeOnly = "tftp-probe-only"
    case wrongArchitecture = "wrong-architecture"
    case loaderSilent = "loader-silent"
    case ipxeLoop = "ipxe-loop"
    case ipxeNoFileName = "ipxe-no-file-name"
    case nameNotResolved = "name-not-resolved"
    case httpRefused = "http-refused"
    case httpUnanswered = "http-unanswered"
    case httpNotFound = "http-not-found"
    case httpError = "http-error"
    case httpStalled = "http-stalled"
    case httpTruncated = "http-truncated"
    case httpBootUnusable = "http-boot-unusable"
    case tlsFailed = "tls-failed"
    case initrdMissing = "initrd-missing"
    case scriptUnused = "script-unused"
    case installerLoop = "installer-loop"
    case duplicateMAC = "duplicate-mac"
    case duplicateUUID = "duplicate-uuid"
    /// No failure: the story goes on after what is known.
    case underWay = "under-way"
  }

  package enum Severity: String, Sendable {
    case failure
    /// It went well, or is not decided, but somebody should look at it.
    case warning
    case information
  }

  package var code: Code
  package var severity: Severity
  /// One sentence.
  package var cause: String
  /// Packet numbers; empty where no packets are known.
  package var evidence: [Int]
  /// What to do.
  package var remedy: String
  /// What a person sees in front of the machine, `PXE-E53`.
  package var screen: [String]

  package init(
    _ code: Code, _ severity: Severity = .failure, cause: String, evidence: [Int],
    remedy: String, screen: [String] = []
  ) {
    self.code = code
    self.severity = severity
    self.cause = cause
    self.evidence = evidence.reduce(into: []) {
      if $1 > 0, !$0.contains($1), $0.count < 16 { $0.append($1) }
    }
    self.remedy = remedy
    self.screen = screen
  }
}
