/// Inventory: why a record was not changed or a template not rendered, one sentence each.

package enum CatalogueError: Error, Equatable, Sendable {
  case unknown(RecordKind, String)
  case exists(RecordKind, String)
  case badName(RecordKind, String, problem: String)
  case notJSON(RecordKind, String, JSONMistake)
  case tooLarge(RecordKind, String, limit: Int)
  /// Marked as installed already.
  case alreadyInstalled(String)
  /// There is no mark to take away.
  case notInstalled(String)
  /// `groups` of this host is no list of names.
  case groupsMalformed(String)
  /// What a machine says of itself has the mark of a template.
  case notPlainText(host: String, field: String)
  /// The host has no parameter of this name, or it is no text.
  case parameterMissing(host: String, key: String)
  /// A stored template is not in UTF-8.
  case notText(template: String)
  /// A stored template can't be rendered.
  case rendering(template: String, host: String, reason: String)
  case parameters(ParameterError)
  /// Somebody else changed the record at the same time; nothing was changed here.
  case changedMeanwhile(RecordKind, String)
  /// The store fails; nothing was changed.
  case unavailable(InventoryError)
  /// The change is stored, but memory is not up to date.
  case notFollowed
}

extension CatalogueError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknown(let kind, let name):
      "There is no \(kind.rawValue) \"\(name)\"."
    case .exists(let kind, let name):
      "There is a \(kind.rawValue) \"\(name)\" already. Replace it with PUT, or delete it first."
    case .badName(let kind, let name, let problem):
      "\"\(name.prefix(80))\" can't be the name of a \(kind.rawValue): \(problem)."
    case .notJSON(let kind, let name, let mistake):
      "The \(kind.rawValue) \"\(name)\" was not stored. \(mistake)"
    case .tooLarge(let kind, let name, let limit):
      "The \(kind.rawValue) \"\(name)\" is larger than \(limit) bytes; it was not stored."
    case .alreadyInstalled(let host): "The host \"\(host)\" is marked as installed already."
    case .notInstalled(let host): "The host \"\(host)\" is not marked as installed."
    case .groupsMalformed(let host):
      """
      The key "groups" of host "\(host)" is no list of group names. Write it like ["default"].
      """
    case .notPlainText(let host, let field):
      """
      The host "\(host)" can't be registered: its \(field) has the mark of a template. Make its \
      record by hand.
      """
    case .parameterMissing(let host, let key):
      "The host \"\(host)\" has no parameter \"\(key)\"."
    case .notText(let template):
      "The template \"\(template)\" can't be rendered: it is not text in UTF-8."
    case .rendering(let template, let host, let reason):
      "The template \"\(template)\" can't be rendered for host \"\(host)\". \(reason)"
    case .parameters(let error): error.description
    case .changedMeanwhile(let kind, let name):
      """
      The \(kind.rawValue) "\(name)" was changed by somebody else at the same moment; nothing was \
      changed. Look at it and try again.
      """
    case .unavailable(let error): error.description
    case .notFollowed:
      "The change is stored, but the state can't be read back now. Look at the log and the disk."
    }
  }
}
