/// Lab: an installer to boot: Debian's kernel, and an initrd that installs nothing.

internal import FoundationEssentials

/// `vmlinuz` and `initrd.img`, as the appliance's image directory has them.
package struct InstallerImage: Sendable {
  /// What the installer's line on the serial console begins with; the kernel's command line follows.
  package static let greeting = "FINO-LAB: installer cmdline: "
  /// What it says before each line of its kickstart, when `fino.kickstart=URL` names one.
  package static let kickstartLine = "FINO-LAB: kickstart: "
  /// What it says before the URL which it told that the machine is installed.
  package static let told = "FINO-LAB: told "

  /// Debian's kernel for virtual machines is a third of the general one, and boots in less time.
  package static let defaultKernel = "linux-image-cloud-amd64"

  /// FINO_LAB_CACHE of the environment, or a directory that survives a restart.
  package static var defaultCache: String {
    ProcessInfo.processInfo.environment["FINO_LAB_CACHE"] ?? "/var/tmp/fino-lab"
  }

  /// Where the kernel is kept between runs.
  package let cache: String
  package let kernelPackage: String

  package init(cache: String, kernelPackage: String = defaultKernel) {
    self.cache = cache
    self.kernelPackage = kernelPackage
  }

  /// Writes `images/<location>/vmlinuz` and `initrd.img`. `paddingMiB` makes the initrd as much
  /// longer, with bytes that no compression shortens.
  package func write(location: String, under images: String, paddingMiB: Int = 0) throws(LabError) {
    let directory = "\(images)/\(location)"
    try LabFile.makeDirectory(directory)
    let kernel = try DebianKernel(package: kernelPackage, cache: cache)
    try LabFile.write(try kernel.image(), to: "\(directory)/vmlinuz", mode: 0o644)
    try LabFile.write(
      try initialRAMDisk(kernel, paddingMiB: paddingMiB), to: "\(directory)/initrd.img", mode: 0o644
    )
  }

  private func initialRAMDisk(
    _ kernel: DebianKernel, paddingMiB: Int
  ) throws(LabError) -> [UInt8] {
    let busybox = Prerequisites.path(of: "busybox") ?? "/bin/busybox"
    var archive = CPIOArchive()
    for directory in ["bin", "dev", "drivers", "proc"] { archive.addDirectory(directory) }
    archive.addCharacterDevice("dev/console", major: 5, minor: 1)
    archive.addCharacterDevice("dev/null", major: 1, minor: 3)
    archive.addCharacterDevice("dev/ttyS0", major: 4, minor: 64)
    archive.addFile("bin/busybox", mode: 0o755, content: try LabFile.read(busybox))
    let drivers = try kernel.driverFiles()
    for (name, content) in drivers { archive.addFile("drivers/\(name).ko", content: content) }
    archive.addFile("init", mode: 0o755, content: Array(InstallerProgram.text.utf8))
    archive.addFile(
      "install", content: Array(InstallerProgram.install(drivers: drivers.map(\.name)).utf8))
    archive.addFile("lease", mode: 0o755, content: Array(InstallerProgram.lease.utf8))
    if paddingMiB > 0 { archive.addFile("padding", content: Self.noise(paddingMiB << 20)) }
    return archive.finished()
  }

  /// xorshift64 from a fixed seed: the same bytes on every run.
  private static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      withUnsafeBytes(of: state.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
