/// Lab: what must be installed before a laboratory can be built, and which Debian package brings it.

internal import FoundationEssentials
internal import Glibc

package struct Prerequisites {
  /// One thing that is not there.
  package struct Missing: Equatable, Sendable, CustomStringConvertible {
    package var what: String
    /// The Debian package that brings it; nil when no package can.
    package var package: String?

    package var description: String {
      package.map { "\(what) (Debian package \($0))" } ?? what
    }
  }

  private static let programs = [
    ("ip", "iproute2"), ("qemu-system-x86_64", "qemu-system-x86"), ("dnsmasq", "dnsmasq-base"),
    ("ipmi_sim", "openipmi"), ("tcpdump", "tcpdump"), ("mformat", "mtools"), ("mcopy", "mtools"),
    ("bash", "bash"), ("flock", "util-linux"), ("busybox", "busybox-static"), ("tar", "tar"),
  ]

  private static let files = [
    (OpenFirmware.x64.code, "ovmf"), (OpenFirmware.x64.variables, "ovmf"),
    ("/usr/lib/ipxe/qemu/efi-virtio.rom", "ipxe-qemu"),
  ]

  /// Everything that is missing on this host; empty when a laboratory can be built.
  package static func check() -> [Missing] {
    var missing: [Missing] = []
    if geteuid() != 0 {
      missing.append(Missing(what: "root: only root makes network namespaces", package: nil))
    }
    if access("/dev/net/tun", R_OK | W_OK) != 0 {
      missing.append(Missing(what: "/dev/net/tun: the kernel's tap devices", package: nil))
    }
    missing += programs.flatMap { Self.missing(program: $0, $1) }
    missing += files.flatMap { Self.missing(file: $0, $1) }
    if let busybox = path(of: "busybox"), !isStatic(busybox) {
      missing.append(
        Missing(what: "a busybox without shared libraries", package: "busybox-static"))
    }
    return missing
  }

  /// What a layout needs beyond that.
  package static func check(_ layout: LabLayout) -> [Missing] {
    (layout.hasRelay ? missing(program: "dhcrelay", "isc-dhcp-relay") : [])
      + (layout.hasTrunk
        ? missing(program: "vde_switch", "vde2") + missing(program: "strip", "binutils") : [])
  }

  /// What a DHCP server on the appliance's host needs.
  package static func check(_ kind: LocalDHCPServer.Kind) -> [Missing] {
    missing(program: kind.program, kind.debianPackage)
  }

  /// What a machine needs beyond that.
  package static func check(_ firmware: MachineSpecification.Firmware) -> [Missing] {
    switch firmware {
    case .bios: []
    case .biosChainload: missing(file: ChainloadScript.starter, "ipxe")
    case .open(let open, _):
      missing(file: open.code, open.debianPackage)
        + missing(file: open.variables, open.debianPackage)
        + (open == .aarch64 ? missing(program: "qemu-system-aarch64", "qemu-system-arm") : [])
        + (open == .secureBoot
          ? BootDisk.signedLoaders.flatMap { missing(file: $0.file, $0.package) } : [])
    }
  }

  /// What a loader is put together with.
  static func checkNetworkLoader() -> [Missing] {
    missing(program: "grub-mkimage", "grub-common")
  }

  /// Throws when something is missing; `what` needs it.
  static func require(_ missing: [Missing], for what: String) throws(LabError) {
    guard missing.isEmpty else {
      let list = missing.map(\.description).joined(separator: ", ")
      throw LabError("\(what) needs what this host does not have: \(list)")
    }
  }

  private static func missing(program: String, _ package: String) -> [Missing] {
    path(of: program) == nil ? [Missing(what: program, package: package)] : []
  }

  private static func missing(file: String, _ package: String) -> [Missing] {
    access(file, R_OK) != 0 ? [Missing(what: file, package: package)] : []
  }

  /// Where a program lies. Root's directories are searched also when PATH leaves them out.
  static func path(of program: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/bin"]
    return directories.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  /// An installer's initrd holds no shared libraries, so its busybox must need none: a dynamic
  /// executable names its interpreter, and the name is in its first pages.
  private static func isStatic(_ file: String) -> Bool {
    guard let content = FileManager.default.contents(atPath: file) else { return false }
    return !String(decoding: content.prefix(8192), as: UTF8.self).contains("/ld-linux")
  }
}
