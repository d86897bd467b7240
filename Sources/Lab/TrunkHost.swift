/// Lab: the appliance's host as a virtual machine with VLAN interfaces on one network card.

package import Wire

/// Debian's kernel, and an initrd with busybox, the appliance and an installer's image in it. The
/// appliance serves `eth0.10` and `eth0.20`, where busybox's udhcpd gives the leases, on the same host.
/// `eth0` has an address, too, and is served only when that is wanted.
package struct TrunkHost: Sendable {
  package static let vlans: [LabSegment] = [.vlan10, .vlan20]
  private static let name = "trunk"
  package static let hardware = MACAddress(value: 0x5254_0077_0001)

  /// What the host says: udhcpd's and the appliance's lines, as they come.
  package let console: SerialConsole

  /// Its address in a VLAN, or without a tag.
  package static func address(in segment: LabSegment) -> IPv4Address? {
    switch segment {
    case .near: LabHost.fino.address
    case .vlan10, .vlan20:
      segment.vlan.map { IPv4Address(10, 77, UInt8(truncatingIfNeeded: $0), 2) }
    case .far, .trunk: nil
    }
  }

  /// The URL of its appliance in the near segment.
  package static var url: String { "http://\(LabHost.fino.address?.description ?? "")" }

  static func start(
    in laboratory: Laboratory, binary: String, password: String, location: String,
    servesUntagged: Bool
  ) async throws(LabError) -> TrunkHost {
    let directory = "\(laboratory.directory)/\(name)"
    try LabFile.makeDirectory(directory)
    let kernel = try DebianKernel(
      package: InstallerImage.defaultKernel, cache: InstallerImage.defaultCache, for: .vlans)
    try LabFile.write(try kernel.image(), to: "\(directory)/vmlinuz")
    try InstallerImage(cache: InstallerImage.defaultCache).write(
      location: location, under: "\(directory)/images")
    // It is in the machine's memory twice for a moment, and its symbols are more than half of it.
    try ShortCommand.run(["strip", "-o", "\(directory)/fino", binary])
    let program = TrunkProgram(
      drivers: try kernel.driverFiles().map(\.name), servesUntagged: servesUntagged)
    try LabFile.write(
      try initialRAMDisk(
        kernel, program, directory: directory, password: password, location: location),
      to: "\(directory)/initrd.img")

    let tap = "tap-\(name)"
    try laboratory.addTap(tap, on: .trunk)
    let console = SerialConsole(file: "\(directory)/console")
    let process = try laboratory.start(
      OpenFirmware.x64.machine + [
        "-name", name, "-no-user-config", "-nodefaults", "-m", "768", "-display", "none",
        "-no-reboot", "-kernel", "\(directory)/vmlinuz", "-initrd", "\(directory)/initrd.img",
        "-append", "console=ttyS0 quiet panic=-1",
        "-netdev", "tap,id=net,ifname=\(tap),script=no,downscript=no",
        "-device", "virtio-net-pci,netdev=net,mac=\(hardware),romfile=",
        "-device", "virtio-rng-pci",
        "-chardev", "file,id=console,path=\(console.file)", "-serial", "chardev:console",
      ], on: .networkSwitch)
    let line: SerialConsole.Line
    do {
      line = try await console.waitForLine(timeout: .seconds(120)) { line in
        line.contains("is ready") || line.contains(TrunkProgram.ended)
      }
    } catch {
      throw LabError("the host on the trunk: \(error); \(process.outputText.suffix(400))")
    }
    guard !line.text.contains(TrunkProgram.ended) else {
      let said = console.lines().suffix(5).map(\.text).joined(separator: "; ")
      throw LabError("the host on the trunk does not serve: \(said)")
    }
    return TrunkHost(console: console)
  }

  private static func initialRAMDisk(
    _ kernel: DebianKernel, _ program: TrunkProgram, directory: String, password: String,
    location: String
  ) throws(LabError) -> [UInt8] {
    var archive = CPIOArchive()
    for path in [
      "bin", "dev", "drivers", "images", "images/\(location)", "proc", "state", "sys",
    ] { archive.addDirectory(path) }
    archive.addCharacterDevice("dev/console", major: 5, minor: 1)
    archive.addCharacterDevice("dev/ttyS0", major: 4, minor: 64)
    for (name, content) in try kernel.driverFiles() {
      archive.addFile("drivers/\(name).ko", content: content)
    }
    archive.addFile(
      "bin/busybox", mode: 0o755,
      content: try LabFile.read(Prerequisites.path(of: "busybox") ?? "/bin/busybox"))
    archive.addFile("bin/fino", mode: 0o755, content: try LabFile.read("\(directory)/fino"))
    for file in ["vmlinuz", "initrd.img"] {
      archive.addFile(
        "images/\(location)/\(file)",
        content: try LabFile.read("\(directory)/images/\(location)/\(file)"))
    }
    archive.addFile("password", mode: 0o600, content: Array((password + "\n").utf8))
    archive.addFile("init", mode: 0o755, content: Array(program.text.utf8))
    return archive.finished()
  }
}
