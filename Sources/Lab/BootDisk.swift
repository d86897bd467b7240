/// Lab: the disk that a machine lands on when nobody installs it.

internal import FoundationEssentials

package enum BootDisk {
  /// What a machine says on its serial console when it has booted from its disk.
  package static let greeting = "FINO-LAB: booted from disk"

  /// Debian's shim, signed by Microsoft, and GRUB, signed by Debian: they start where Secure Boot is
  /// on. GRUB was built to read /EFI/debian/grub.cfg.
  static let signedLoaders = [
    (file: "/usr/lib/shim/shimx64.efi.signed", name: "BOOTX64.EFI", package: "shim-signed"),
    (
      file: "/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", name: "grubx64.efi",
      package: "grub-efi-amd64-signed"
    ),
  ]

  private static let program = GreetingProgram(greeting)

  /// A disk of 1 MiB with a boot sector.
  static func writeBIOS(to path: String) throws(LabError) {
    guard let sector = program.bootSector else { throw LabError("the greeting is too long") }
    try LabFile.write(sector + Array(repeating: 0, count: (1 << 20) - sector.count), to: path)
  }

  /// A FAT file system of 16 MiB, without partitions: the greeting program, or signed loaders that
  /// greet.
  static func write(for firmware: OpenFirmware, to path: String) throws(LabError) {
    try ShortCommand.run(["mformat", "-C", "-i", path, "-T", "32768", "-h", "64", "-s", "32", "::"])
    try ShortCommand.run(["mmd", "-i", path, "::/EFI", "::/EFI/BOOT", "::/EFI/debian"])
    guard firmware != .secureBoot else { return try writeSigned(to: path) }
    guard let application = program.application(for: firmware) else {
      throw LabError("the greeting is too long")
    }
    try copy(application, to: "::/EFI/BOOT/\(firmware.removableMediaFile)", on: path)
  }

  private static func writeSigned(to path: String) throws(LabError) {
    for loader in signedLoaders {
      try ShortCommand.run(["mcopy", "-i", path, loader.file, "::/EFI/BOOT/\(loader.name)"])
    }
    // The firmware's console is the serial line; after the file GRUB would ask for commands.
    let menu = "echo \"\(greeting)\"\nsleep 3600\n"
    try copy(Array(menu.utf8), to: "::/EFI/debian/grub.cfg", on: path)
  }

  private static func copy(
    _ content: [UInt8], to name: String, on path: String
  ) throws(LabError) {
    let file = path + ".part"
    try LabFile.write(content, to: file)
    defer { try? FileManager.default.removeItem(atPath: file) }
    try ShortCommand.run(["mcopy", "-i", path, file, name])
  }
}
