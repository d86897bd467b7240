/// Appliance: the signed boot programs of the distribution that this machine runs.

import Foundation
package import HTTPBoot
package import TFTP

/// Debian's shim (signed by Microsoft) and its GRUB for booting from the network (signed by Debian).
/// Nothing of it is in the executable: signatures are revoked, and the distribution's updates bring new
/// files.
///
/// Debian 12's GRUB (2.06) takes its server from `siaddr` of the DHCP server's ACK and knows nothing of
/// a proxy's: the DHCP server must name Fino as `next-server` (no file name), or GRUB asks the DHCP
/// server for its configuration, a minute for each file.
package struct SecureBootFiles: Sendable {
  /// By the names that are asked for: shim looks for `grubx64.efi` beside itself.
  package var files: [String: FileContents]
  /// What firmware is told to fetch.
  package var programs: Set<LoaderName>
  /// Those of them whose GRUB has no HTTP (Debian 12's): everything after them goes by TFTP.
  package var tftpOnly: Set<LoaderName>

  /// How GRUB fetches configurations and images.
  package var transport: GRUBScript.Transport { tftpOnly.isEmpty ? .http : .tftp }

  /// What shim asks for next to itself, and fails without.
  static let secondStages: Set<String> = Set(Source.all.map { "grub\($0.suffix).efi" })

  /// Where Debian and Ubuntu keep the files of one platform.
  struct Source: Equatable, Sendable {
    var shim: LoaderName
    /// `x64`, as it stands in the names.
    var suffix: String
    /// `x86_64`, as GRUB calls it.
    var processor: String
    /// `amd64`, as Debian calls it.
    var debianName: String

    static let all = [
      Source(shim: .shimX64, suffix: "x64", processor: "x86_64", debianName: "amd64"),
      Source(shim: .shimARM64, suffix: "aa64", processor: "arm64", debianName: "arm64"),
    ]

    /// Ubuntu 24.04 calls its shim `.latest`.
    var shimPaths: [String] {
      ["", ".latest"].map { "/usr/lib/shim/shim\(suffix).efi.signed\($0)" }
    }
    var grubPaths: [String] {
      ["/usr/lib/grub/\(processor)-efi-signed/grubnet\(suffix).efi.signed"]
    }
    /// The key manager, which shim asks for only when somebody has enrolled a key.
    var managerPaths: [String] { ["/usr/lib/shim/mm\(suffix).efi.signed"] }

    var packages: String { "shim-signed and grub-efi-\(debianName)-signed" }
  }

  /// Why there is nothing to serve.
  package struct Missing: Error, Equatable, Sendable, CustomStringConvertible {
    package var description: String
  }

  /// Of the platforms whose files are all there; throws when none is. `root` is put before every path.
  package init(root: String = "") throws(Missing) {
    (files, programs, tftpOnly) = ([:], [], [])
    var absent: [String] = []
    for source in Source.all {
      guard let shim = Self.read(source.shimPaths, root) else {
        absent.append("\(root)\(source.shimPaths[0])")
        continue
      }
      guard let grub = Self.read(source.grubPaths, root) else {
        absent.append("\(root)\(source.grubPaths[0])")
        continue
      }
      files[source.shim.text] = FileContents(shim)
      files["grub\(source.suffix).efi"] = FileContents(grub)
      if let manager = Self.read(source.managerPaths, root) {
        files["mm\(source.suffix).efi"] = FileContents(manager)
      }
      programs.insert(source.shim)
      if GRUBImage(grub)?.modules.contains("http") != true { tftpOnly.insert(source.shim) }
    }
    guard files.isEmpty else { return }
    let packages = Source.all.map { "\($0.packages) (\($0.suffix))" }.joined(separator: ", or ")
    throw Missing(
      description: "«loaders: secure-boot» needs signed boot programs, and "
        + "\(absent.joined(separator: " and ")) cannot be read: apt-get install \(packages)")
  }

  /// Bytes; they are kept in memory.
  private static let largestFile = 64 << 20

  /// The first path that is a file of a likely size.
  private static func read(_ paths: [String], _ root: String) -> [UInt8]? {
    for path in paths {
      guard let data = FileManager.default.contents(atPath: root + path),
        (1024...largestFile).contains(data.count)
      else { continue }
      return Array(data)
    }
    return nil
  }
}
