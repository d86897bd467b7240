/// HTTPBoot: what a machine is told to boot, as a configuration of GRUB.

package import Wire

/// The same decisions as `IPXEScript`, for machines that come by shim and a signed GRUB.
///
/// Measured with Debian 12's `grubnetx64.efi.signed` (2.06) under Secure Boot: `tftp`, `linux`,
/// `chain`, `search`, `part_gpt`, `fat`, `smbios`, `sleep` are built in and `http` is not; modules
/// that are not built in are refused. A script can't find that out for itself (`insmod` succeeds
/// always), so it is told.
package struct GRUBScript: Equatable, Sendable {
  /// How this GRUB fetches files.
  package enum Transport: Equatable, Sendable {
    case tftp
    case http
  }

  package var decision: IPXEScript
  /// `http://10.0.0.2`
  package var root: String
  /// Our address. GRUB is told it each time: its own `$net_default_server` is the `siaddr` of the DHCP
  /// server's ACK, which is another machine's where Fino is the proxy.
  package var server: IPAddress
  package var transport: Transport

  package init(
    _ decision: IPXEScript, root: String, server: IPAddress, transport: Transport
  ) {
    self.decision = decision
    self.root = root
    self.server = server
    self.transport = transport
  }

  package var text: String {
    let lines: [String] =
      switch decision {
      case .install(let plan): installation(plan)
      case .localDisk: GRUBLocalDisk.lines
      case .register: registration + GRUBLocalDisk.lines
      case .chain(_, let mac): chain(mac)
      case .stored:
        [
          "# The script of this machine's record is written for iPXE. GRUB has another language, and",
          "# iPXE is not signed, so it is not run here.",
          "echo 'Fino: the stored script of this machine is for iPXE and cannot run in GRUB'",
        ] + GRUBLocalDisk.lines
      }
    return (["# Fino's answer for GRUB"] + lines).joined(separator: "\n") + "\n"
  }

  /// The script is not ready yet: GRUB asks again in a second.
  package static func wait(_ mac: MACAddress, at server: IPAddress) -> String {
    """
    # Fino's answer for GRUB: what this machine boots is being written down
    sleep 1
    configfile '\(name(of: mac, at: server))'

    """
  }

  /// The script can't be told: the machine must not boot the wrong thing, so it asks again.
  package static func refusal(_ reason: String, _ mac: MACAddress, at server: IPAddress) -> String {
    """
    echo \(GRUBWord.quoted("Fino: \(reason)"))
    sleep 5
    configfile '\(name(of: mac, at: server))'

    """
  }

  private static func name(of mac: MACAddress, at server: IPAddress) -> String {
    "(tftp,\(server))/grub/grub.cfg-01-\(mac.hyphenated)"
  }

  // MARK: HTTP or TFTP

  /// `(http,10.0.0.2)`; nil on another port than 80, which GRUB 2.06 can't be told.
  private var web: String? {
    guard transport == .http else { return nil }
    let authority = root.drop { $0 != "/" }.drop { $0 == "/" }
    return authority.isEmpty || authority.contains(":") ? nil : "(http,\(authority))"
  }

  private var device: String { web ?? "(tftp,\(server))" }

  private func chain(_ mac: MACAddress?) -> [String] {
    let name = mac.map { "grub.cfg-01-\($0.hyphenated)" } ?? "grub.cfg-$net_default_mac"
    return ["configfile \"\(device)/grub/\(name)\""]
  }

  // MARK: Installation

  /// A second `linux` in one run makes GRUB 2.06 fall into an exception, so nothing is tried twice;
  /// a machine that can't load its kernel starts anew.
  private func installation(_ plan: InstallPlan) -> [String] {
    let words = GRUBWord.kernelWords(plan.kernelOptions).map { " " + GRUBWord.quoted($0) }
    let location = web == nil ? plan.location : plan.encodedLocation
    let folder = "\(device)/images/\(location)"
    return [
      "echo \(GRUBWord.quoted("Fino: installing \(plan.location)"))",
      "set fino_kernel=\(GRUBWord.quoted("\(folder)/vmlinuz"))",
      "set fino_initrd=\(GRUBWord.quoted("\(folder)/initrd.img"))",
      "if linux \"$fino_kernel\"\(words.joined()); then",
      "  if initrd \"$fino_initrd\"; then",
      "    boot",
      "  fi",
      "fi",
      "echo 'Fino: kernel or initrd could not be loaded; starting anew in 30 seconds'",
      "sleep 30",
      "reboot",
    ]
  }

  // MARK: Registration

  /// GRUB makes no request with fields in it (it can't encode them), so the record gets the UUID and
  /// no more; by TFTP there is no way at all.
  private var registration: [String] {
    guard let web else {
      return ["echo 'Fino: GRUB without its http module cannot register this machine'"]
    }
    return [
      // SMBIOS 3.0 §7.2: type 1, UUID at offset 8.
      "smbios --type 1 --get-uuid 8 --set fino_uuid",
      "echo \"Fino: registering this machine as $fino_uuid\"",
      "cat \"\(web)/ipxe/register/$fino_uuid\"",
    ]
  }
}
