/// Lab: UEFI firmware of a kind: which files it is, and which machine it wants.

/// EDK2's builds for QEMU, as Debian packages them.
package enum OpenFirmware: String, CaseIterable, Sendable {
  case x64
  /// 32-bit firmware on the same machine. Debian builds it only with SMM.
  case ia32
  case aarch64
  /// x64 with Microsoft's keys enrolled and Secure Boot on: what nobody signed does not start.
  case secureBoot

  /// Firmware, and the template of its variables.
  var code: String {
    switch self {
    case .x64: "/usr/share/OVMF/OVMF_CODE_4M.fd"
    case .ia32: "/usr/share/OVMF/OVMF32_CODE_4M.secboot.fd"
    case .aarch64: "/usr/share/AAVMF/AAVMF_CODE.fd"
    case .secureBoot: "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"
    }
  }

  var variables: String {
    switch self {
    case .x64: "/usr/share/OVMF/OVMF_VARS_4M.fd"
    case .ia32: "/usr/share/OVMF/OVMF32_VARS_4M.fd"
    case .aarch64: "/usr/share/AAVMF/AAVMF_VARS.fd"
    case .secureBoot: "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"
    }
  }

  /// What the files above are in.
  var debianPackage: String {
    switch self {
    case .x64, .secureBoot: "ovmf"
    case .ia32: "ovmf-ia32"
    case .aarch64: "qemu-efi-aarch64"
    }
  }

  /// The emulator and its machine, all emulated (TCG).
  var machine: [String] {
    switch self {
    case .x64: ["qemu-system-x86_64", "-machine", "q35,accel=tcg,graphics=off", "-cpu", "qemu64"]
    case .ia32, .secureBoot:
      // Variables may be written from System Management Mode alone (OvmfPkg/README, "SMM support").
      [
        "qemu-system-x86_64", "-machine", "q35,accel=tcg,graphics=off,smm=on", "-cpu", "qemu64",
        "-global", "driver=cfi.pflash01,property=secure,value=on",
        "-global", "ICH9-LPC.disable_s3=1",
      ]
    case .aarch64: ["qemu-system-aarch64", "-machine", "virt,accel=tcg", "-cpu", "cortex-a57"]
    }
  }

  /// The one file that this firmware looks for on a disk (UEFI 2.10 §3.5.1.1).
  package var removableMediaFile: String {
    switch self {
    case .x64, .secureBoot: "BOOTX64.EFI"
    case .ia32: "BOOTIA32.EFI"
    case .aarch64: "BOOTAA64.EFI"
    }
  }

  /// How long a machine may take from power to its disk. Seen on two shared cores without KVM: 7 to 10
  /// seconds to PXE, and a minute more when nobody answers there.
  package var bootTime: Duration {
    switch self {
    case .x64: .seconds(150)
    case .ia32, .secureBoot: .seconds(200)
    case .aarch64: .seconds(300)
    }
  }
}
