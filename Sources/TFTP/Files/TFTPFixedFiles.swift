/// TFTP: files that are known before the first request, such as loaders inside the executable.

/// Exact names first, then names without case (Windows loaders ask in any case).
package struct TFTPFixedFiles: Sendable {
  private let exact: [String: TFTPFile]
  private let folded: [String: TFTPFile]

  /// Of two names that differ only in case, the one that sorts first answers for all other
  /// spellings.
  package init(_ files: [String: FileContents]) {
    exact = files.mapValues { TFTPFile($0) }
    folded = Dictionary(
      files.sorted { $0.key < $1.key }.map { ($0.key.lowercased(), TFTPFile($0.value)) },
      uniquingKeysWith: { first, _ in first })
  }

  package func file(named name: String) -> TFTPFile? {
    exact[name] ?? folded[name.lowercased()]
  }
}
