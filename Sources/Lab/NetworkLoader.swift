/// Lab: a boot program of an operator's own, for firmware that has none from the appliance.

internal import Glibc

/// GRUB, put together from Debian's modules of the machine's architecture: it says that it runs, and
/// starts the disk. Fetched and built once and kept; nothing is installed.
package struct NetworkLoader: Sendable {
  /// What it says on the console.
  package static let greeting = "FINO-LAB: network loader"

  private let file: String

  package init(
    _ firmware: OpenFirmware, cache: String = InstallerImage.defaultCache
  ) throws(LabError) {
    let modules = Self.modules(firmware)
    let directory = "\(cache)/\(modules.package)"
    file = "\(directory)/\(firmware.rawValue).efi"
    guard access(file, R_OK) != 0 else { return }
    try Prerequisites.require(Prerequisites.checkNetworkLoader(), for: "a network loader")
    try LabFile.makeDirectory(cache)
    try ShortCommand.run([
      "bash", "-c", Self.build, "bash", cache, modules.architecture, modules.package, directory,
      firmware.rawValue, modules.platform, Self.script(firmware),
    ])
  }

  /// Writes it into the appliance's TFTP directory.
  package func write(to path: String) throws(LabError) {
    try LabFile.write(try LabFile.read(file), to: path, mode: 0o644)
  }

  /// GRUB runs it with its simplest parser: no conditions, no variables of its own.
  private static func script(_ firmware: OpenFirmware) -> String {
    """
    echo "\(greeting)"
    set root=hd0
    chainloader /EFI/BOOT/\(firmware.removableMediaFile)
    boot

    """
  }

  /// $1 cache, $2 architecture, $3 package, $4 the directory to make, $5 the file's name, $6 GRUB's
  /// name of the platform, $7 the script. apt gets a state of its own, because a machine of another
  /// architecture does not know these packages and shall not come to know them; its sources are the
  /// machine's.
  private static let build = #"""
    set -euo pipefail
    work=$(mktemp -d "$1/download-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    mkdir -p lists/partial archives/partial ready
    : >status
    options=(
      -q -o APT::Architecture="$2" -o APT::Architectures="$2" -o Dir::State="$work"
      -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status"
      -o Dir::Cache="$work" -o APT::Sandbox::User=root -o Acquire::Languages=none
      -o APT::Update::Post-Invoke-Success::=
    )
    apt-get "${options[@]}" update
    apt-get "${options[@]}" download "$3"
    dpkg-deb --extract "$3"_*.deb unpacked
    printf %s "$7" >script
    grub-mkimage -O "$6" -d "unpacked/usr/lib/grub/$6" -p /grub -c script -o "ready/$5.efi" \
      normal echo sleep boot chain fat part_gpt part_msdos efinet net tftp http configfile
    mv -T ready "$4" || [ -e "$4/$5.efi" ]
    """#

  /// GRUB's modules for a kind of firmware.
  private static func modules(
    _ firmware: OpenFirmware
  ) -> (package: String, architecture: String, platform: String) {
    switch firmware {
    case .x64, .secureBoot: ("grub-efi-amd64-bin", "amd64", "x86_64-efi")
    case .ia32: ("grub-efi-ia32-bin", "amd64", "i386-efi")
    case .aarch64: ("grub-efi-arm64-bin", "arm64", "arm64-efi")
    }
  }
}
