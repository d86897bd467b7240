/// Lab: the disk that a machine lands on when nobody installs it.

internal import FoundationEssentials

package enum BootDisk {
  /// What a machine says on its serial console when it has booted from its disk.
  package static let greeting = "FINO-LAB: booted from disk"

  private static let program = GreetingProgram(greeting)

  /// A disk of 1 MiB with a boot sector.
  static func writeBIOS(to path: String) throws(LabError) {
    guard let sector = program.bootSector else { throw LabError("the greeting is too long") }
    try LabFile.write(sector + Array(repeating: 0, count: (1 << 20) - sector.count), to: path)
  }

  /// A FAT file system, without partitions, with the one file that UEFI looks for on a disk
  /// (UEFI 2.10 §3.5.1.1).
  static func writeUEFI(to path: String) throws(LabError) {
    guard let application = program.efiApplication else {
      throw LabError("the greeting is too long")
    }
    let loader = path + ".efi"
    try LabFile.write(application, to: loader)
    defer { try? FileManager.default.removeItem(atPath: loader) }
    try ShortCommand.run(["mformat", "-C", "-i", path, "-f", "2880", "::"])
    try ShortCommand.run(["mmd", "-i", path, "::/EFI", "::/EFI/BOOT"])
    try ShortCommand.run(["mcopy", "-i", path, loader, "::/EFI/BOOT/BOOTX64.EFI"])
  }
}
