/// BootDoctor: verdicts about a script and what it names.

import Wire

package enum KernelVerdicts {
  private static let kernelNames = ["vmlinuz", "linux", "bzimage", "kernel"]

  /// The kernel came, and its initrd did not.
  package static func initrdMissing(_ boot: BootRecord) -> Verdict? {
    guard let found = boot.script, let kernel = found.script.kernel,
      let fetched = fetch(of: kernel, boot, after: found.moment), fetched.isWhole
    else { return nil }
    let initrds = found.script.initrds
    if initrds.isEmpty {
      let name = file(kernel).lowercased()
      guard kernelNames.contains(where: name.contains), boot.silence >= Span.seconds(60),
        found.script.isWhole, boot.deeds(after: fetched.begin).isEmpty
      else { return nil }
      return Verdict(
        .initrdMissing,
        cause:
          "The kernel «\(file(kernel))» was fetched, the script «\(found.url)» names no initrd, "
          + "and "
          + "the machine was not heard of again.",
        evidence: [found.moment.packet, fetched.packet],
        remedy:
          "Add an `initrd` line to the script (and `initrd=NAME` to the kernel's line for UEFI): a "
          + "kernel without one usually panics with «Unable to mount root fs».")
    }
    for initrd in initrds where !initrd.contains("$") {
      let part = fetch(of: initrd, boot, after: found.moment)
      if let part, part.isWhole { continue }
      guard boot.wasSilent(10) || part?.status == 404 && boot.wasSilent(2) else { return nil }
      let why =
        part == nil
        ? "was not asked for"
        : part?.status.map { "could not be fetched (\($0))" } ?? "did not come whole"
      return Verdict(
        .initrdMissing,
        cause: "The kernel «\(file(kernel))» was fetched, but its initrd «\(file(initrd))» \(why).",
        evidence: [found.moment.packet, fetched.packet, part?.packet ?? 0],
        remedy: "Put the initrd where the script says, or correct the line `initrd \(initrd)`.",
        screen: part?.status == 404 ? ["2d0c613b", "2d0c618e"] : [])
    }
    return nil
  }

  /// A script that names files came whole, and none was fetched.
  package static func scriptUnused(_ boot: BootRecord) -> Verdict? {
    guard let found = boot.script, found.script.isWhole, found.script.fetches,
      !found.script.waitsForPerson, !found.script.repeats,
      boot.deeds(after: found.moment).isEmpty, boot.wasSilent(5)
    else { return nil }
    let first = found.script.kernel ?? found.script.chains.first ?? ""
    return Verdict(
      .scriptUnused,
      cause: "The script «\(found.url)» was delivered, and nothing that it names was asked for "
        + "(first «\(first)»).",
      evidence: [found.moment.packet],
      remedy:
        "A command before that failed, or this build of iPXE does not know it (HTTPS, params, "
        + "sanboot): look at the machine's screen, and add `|| shell` behind the lines of the "
        + "script.",
      screen: ["2e022001", "2e022081", "3c092003", "3c092083"])
  }

  private struct Fetch {
    var begin: Moment
    var isWhole: Bool
    var status: Int?
    var packet: Int
  }

  private static func file(_ url: String) -> String {
    url.prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? url
  }

  /// By the last part of the name: a script's addresses are often relative.
  private static func fetch(of url: String, _ boot: BootRecord, after moment: Moment) -> Fetch? {
    let name = file(url)
    for step in boot.steps.reversed() where step.begin.time > moment.time {
      switch step {
      case .http(let request) where file(request.target) == name:
        return Fetch(
          begin: request.begin, isWhole: request.isWhole && request.succeeded,
          status: request.status.flatMap { $0 >= 300 ? $0 : nil }, packet: request.last.packet)
      case .transfer(let transfer) where file(transfer.file) == name:
        return Fetch(
          begin: transfer.begin, isWhole: boot.isWhole(transfer), packet: transfer.last.packet)
      default: continue
      }
    }
    return nil
  }
}
