/// Lab: an installer to boot: Debian's kernel, and an initrd that says how it was called.

internal import FoundationEssentials
internal import Glibc

/// `vmlinuz` and `initrd.img`, as the appliance's image directory has them.
package struct InstallerImage: Sendable {
  /// What the installer's line on the serial console begins with; the kernel's command line follows.
  package static let greeting = "FINO-LAB: installer cmdline: "

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
    try LabFile.write(try kernel(), to: "\(directory)/vmlinuz", mode: 0o644)
    try LabFile.write(
      try initialRAMDisk(paddingMiB: paddingMiB), to: "\(directory)/initrd.img", mode: 0o644)
  }

  /// The kernel out of Debian's package, downloaded once; nothing is installed.
  private func kernel() throws(LabError) -> [UInt8] {
    let file = "\(cache)/\(kernelPackage).vmlinuz"
    if access(file, R_OK) != 0 {
      try LabFile.makeDirectory(cache)
      try ShortCommand.run(["bash", "-c", Self.download, "bash", cache, kernelPackage, file])
    }
    return try LabFile.read(file)
  }

  /// $1 cache, $2 package that depends on the current kernel's, $3 the kernel's file.
  private static let download = #"""
    set -euo pipefail
    work=$(mktemp -d "$1/download-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    real=$(apt-cache depends "$2" | awk '/Depends: linux-image-/ && !found++ { print $2 }')
    if [ -z "$real" ]; then
      echo "apt knows no $2: run apt-get update, or check the package sources"
      exit 1
    fi
    apt-get -q -o APT::Sandbox::User=root download "$real"
    dpkg-deb --fsys-tarfile "$real"_*.deb | tar -x --wildcards './boot/vmlinuz-*'
    mv boot/vmlinuz-* "$3"
    """#

  private func initialRAMDisk(paddingMiB: Int) throws(LabError) -> [UInt8] {
    let busybox = Prerequisites.path(of: "busybox") ?? "/bin/busybox"
    var archive = CPIOArchive()
    for directory in ["bin", "dev", "proc"] { archive.addDirectory(directory) }
    archive.addCharacterDevice("dev/console", major: 5, minor: 1)
    archive.addCharacterDevice("dev/ttyS0", major: 4, minor: 64)
    archive.addFile("bin/busybox", mode: 0o755, content: try LabFile.read(busybox))
    archive.addFile("init", mode: 0o755, content: Array(Self.program.utf8))
    if paddingMiB > 0 { archive.addFile("padding", content: Self.noise(paddingMiB << 20)) }
    return archive.finished()
  }

  /// The kernel's first process. It speaks on the serial line itself, so that it is heard also
  /// without `console=` on the kernel's command line. `fino.after=` says what it does then.
  private static let program = """
    #!/bin/busybox sh
    exec </dev/ttyS0 >/dev/ttyS0 2>&1
    /bin/busybox mount -t proc proc /proc
    read -r line </proc/cmdline
    echo
    echo "\(greeting)$line"
    /bin/busybox sleep 0.5
    case " $line " in
      *" fino.after=halt "*) while :; do /bin/busybox sleep 3600; done ;;
      *" fino.after=poweroff "*) /bin/busybox poweroff -f ;;
      *) /bin/busybox reboot -f ;;
    esac

    """

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
