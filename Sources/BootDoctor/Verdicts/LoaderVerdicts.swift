/// BootDoctor: verdicts about the boot program after it was fetched.

import DHCPProxy
import Wire

package enum LoaderVerdicts {
  /// A boot program that DHCP named, the last thing that came.
  private struct Loader {
    var name: String
    var bytes: Int
    var content: FileContent?
    var packets: [Int]
    var end: Moment
  }

  private static func last(_ boot: BootRecord) -> Loader? {
    switch boot.lastDeed {
    case .transfer(let transfer) where boot.isWhole(transfer) && boot.isNamed(transfer.file):
      Loader(
        name: transfer.file,
        bytes: max(transfer.bytes, transfer.size ?? probedSize(transfer, boot)),
        content: transfer.content, packets: transfer.requests.packets + [transfer.last.packet],
        end: transfer.last)
    case .http(let request)
    where request.isWhole && request.succeeded && request.method == "GET"
      && boot.isNamed(request.url):
      Loader(
        name: request.url, bytes: request.bytes, content: request.content,
        packets: [request.request.packet, request.last.packet], end: request.last)
    default: nil
    }
  }

  /// What the firmware asked before it fetched.
  private static func probedSize(_ transfer: TFTPTransferRecord, _ boot: BootRecord) -> Int {
    boot.transfers.first { $0.file == transfer.file && $0.size != nil }?.size ?? 0
  }

  package static func wrongArchitecture(_ boot: BootRecord) -> Verdict? {
    guard let loader = last(boot), boot.wasSilent(4),
      let architecture = boot.bootExchanges.last(where: { $0.architecture != nil })?.architecture
        ?? boot.architecture,
      let what = mismatch(loader, architecture)
    else { return nil }
    let machine = Architecture(rawValue: architecture)
    return Verdict(
      .wrongArchitecture,
      cause:
        "«\(loader.name)» was fetched whole, but it is \(what), and the machine is \(machine).",
      evidence: loader.packets,
      remedy: "Give each architecture (option 93) its own boot program: this one is "
        + "\(architecture), \(machine).",
      screen: boot.screens(nil, ipxe: ["2e008001", "2e008081"]))
  }

  private static func mismatch(_ loader: Loader, _ architecture: UInt16) -> String? {
    if case .program(let machine) = loader.content {
      return FileContent.fits(machine: machine, architecture: architecture) == false
        ? "a UEFI program for \(FileContent.machineName(machine))" : nil
    }
    if case .kernel = loader.content { return nil }
    let name = loader.name.lowercased()
    let isUEFI = Architecture(rawValue: architecture).bootMethod.map {
      $0 == .uefiPXE || $0 == .uefiHTTP
    }
    if isUEFI == true, [".kpxe", ".pxe", ".0", ".kkpxe"].contains(where: name.hasSuffix) {
      return "a program for BIOS"
    }
    if architecture == 0, name.hasSuffix(".efi"), loader.content == nil {
      return "a program for UEFI"
    }
    return nil
  }

  /// Programs of this size do something and leave.
  private static let smallestLoader = 32_768

  /// It was fetched, and nothing came from it.
  package static func silent(_ boot: BootRecord) -> Verdict? {
    guard let loader = last(boot), boot.wasSilent(15), loader.bytes >= smallestLoader else {
      return nil
    }
    if case .script = loader.content { return nil }
    if case .page = loader.content {
      return Verdict(
        .loaderSilent, cause: "«\(loader.name)» is a page of HTML instead of a boot program.",
        evidence: loader.packets,
        remedy: "Look at the address with a browser: it is an error or a login.",
        screen: boot.screens(nil, ipxe: ["2e008001", "2e008081"]))
    }
    let isUEFI = boot.family == .uefi || boot.family == .httpBoot
    let after =
      boot.successor.map {
        "\(StoryText.duration(Span.between(loader.end.time, $0.time))) later the firmware tried "
          + "its "
          + "next boot entry"
      } ?? "nothing came from it in \(StoryText.duration(boot.silence))"
    return Verdict(
      .loaderSilent,
      cause: "«\(loader.name)» was fetched whole, and \(after)"
        + (isUEFI ? ": Secure Boot refused it, or it does not run on this machine." : ": it hung."),
      evidence: loader.packets + [boot.successor?.packet ?? 0],
      remedy: isUEFI
        ? "With Secure Boot serve a signed shim and GRUB, or switch Secure Boot off; else try "
          + "another "
          + "build (snponly.efi instead of ipxe.efi), and look at the machine's screen."
        : "Try another build of the program (undionly.kpxe, ipxe.pxe), and look at the "
          + "machine's screen.",
      screen: boot.screens(nil, uefi: ["Access Denied", "Security Violation"]))
  }

  /// The same boot program again and again, started by itself.
  package static func ipxeLoop(_ boot: BootRecord) -> Verdict? {
    let asks = boot.bootExchanges.filter { $0.asker == .ipxe }
    guard asks.count >= 2 else { return nil }
    var fetches: [String: [Moment]] = [:]
    for transfer in boot.transfers where boot.isWhole(transfer) && isProgram(transfer.content) {
      fetches[transfer.file, default: []].append(transfer.begin)
    }
    for request in boot.requests where request.isWhole && request.method == "GET" {
      if case .program = request.content {
        fetches[request.url, default: []].append(request.begin)
      }
    }
    for (name, moments) in fetches.sorted(by: { $0.key < $1.key }) where moments.count >= 2 {
      guard boot.isNamed(name), let first = moments.first, let last = moments.last,
        asks.contains(where: { $0.begin.time > first.time && $0.begin.time < last.time }),
        // It goes on: fetched a third time, or named once more.
        moments.count >= 3
          || asks.contains(where: { $0.begin.time > last.time && $0.fileNames.contains(name) })
      else { continue }
      return Verdict(
        .ipxeLoop,
        cause: "iPXE is told to fetch «\(name)», which is iPXE again: \(moments.count) times in "
          + "\(StoryText.duration(Span.between(first.time, last.time))).",
        evidence: moments.map(\.packet),
        remedy:
          "Answer clients that say iPXE (option 77, or option 175) with the address of a script "
          + "instead of the boot program. dnsmasq: `dhcp-match=set:ipxe,175` and "
          + "`dhcp-boot=tag:ipxe,http://…`.")
    }
    return nil
  }

  private static func isProgram(_ content: FileContent?) -> Bool {
    switch content {
    case .program, .other, nil: true
    case .script, .page, .kernel: false
    }
  }
}
