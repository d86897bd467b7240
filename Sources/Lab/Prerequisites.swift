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

  static let openFirmwareCode = "/usr/share/OVMF/OVMF_CODE_4M.fd"
  static let openFirmwareVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd"

  private static let programs = [
    ("ip", "iproute2"), ("qemu-system-x86_64", "qemu-system-x86"), ("dnsmasq", "dnsmasq-base"),
    ("ipmi_sim", "openipmi"), ("tcpdump", "tcpdump"), ("mformat", "mtools"), ("mcopy", "mtools"),
    ("bash", "bash"), ("flock", "util-linux"), ("busybox", "busybox-static"), ("tar", "tar"),
  ]

  private static let files = [
    (openFirmwareCode, "ovmf"), (openFirmwareVariables, "ovmf"),
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
    for (program, package) in programs where path(of: program) == nil {
      missing.append(Missing(what: program, package: package))
    }
    for (file, package) in files where access(file, R_OK) != 0 {
      missing.append(Missing(what: file, package: package))
    }
    if let busybox = path(of: "busybox"), !isStatic(busybox) {
      missing.append(
        Missing(what: "a busybox without shared libraries", package: "busybox-static"))
    }
    return missing
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
