/// Inventory: what an import did, and what it could not do.

package struct ImportReport: Equatable, Sendable {
  /// `hosts/web1` and so on.
  package internal(set) var created: [String] = []
  package internal(set) var replaced: [String] = []
  package internal(set) var unchanged: [String] = []
  /// What was left out, and what will not work as it is.
  package internal(set) var warnings: [String] = []
  /// With one of these nothing was changed.
  package internal(set) var problems: [String] = []

  package var isDone: Bool { problems.isEmpty }
}

extension ImportReport: CustomStringConvertible {
  package var description: String {
    let counts = [("new", created), ("replaced", replaced), ("unchanged", unchanged)]
      .map { "\($1.count) \($0)" }.joined(separator: ", ")
    let outcome =
      isDone ? "Imported: \(counts)." : "Nothing was imported: mend what follows and try again."
    let lines = problems.map { "error: " + $0 } + warnings.map { "warning: " + $0 }
    return ([outcome] + lines).joined(separator: "\n")
  }
}
