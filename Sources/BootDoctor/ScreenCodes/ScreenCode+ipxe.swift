/// BootDoctor: iPXE's error numbers that come up when machines boot.

extension ScreenCode {
  private static func ipxe(
    _ code: String, _ text: String, _ cause: String, _ remedy: String,
    _ verdicts: [Verdict.Code] = []
  ) -> ScreenCode {
    ScreenCode(code, .ipxe, text, cause, remedy, verdicts)
  }

  static let ofIPXE: [ScreenCode] = [
    ipxe(
      "040ee119", "No configuration methods succeeded",
      "No DHCP server answered within about 15 s. Often iPXE reset the link, and the switch "
        + "port stays "
        + "closed for 30 s (spanning tree).",
      "Set the port to edge (portfast), use snponly.efi or undionly.kpxe, and check the DHCP "
        + "server.",
      [.noDHCPAnswer, .leaseExhausted, .oneWayTraffic]),
    ipxe(
      "2d03e13b", "Nothing to boot: no such file or directory",
      "iPXE has an address and no boot file: no PXE server answered, or its answer was not usable.",
      "Name a boot file in DHCP, or start the PXE server in this VLAN.",
      [.ipxeNoFileName, .offerNotAccepted, .bootServerSilent]),
    ipxe(
      "2d0c613b", "HTTP 404: not found", "The HTTP server has no such file.",
      "Correct the address in DHCP or in the script, or put the file there.", [.httpNotFound]),
    ipxe(
      "2d12613b", "TFTP: file not found", "The TFTP server has no such file.",
      "Correct the name in DHCP, or put the file there. For autoexec.ipxe it is normal.",
      [.tftpFileNotFound]),
    ipxe(
      "3e11613b", "DNS: no such name", "The name in the URL does not exist.",
      "Correct the name, or write an address.", [.nameNotResolved]),
    ipxe(
      "3e11623b", "No DNS servers available", "DHCP told no DNS server, and the URL has a name.",
      "Add a DNS server to DHCP (option 6), or write an address.", [.nameNotResolved]),
    ipxe(
      "4c126035", "TFTP: connection timed out", "The TFTP server does not answer.",
      "Start it; open UDP port 69 and let answers from other ports pass.",
      [.tftpBlocked, .tftpStalled, .tftpMTU]),
    ipxe(
      "4c0a6035", "TCP: connection timed out", "The HTTP server does not answer.",
      "Check its address, the firewall and the way there.", [.httpUnanswered]),
    ipxe(
      "4c106035", "DHCP: connection timed out", "No DHCP server answered.",
      "Check VLAN, spanning tree and the DHCP server.", [.noDHCPAnswer]),
    ipxe(
      "4c0c6035", "HTTP: connection timed out", "For two minutes no data came.",
      "Look at the HTTP server, and for packet loss.", [.httpStalled]),
    ipxe(
      "4c116035", "DNS: connection timed out", "The DNS server does not answer.",
      "Correct option 6 in DHCP.", [.nameNotResolved]),
    ipxe(
      "0f0a6039", "TCP: connection reset",
      "Nobody listens at this port, or the server closed at once.",
      "Correct the port, start the HTTP server.", [.httpRefused, .httpTruncated]),
    ipxe(
      "1c0c6102", "HTTP: malformed status line",
      "The server's answer is no HTTP that iPXE reads; a space must follow the status.",
      "Use another HTTP server, or no proxy in between.", [.httpTruncated]),
    ipxe(
      "1d0c6439", "HTTP: other client error", "The HTTP server answered 4xx.",
      "Look at its log.", [.httpError]),
    ipxe(
      "1d0c6539", "HTTP: server error", "The HTTP server answered 5xx.", "Look at its log.",
      [.httpError]),
    ipxe(
      "410c613c", "HTTP 403: forbidden", "The HTTP server refuses this file.",
      "Allow it there.", [.httpError]),
    ipxe(
      "020c613c", "HTTP 401: unauthorized", "The HTTP server wants a password.",
      "Write user and password into the URL, or allow it without.", [.httpError]),
    ipxe(
      "3c092003", "Operation not supported: unknown kind of URL",
      "This build of iPXE does not know https (BIOS builds), nfs or the like.",
      "Use http, or a build that knows it.", [.scriptUnused]),
    ipxe(
      "2e008001", "Exec format error: not an executable image",
      "What was fetched is no program for this machine: a page of HTML, another architecture, or a "
        + "script without «#!ipxe» in its first line.",
      "Look at the file; give each architecture its own.", [.wrongArchitecture, .httpError]),
    ipxe(
      "2e022001", "Exec format error: unknown command",
      "The script has a command that this build of iPXE does not know.",
      "Take it out, or use a build that knows it.", [.scriptUnused]),
    ipxe(
      "38086101", "Link is down", "Cable, port or transceiver.", "Check cable and switch port."),
    ipxe(
      "1a086101", "Link state is not known yet", "The adapter was asked too early.",
      "Try again; update iPXE."),
    ipxe(
      "0216e43c", "Certificate has expired",
      "The machine's clock is wrong, or the certificate is old.",
      "Set the clock, or renew the certificate.", [.tlsFailed]),
    ipxe(
      "0216e63c", "Untrusted root certificate",
      "The server's authority is not one that this iPXE trusts.",
      "Build iPXE with TRUST=…, or use http.", [.tlsFailed]),
    ipxe(
      "0216ea3c", "Certificate has another name", "The URL's name is not in the certificate.",
      "Use the certificate's name in the URL.", [.tlsFailed]),
    ipxe(
      "0216eb3c", "No usable certificates",
      "No certificate of the server leads to an authority that this iPXE trusts.",
      "Build iPXE with TRUST=…, use a certificate of an authority that it knows, or use http.",
      [.tlsFailed]),
    ipxe(
      "3c126003", "TFTP: operation not supported",
      "The TFTP server refused the options of the request (ERROR 8).",
      "Use a server that leaves out options that it does not want.", [.tftpOptionRefused]),
    ipxe(
      "410de13c", "TLS: fatal alert", "The server refused the session.",
      "Allow TLS 1.2 and one of iPXE's ciphers on the server.", [.tlsFailed]),
    ipxe(
      "2c222087", "No boot device found (EFI)", "`sanboot` of a local disk found none.",
      "Use `exit 1` on UEFI, or a newer iPXE."),
  ]
}
