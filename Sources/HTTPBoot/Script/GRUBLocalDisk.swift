/// HTTPBoot: how GRUB goes on to what is installed on a disk.

enum GRUBLocalDisk {
  /// Installed systems, by the folder of the EFI system partition that they keep their shim in.
  private static let vendors = [
    "debian", "ubuntu", "fedora", "centos", "redhat", "rocky", "almalinux", "opensuse", "sles",
  ]

  /// Looks through the disks for a boot program and starts the first one.
  ///
  /// The folder for removable media comes last: a shim there runs the fallback program, which on a
  /// machine with a TPM resets it, and the network would be next again.
  ///
  /// `root` must be the disk: GRUB gives it to the program as the device that it was loaded from, and
  /// a disk's shim looks for its GRUB there (it fails with "Failed to find fs" when `root` is the
  /// network's).
  ///
  /// `exit` is for machines without such a disk: GRUB 2.06 leaves with success, and OVMF then opens
  /// its setup instead of the next boot entry.
  static let lines: [String] = {
    let shims = vendors.map { "/EFI/\($0)/shim${fino_cpu}.efi" }
    let others = ["/EFI/Microsoft/Boot/bootmgfw.efi", "/EFI/BOOT/BOOT${fino_cpu}.EFI"]
    return [
      "echo 'Fino: booting the local disk'",
      "set fino_cpu=x64",
      "if [ \"$grub_cpu\" = \"arm64\" ]; then set fino_cpu=aa64; fi",
      "for fino_file in \((shims + others).joined(separator: " ")); do",
      "  if search --no-floppy --file --set=root \"$fino_file\"; then",
      "    if chainloader \"$fino_file\"; then",
      "      boot",
      "    fi",
      "  fi",
      "done",
      "echo 'Fino: no disk of this machine has a boot program; back to the firmware'",
      "sleep 5",
      "exit",
    ]
  }()
}
