/// HTTPBoot: the iPXE scripts that Fino gives out, as text.

package import Wire

/// One script. All of them first repeat `dhcp` until it works (on builds with IPv6 this also spares
/// 15 seconds of waiting for router advertisements), then say what the DHCP server told.
package enum IPXEScript: Equatable, Sendable {
  /// For machines that a foreign boot file sends here, and for iPXE that asks for `autoexec.ipxe`: on
  /// to the script for their own MAC address. Where that is not known, iPXE fills it in: `netX` is the
  /// interface that it used last; `net0` would be another NIC's on some machines.
  case chain(root: String, mac: MACAddress? = nil)
  /// To the first local disk.
  case localDisk
  /// Kernel and initrd.
  case install(InstallPlan)
  /// The machine makes its own record, and goes to the first local disk.
  case register(root: String)
  /// What an operator wrote for the machine, as it is.
  case stored(String)

  package var text: String {
    switch self {
    case .stored(let text): text
    case .chain(let root, let mac):
      Self.script(["chain \(root)/pxe/\(mac?.plain ?? "${netX/mac:hex}")"])
    case .localDisk: Self.script(Self.toLocalDisk)
    case .register(let root): Self.script(Self.registration(root) + Self.toLocalDisk)
    case .install(let plan):
      Self.script([
        "echo Fino: installing \(plan.encodedLocation)",
        "kernel \(plan.kernelURL) \(plan.kernelArguments)",
        "initrd \(plan.initrdURL)",
        "boot",
      ])
    }
  }

  private static func script(_ lines: [String]) -> String {
    (opening + lines).joined(separator: "\n") + "\n"
  }

  private static let opening = [
    "#!ipxe",
    ":retry_dhcp",
    "dhcp || goto retry_dhcp",
    "echo ${filename}",
    "echo ${syslog}",
  ]

  /// SMBIOS fields, percent-encoded by iPXE itself. Whatever goes wrong, the disk is next.
  private static func registration(_ root: String) -> [String] {
    let fields = ["manufacturer", "product", "serial", "asset", "hostname"]
    let query = fields.map { "\($0)=${\($0):uristring}" }.joined(separator: "&")
    return [
      "echo Fino: registering this machine as ${uuid}",
      "imgfetch \(root)/ipxe/register/${uuid}?\(query) ||",
      "imgfree ||",
    ]
  }

  /// BIOS boots the first disk. On UEFI only a failure makes the firmware go on to its next boot
  /// entry: a plain `exit` opens its setup (OVMF, Dell, Lenovo), and older iPXE has no `sanboot` of
  /// a local disk there.
  private static let toLocalDisk = [
    "echo Fino: booting the local disk",
    "iseq ${platform} efi && goto uefi ||",
    "sanboot --no-describe --drive 0x80 ||",
    "exit",
    ":uefi",
    "exit 1",
  ]
}

/// What an installation boots.
package struct InstallPlan: Equatable, Sendable {
  /// `http://10.0.0.2` or `http://10.0.0.2:8080`.
  package var root: String
  package var location: String
  package var kernelOptions: String

  package init(root: String, location: String, kernelOptions: String) {
    self.root = root
    self.location = location
    self.kernelOptions = kernelOptions
  }

  var kernelURL: String { "\(root)/images/\(encodedLocation)/vmlinuz" }
  var initrdURL: String { "\(root)/images/\(encodedLocation)/initrd.img" }

  /// A kernel that iPXE 1.0 starts on UEFI finds its initrd only by name, and panics without
  /// (BIOS does not mind). What stands behind `--` is not the kernel's.
  var kernelArguments: String {
    let name = "initrd=initrd.img"
    let words = kernelOptions.split(separator: " ")
    if words.contains(where: { $0.hasPrefix("initrd=") }) { return kernelOptions }
    guard let end = words.firstIndex(where: { $0 == "--" || $0 == "---" }) else {
      return kernelOptions.isEmpty ? name : "\(kernelOptions) \(name)"
    }
    return (words[..<end] + [Substring(name)] + words[end...]).joined(separator: " ")
  }

  var encodedLocation: String {
    location.split(separator: "/").map { URLPath.encoded($0) }.joined(separator: "/")
  }
}
