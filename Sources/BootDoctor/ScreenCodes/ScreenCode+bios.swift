/// BootDoctor: the codes of PXE ROMs (PXE 2.1 §4.4.5 and Intel's Boot Agent).

extension ScreenCode {
  static let ofBIOS: [ScreenCode] = [
    ScreenCode(
      "PXE-E00", .biosPXE, "Could not find enough free base memory",
      "Other option ROMs left the network's ROM less than 640 kB of memory.",
      "Switch off option ROMs that are not needed, in the machine's setup."),
    ScreenCode(
      "PXE-E05", .biosPXE, "The LAN adapter's configuration is corrupted",
      "The adapter's EEPROM has a wrong checksum or no address.",
      "Write the adapter's firmware anew with the vendor's tool."),
    ScreenCode(
      "PXE-E11", .biosPXE, "ARP timeout",
      "The machine has an address, but the boot server, or the router to it, does not answer ARP.",
      "Check next-server, netmask and router that DHCP tells, and that the boot server is up.",
      [.tftpBlocked, .oneWayTraffic]),
    ScreenCode(
      "PXE-E32", .biosPXE, "TFTP open timeout",
      "Nobody answered the request for a file: no TFTP server there, or a firewall between.",
      "Start the TFTP server; open UDP port 69, and let answers from other ports pass.",
      [.tftpBlocked, .oneWayTraffic]),
    ScreenCode(
      "PXE-E35", .biosPXE, "TFTP read timeout",
      "A transfer began and stopped: packet loss, or blocks that are too large for the way.",
      "Look for loss and a smaller MTU on the way.", [.tftpStalled, .tftpMTU]),
    ScreenCode(
      "PXE-E36", .biosPXE, "Error received from TFTP server",
      "The server ended the transfer with an error.", "Look at the TFTP server's log.",
      [.tftpError, .tftpOptionRefused]),
    ScreenCode(
      "PXE-E38", .biosPXE, "TFTP cannot open connection", "The adapter could not send.",
      "Check cable and switch port; try another adapter."),
    ScreenCode(
      "PXE-E39", .biosPXE, "TFTP cannot read from connection", "The adapter could not receive.",
      "Check cable and switch port; try another adapter."),
    ScreenCode(
      "PXE-E3B", .biosPXE, "TFTP Error - File Not found",
      "The server has no file of the name that DHCP told.",
      "Put the file there or correct the name; upper and lower case differ.", [.tftpFileNotFound]),
    ScreenCode(
      "PXE-E3C", .biosPXE, "TFTP Error - Access violation",
      "The server may not read the file.", "Make the file and its folders readable for all.",
      [.tftpAccessDenied]),
    ScreenCode(
      "PXE-E3F", .biosPXE, "TFTP packet size is invalid",
      "The server granted a larger block than was asked for, or ignored the options.",
      "Use a TFTP server that knows blksize and tsize.", [.tftpOptionRefused]),
    ScreenCode(
      "PXE-E51", .biosPXE, "No DHCP or proxyDHCP offers were received",
      "Nobody answered DISCOVER.",
      "Check the switch port (VLAN, spanning tree: portfast), the DHCP server and its free "
        + "addresses, "
        + "and the router's helper address.",
      [.noDHCPAnswer, .leaseExhausted, .relayDroppedAnswer, .oneWayTraffic]),
    ScreenCode(
      "PXE-E52", .biosPXE, "proxyDHCP offers were received. No DHCP offers were received",
      "The PXE server answers, and no DHCP server gives an address.",
      "Start the DHCP server, or add it to the relay's helper addresses.", [.noDHCPAnswer]),
    ScreenCode(
      "PXE-E53", .biosPXE, "No boot filename received",
      "The machine has an address, and nobody told it a boot file: no PXE server answered, or "
        + "its answer "
        + "lacks option 60 = PXEClient.",
      "Start the PXE server in this VLAN, or name next-server and a boot file in DHCP.",
      [.noProxyAnswer, .offerNotAccepted, .vendorOptionsUnusable]),
    ScreenCode(
      "PXE-E55", .biosPXE, "ProxyDHCP service did not reply to request on port 4011",
      "The machine asked a boot server at UDP port 4011 and got no answer. Often a DHCP server "
        + "sends "
        + "option 60 = PXEClient without being a boot server.",
      "Open port 4011, or remove option 60 from the DHCP server.",
      [.bootServerSilent, .bootServerWrongPort, .twoPXEServers]),
    ScreenCode(
      "PXE-E61", .biosPXE, "Media test failure, check cable", "The link is down.",
      "Check cable, switch port and transceiver."),
    ScreenCode(
      "PXE-E74", .biosPXE, "Bad or missing PXE menu and/or prompt information",
      "Option 43 has a menu (tag 9) or a prompt (tag 10) that can't be read, or one without the "
        + "other.",
      "Repair option 43, or leave it out.", [.vendorOptionsUnusable]),
    ScreenCode(
      "PXE-E76", .biosPXE, "Bad or missing multicast discovery address",
      "Option 43 asks for multicast discovery and tells no group (tag 7).",
      "Repair option 43, or leave it out.", [.vendorOptionsUnusable]),
    ScreenCode(
      "PXE-E77", .biosPXE, "Bad or missing discovery server list",
      "Option 43 allows only listed boot servers (tag 6, bit 4), and the list (tag 8) is "
        + "missing or "
        + "damaged.",
      "Repair the list, or send 43 = 06 01 08 ff with a boot file.", [.vendorOptionsUnusable]),
    ScreenCode(
      "PXE-E78", .biosPXE, "Could not locate boot server",
      "The machine chose from a menu, and no boot server of that type answered.",
      "Check that the boot server of that type runs and hears port 4011.", [.bootServerSilent]),
    ScreenCode(
      "PXE-E79", .biosPXE, "NBP is too big to fit in free base memory",
      "The boot file is larger than the memory below 640 kB.",
      "Serve a smaller program: undionly.kpxe, and no .efi to BIOS machines.",
      [.wrongArchitecture, .tftpProbeOnly, .tftpError]),
    ScreenCode(
      "PXE-E99", .biosPXE, "Unexpected network error",
      "The ROM met an error that it has no words for.",
      "Capture the boot and let it be explained."),
    ScreenCode(
      "PXE-M0F", .biosPXE, "Exiting PXE ROM",
      "The ROM leaves, and the machine tries its next boot device; the line above tells why.",
      "Look at the code above it."),
  ]
}
