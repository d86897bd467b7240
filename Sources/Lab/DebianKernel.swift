/// Lab: Debian's kernel and the drivers of its network card, out of Debian's package.

internal import Glibc

/// Downloaded once and kept; nothing is installed. Kernel and drivers are kept in one directory,
/// because a kernel loads no drivers of another version.
struct DebianKernel: Sendable {
  /// What a kernel is to have drivers for.
  enum Purpose {
    case networkCard
    /// The card, and interfaces for VLANs on it.
    case vlans

    /// Each after those that it depends on. A kernel that has one of them built in comes without its
    /// file.
    var drivers: [String] {
      let card = [
        "failover", "net_failover", "virtio_ring", "virtio", "virtio_pci_modern_dev",
        "virtio_pci_legacy_dev", "virtio_pci", "virtio_net",
      ]
      return self == .networkCard ? card : card + ["llc", "stp", "garp", "mrp", "8021q"]
    }

    fileprivate var directorySuffix: String { self == .networkCard ? "" : "-8021q" }
  }

  private let directory: String
  private let drivers: [String]

  /// `package` depends on the package of the current kernel.
  init(
    package: String, cache: String, for purpose: Purpose = .networkCard
  ) throws(LabError) {
    directory = "\(cache)/\(package)\(purpose.directorySuffix)"
    drivers = purpose.drivers
    guard access("\(directory)/vmlinuz", R_OK) != 0 else { return }
    try LabFile.makeDirectory(cache)
    try ShortCommand.run(
      ["bash", "-c", Self.download, "bash", cache, package, directory] + drivers)
  }

  func image() throws(LabError) -> [UInt8] {
    try LabFile.read("\(directory)/vmlinuz")
  }

  /// The drivers that are files, in the order in which they are loaded.
  func driverFiles() throws(LabError) -> [(name: String, content: [UInt8])] {
    var files: [(name: String, content: [UInt8])] = []
    for driver in drivers where access("\(directory)/\(driver).ko", F_OK) == 0 {
      files.append((driver, try LabFile.read("\(directory)/\(driver).ko")))
    }
    return files
  }

  /// $1 cache, $2 package, $3 the directory to make, and then the drivers. The directory appears
  /// whole or not at all, also when two ask at once. Debian packs drivers with xz since 13.
  private static let download = #"""
    set -euo pipefail
    package=$2 directory=$3
    work=$(mktemp -d "$1/download-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    shift 3
    real=$(apt-cache depends "$package" | awk '/Depends: linux-image-/ && !found++ { print $2 }')
    if [ -z "$real" ]; then
      echo "apt knows no $package: run apt-get update, or check the package sources"
      exit 1
    fi
    apt-get -q -o APT::Sandbox::User=root download "$real"
    mkdir ready
    dpkg-deb --fsys-tarfile "$real"_*.deb | tar -x --wildcards \
      './boot/vmlinuz-*' '*/kernel/drivers/virtio/*' '*/kernel/drivers/net/*' '*/kernel/net/*'
    for driver in "$@"; do
      find . -name "$driver.ko*" -exec mv {} ready/ \;
      if [ -e "ready/$driver.ko.xz" ]; then busybox unxz "ready/$driver.ko.xz"; fi
    done
    mv boot/vmlinuz-* ready/vmlinuz
    mv -T ready "$directory" || [ -e "$directory/vmlinuz" ]
    """#
}
