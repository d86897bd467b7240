/// Inventory: the group `installed`, by which a host's next boot goes to its disk.

private import Jinja

/// An installer's last words are `GET /api/1.0/hosts/<id>?installed=mark`.
package enum InstalledMark: String, Sendable {
  case mark
  case unmark

  static let group = "installed"

  func applied(to parameters: Parameters, of host: String) throws(CatalogueError) -> Parameters {
    guard var groups = Inheritance.groupNames(in: parameters) else {
      throw .groupsMalformed(host)
    }
    switch self {
    case .mark:
      guard !groups.contains(Self.group) else { throw .alreadyInstalled(host) }
      // The last group overrides the others.
      groups.append(Self.group)
    case .unmark:
      guard groups.contains(Self.group) else { throw .notInstalled(host) }
      groups.removeAll { $0 == Self.group }
    }
    var result = parameters
    result["groups"] = .list(groups.map { .string($0) })
    return result
  }
}
