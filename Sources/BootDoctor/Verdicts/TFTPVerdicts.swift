/// BootDoctor: verdicts about a transfer by TFTP that the boot ended with.

import Wire

package enum TFTPVerdicts {
  package static func ending(_ boot: BootRecord) -> Verdict? {
    if let verdict = noHardwareAddress(boot) { return verdict }
    guard case .transfer(let transfer) = boot.lastDeed else { return nil }
    return blocked(transfer, boot) ?? failed(transfer, boot) ?? mtu(transfer, boot)
      ?? stalled(transfer, boot) ?? probeOnly(transfer, boot)
  }

  /// The next-server, or the router on the way to it, is asked for by ARP and does not answer.
  private static func noHardwareAddress(_ boot: BootRecord) -> Verdict? {
    guard boot.lastExchange?.leased != nil, let exchange = boot.lastExchange,
      let server = exchange.answers.compactMap(\.nextServer).first
    else { return nil }
    let questions = boot.steps.compactMap { step -> AddressQuestion? in
      guard case .address(let question) = step, question.answered == nil,
        question.questions.count >= 3, question.begin.time >= exchange.begin.time
      else { return nil }
      return question
    }
    guard let question = questions.last, boot.age(question.begin) >= Span.seconds(3) else {
      return nil
    }
    return Verdict(
      .tftpBlocked,
      cause: "The machine asked by ARP for \(question.target)"
        + (question.target == server ? ", the next-server," : ", on the way to \(server),")
        + " and nobody answered: it can't reach the boot server.",
      evidence: question.questions.packets,
      remedy:
        "Check that next-server is the right address and up, and that the machine's netmask and "
        + "router from DHCP are right.",
      screen: boot.screens(nil, bios: ["PXE-E11"], uefi: ["PXE-E18"], ipxe: ["4c126035"]))
  }

  /// No answer to the request, however often.
  private static func blocked(_ transfer: TFTPTransferRecord, _ boot: BootRecord) -> Verdict? {
    let isUnreachable = transfer.outcome == .unreachable
    let isSilent =
      transfer.outcome == .unanswered && transfer.requests.count >= 2
      && boot.age(transfer.begin) >= Span.seconds(4)
    guard isUnreachable || isSilent else { return nil }
    return Verdict(
      .tftpBlocked,
      cause: isUnreachable
        ? "Nobody listens for TFTP at \(transfer.server) (ICMP unreachable)."
        : "The machine asked \(transfer.server) for «\(transfer.file)» "
          + "\(transfer.requests.count) times "
          + "in \(StoryText.duration(transfer.requests.span)), and no answer came.",
      evidence: transfer.requests.packets + [transfer.last.packet],
      remedy:
        "Start the TFTP server on \(transfer.server). In firewalls open UDP port 69, and let its "
        + "answers pass: they come from another port than 69 (`nf_conntrack_tftp`).",
      screen: boot.screens(
        nil, bios: ["PXE-E32"], uefi: ["PXE-E18"], ipxe: ["4c126035", "4c126092"]))
  }

  private static func failed(_ transfer: TFTPTransferRecord, _ boot: BootRecord) -> Verdict? {
    guard case .failed(let code, let text, let byClient) = transfer.outcome,
      boot.isNamed(transfer.file) || boot.wasSilent(2), !isOptional(transfer.file)
    else { return nil }
    let evidence = transfer.requests.packets + [transfer.last.packet]
    if byClient { return endedByMachine(transfer, code, text, boot) }
    let words = text.lowercased()
    if code == 1 || words.contains("not found") || words.contains("no such file") {
      return Verdict(
        .tftpFileNotFound,
        cause: "The TFTP server \(transfer.server) has no file «\(transfer.file)».",
        evidence: evidence,
        remedy:
          "Put the file there, or correct its name in DHCP: names have upper and lower case, and "
          + "begin at the server's own folder.",
        screen: boot.screens(
          nil, bios: ["PXE-E3B"], uefi: ["PXE-E23"], ipxe: ["2d12613b", "2d12618e"]))
    }
    if code == 2 || words.contains("denied") || words.contains("permission") {
      return Verdict(
        .tftpAccessDenied,
        cause: "The TFTP server \(transfer.server) may not give «\(transfer.file)»: «\(text)».",
        evidence: evidence,
        remedy:
          "Make the file and its folders readable for the server's user (tftpd-hpa wants «other» "
          + "to read them), or move it below the server's folder.",
        screen: boot.screens(nil, bios: ["PXE-E3C"], uefi: ["PXE-E23"]))
    }
    if code == 8 {
      return Verdict(
        .tftpOptionRefused,
        cause: "The TFTP server \(transfer.server) refused the options of the request "
          + "(\(transfer.requested.joined(separator: ", "))): «\(text)».",
        evidence: evidence,
        remedy: "Use a server that leaves out options that it does not want (RFC 2347) instead of "
          + "refusing.",
        screen: boot.screens(
          nil, bios: ["PXE-E36"], uefi: ["PXE-E23"], ipxe: ["3c126003", "3c126083"]))
    }
    return Verdict(
      .tftpError,
      cause:
        "The TFTP server \(transfer.server) ended the transfer of «\(transfer.file)» with ERROR "
        + "\(code) «\(text)».",
      evidence: evidence, remedy: "Look at the server's log at this time.",
      screen: boot.screens(nil, bios: ["PXE-E36"], uefi: ["PXE-E23"]))
  }

  private static func endedByMachine(
    _ transfer: TFTPTransferRecord, _ code: UInt16, _ text: String, _ boot: BootRecord
  ) -> Verdict? {
    guard boot.wasSilent(5) else { return nil }
    let ignoredOptions =
      transfer.granted == nil && transfer.acknowledgedBlock == 0
      && transfer.requested.contains { $0.lowercased().hasPrefix("tsize") }
    return Verdict(
      ignoredOptions ? .tftpOptionRefused : .tftpError,
      cause: ignoredOptions
        ? "The TFTP server \(transfer.server) ignored the options of the request and sent data; "
          + "the "
          + "firmware wanted the size first and gave up (ERROR \(code) «\(text)»)."
        : "The machine ended the transfer of «\(transfer.file)» after block \(transfer.block) "
          + "with ERROR "
          + "\(code) «\(text)».",
      evidence: transfer.requests.packets + [transfer.last.packet],
      remedy: ignoredOptions
        ? "Use a TFTP server that knows tsize and blksize (RFC 2348, RFC 2349)."
        : "The machine has no room for the file, or does not like its terms: try a smaller file.",
      screen: boot.screens(
        nil, bios: [ignoredOptions ? "PXE-E3F" : "PXE-E79"], uefi: ["PXE-E99"]))
  }

  /// Small packets pass, full blocks do not.
  private static func mtu(_ transfer: TFTPTransferRecord, _ boot: BootRecord) -> Verdict? {
    guard transfer.outcome == .running, transfer.acknowledgedBlock == 0, transfer.blockSize > 512
    else { return nil }
    let sendsInVain = transfer.sentBlock > 0 && transfer.repeated >= 2 && transfer.acceptedTerms
    let waitsInVain = transfer.dataPackets == 0 && transfer.repeatedAcknowledgments >= 2
    guard transfer.tooBig != nil || sendsInVain || waitsInVain,
      boot.age(transfer.begin) >= Span.seconds(3)
    else { return nil }
    return Verdict(
      .tftpMTU,
      cause: "The terms of the transfer of «\(transfer.file)» were agreed on, but no block of "
        + "\(transfer.blockSize) bytes got to the machine"
        + (transfer.tooBig == nil ? "." : ": a router says that they are too large (ICMP)."),
      evidence: transfer.requests.packets
        + [transfer.firstData?.packet ?? 0, transfer.tooBig?.packet ?? 0, transfer.last.packet],
      remedy:
        "The way has a smaller MTU than \(transfer.blockSize + 32) bytes (VPN, tunnel, VXLAN), and "
        + "fragments are lost. Raise the MTU, or limit the block size on the server (tftpd-hpa: "
        + "`--blocksize 1300`; dnsmasq: `tftp-mtu`).",
      screen: boot.screens(nil, bios: ["PXE-E35"], uefi: ["PXE-E18"], ipxe: ["4c126035"]))
  }

  private static func stalled(_ transfer: TFTPTransferRecord, _ boot: BootRecord) -> Verdict? {
    let isAbandoned = boot.age(transfer.progressed ?? transfer.last) >= Span.seconds(10)
    let isRepeating = transfer.repeatedAtEnd >= 4 || transfer.repeatedAcknowledgments >= 4
    guard transfer.outcome == .running, !boot.isWhole(transfer), transfer.block > 0,
      isAbandoned || isRepeating || boot.successor != nil
    else { return nil }
    let total = transfer.size.map { " of \(($0 / max(transfer.blockSize, 1)) + 1)" } ?? ""
    let side =
      transfer.sentBlock > transfer.acknowledgedBlock
      ? "the machine acknowledged no more" : "the server sent no more"
    return Verdict(
      .tftpStalled,
      cause:
        "The transfer of «\(transfer.file)» stopped at block \(transfer.block)\(total): \(side)"
        + (transfer.repeated > 0 ? ", \(transfer.repeated) blocks were sent again." : "."),
      evidence: transfer.requests.packets + [transfer.last.packet],
      remedy:
        "Look for packet loss on the way (duplex, cable, an overloaded switch), for a server that "
        + "stopped, and for a machine that was switched off; a window of 1 is gentler on bad "
        + "links.",
      screen: boot.screens(
        nil, bios: ["PXE-E35"], uefi: ["PXE-E18"], ipxe: ["4c126035", "4c126092"]))
  }

  /// The size was asked for, and then nothing.
  private static func probeOnly(_ transfer: TFTPTransferRecord, _ boot: BootRecord) -> Verdict? {
    guard transfer.outcome == .probed, boot.wasSilent(8) else { return nil }
    let wantedSize = transfer.requested.contains { $0.lowercased().hasPrefix("tsize") }
    if transfer.size == nil, wantedSize {
      return Verdict(
        .tftpOptionRefused,
        cause:
          "The TFTP server \(transfer.server) did not tell the size of «\(transfer.file)», and the "
          + "firmware gave up.",
        evidence: transfer.requests.packets + [transfer.last.packet],
        remedy: "Use a TFTP server that answers the option tsize (RFC 2349).",
        screen: boot.screens(nil, bios: ["PXE-E3F"], uefi: ["PXE-E53"]))
    }
    return Verdict(
      .tftpProbeOnly,
      cause: "The firmware asked for the size of «\(transfer.file)»"
        + (transfer.size.map { " (\(StoryText.size($0)))" } ?? "") + " and then did not fetch it.",
      evidence: transfer.requests.packets + [transfer.last.packet],
      remedy: transfer.size == 0
        ? "The file is empty: put the right one there."
        : "The file is too large for this firmware, or a second request is blocked: firewalls "
          + "that track "
          + "TFTP by the first port do that.",
      // EDK2 names no code when it has no room (Fixtures/captures/faults/tftp-too-large).
      screen: boot.screens(
        nil, bios: ["PXE-E79"], uefi: [transfer.size == 0 ? "PXE-E99" : "NBP filesize is"]))
  }

  /// Programs look for these and go on without them.
  static func isOptional(_ file: String) -> Bool {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return name == "autoexec.ipxe" || name.hasPrefix("revocations") || name.hasSuffix(".lst")
      || name.hasPrefix("shim_certificate") || name.hasPrefix("grub.cfg-")
      || file.contains("pxelinux.cfg/") && !file.hasSuffix("/default")
  }
}

extension BootRecord {
  /// A server told the machine to fetch this file.
  func isNamed(_ file: String) -> Bool {
    namedFiles.contains { $0 == file || $0.hasSuffix("/" + file) || file.hasSuffix("/" + $0) }
  }
}
