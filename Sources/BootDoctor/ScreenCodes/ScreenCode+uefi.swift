/// BootDoctor: the codes of UEFI's PXE client, as EDK2 and what comes from it prints them.

extension ScreenCode {
  static let ofUEFI: [ScreenCode] = [
    ScreenCode(
      "PXE-E05", .uefiPXE, "Buffer size is smaller than the requested file",
      "The file grew between the question for its size and the transfer.",
      "Boot again; do not replace files while machines boot.", [.tftpProbeOnly]),
    ScreenCode(
      "PXE-E07", .uefiPXE, "Network device error", "The adapter's driver failed.",
      "Update the machine's firmware."),
    ScreenCode(
      "PXE-E09", .uefiPXE, "Could not allocate I/O buffers", "There is no memory for the file.",
      "Serve a smaller file."),
    ScreenCode(
      "PXE-E12", .uefiPXE, "Could not detect network connection", "The link is down.",
      "Check cable, switch port and transceiver."),
    ScreenCode(
      "PXE-E16", .uefiPXE, "No valid offer received",
      "DHCP answered, but there was no usable answer about booting: no PXE server, one whose "
        + "answer the "
        + "firmware drops, or one that is silent at port 4011.",
      "Check that the PXE server hears this VLAN and serves this architecture; that UDP port "
        + "4011 is "
        + "open; and that the DHCP server does not send option 60 = PXEClient.",
      [
        .noProxyAnswer, .offerNotAccepted, .bootServerSilent, .bootServerWrongPort, .noDHCPAnswer,
      ]),
    ScreenCode(
      "PXE-E18", .uefiPXE, "Server response timeout",
      "No DHCP server answered within a minute, or the TFTP server does not.",
      "Check VLAN, spanning tree and the DHCP server; then the firewall on the way to TFTP.",
      [.noDHCPAnswer, .tftpBlocked, .tftpStalled, .tftpMTU, .leaseExhausted]),
    ScreenCode(
      "PXE-E21", .uefiPXE, "Remote boot cancelled",
      "A person pressed a key, a menu chose the local disk, or the offer said «take my file» "
        + "(43.6 = 8) "
        + "and named none.",
      "Name a boot file beside option 43.", [.vendorOptionsUnusable]),
    ScreenCode(
      "PXE-E22", .uefiPXE, "Client received ICMP error from server",
      "The server's host says that nobody listens, or a firewall refused.",
      "Start the TFTP server, or open UDP port 69.", [.tftpBlocked]),
    ScreenCode(
      "PXE-E23", .uefiPXE, "Client received TFTP error from server",
      "The server has no such file, or may not give it.",
      "Put the file there, make it readable, or correct its name in DHCP.",
      [.tftpFileNotFound, .tftpAccessDenied, .tftpError]),
    ScreenCode(
      "PXE-E53", .uefiPXE, "No boot filename received",
      "The TFTP server did not tell the file's size (option tsize), or no listed boot server "
        + "answered.",
      "Use a TFTP server that knows tsize.", [.tftpOptionRefused]),
    ScreenCode(
      "PXE-E99", .uefiPXE, "Unexpected network error",
      "The TFTP server ignored the request's options, the file is empty, or a boot server answered "
        + "without a file.",
      "Use a TFTP server that knows blksize and tsize; look at the file.",
      [.tftpOptionRefused, .tftpError, .tftpProbeOnly]),
  ]
}
