/// Appliance: the boot programs inside the executable, and which machine gets which.

import CBootLoaders
import DHCPProxy
import TFTP

/// iPXE, embedded at build time. `snponly` and `undionly` drive the NIC that the firmware booted
/// from, through the firmware's own driver.
struct BootLoaders: Sendable {
  private static let embedded: [String: FileContents] = [
    "undionly.kpxe": contents(fino_undionly_kpxe()),
    "snponly.efi": contents(fino_snponly_efi()),
  ]

  private let files = TFTPFixedFiles(embedded)

  /// The file's name; nil where there is no program for such a machine.
  static func name(for architecture: Architecture) -> String? {
    switch architecture.platform {
    case .bios: "undionly.kpxe"
    case .uefiX64: "snponly.efi"
    default: nil
    }
  }

  func file(named name: String) -> TFTPFile? { files.file(named: name) }

  func bytes(named name: String) -> [UInt8]? {
    Self.embedded[name]?.withUnsafeBytes { Array($0) }
  }

  private static func contents(_ loader: fino_loader) -> FileContents {
    FileContents(
      ConstantBytes(
        executableData: UnsafeRawBufferPointer(start: loader.bytes, count: loader.count)))
  }
}
