/// Appliance: the boot programs: those inside the executable, signed ones, and the operator's.

import CBootLoaders
package import HTTPBoot
import Images
package import TFTP

/// iPXE, embedded at build time, drives the NIC that the firmware booted from, through the firmware's
/// own driver. The same name is the same file by TFTP and by HTTP.
package struct BootLoaders: Sendable {
  private static let embedded: [String: FileContents] = [
    "undionly.kpxe": contents(fino_undionly_kpxe()),
    "snponly.efi": contents(fino_snponly_efi()),
  ]

  /// What a shim of ours asks for next to itself; an operator's file of such a name is just a file.
  package let secondStages: Set<String>
  private let fixed: TFTPFixedFiles
  private let directory: TFTPDirectory?
  /// The same directory, for HTTP: of any size, and with ranges.
  private let library: ImageLibrary?

  /// `directory` is the operator's; `signed` are Secure Boot's files, by name.
  package init(directory: String? = nil, signed: [String: FileContents] = [:]) {
    secondStages = SecureBootFiles.secondStages.intersection(signed.keys)
    fixed = TFTPFixedFiles(Self.embedded.merging(signed) { embedded, _ in embedded })
    self.directory = directory.map(TFTPDirectory.init(root:))
    library = directory.map(ImageLibrary.init(root:))
  }

  /// For TFTP.
  package func file(named name: String) -> TFTPFile? {
    fixed.file(named: name) ?? directory?.file(named: name)
  }

  /// For HTTP.
  package func loader(named name: String) -> LoaderFile? {
    if let file = fixed.file(named: name) {
      return .bytes(file.contents.withUnsafeBytes { Array($0) })
    }
    guard case .file(let file) = library?.item(at: name) else { return nil }
    return .file(file)
  }

  /// One sentence for each program that a rule names and nobody has.
  package func problems(with rules: LoaderRules) -> [String] {
    rules.files.filter { file(named: $0.text) == nil }.map {
      "the boot program \($0) of «loaders» is neither in the executable "
        + "(\(Self.embedded.keys.sorted().joined(separator: ", "))) nor in the TFTP directory"
    }
  }

  private static func contents(_ loader: fino_loader) -> FileContents {
    FileContents(
      ConstantBytes(
        executableData: UnsafeRawBufferPointer(start: loader.bytes, count: loader.count)))
  }
}
