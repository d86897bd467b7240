/// Inventory: why the parameters of a host can't be told, one sentence each.

package struct ParameterError: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// The last of the chain does not exist.
    case groupMissing
    /// The last of the chain is already in it.
    case circle
    case tooDeep
    /// The last of the chain has `groups` that is no list of names.
    case groupsMalformed
    /// A template could not be rendered.
    case rendering(key: String, reason: String)
    /// Ten rounds, and a parameter still changes. `names` are the parameters that lead to each
    /// other.
    case unsettled(key: String, names: [String])
    /// The rendered parameters are too large, or take too long.
    case limit(key: String, reason: String)
  }

  package let kind: Kind
  /// From the host, or the group that was asked for, to where the trouble is.
  package let chain: [ParameterOrigin]

  init(_ kind: Kind, chain: [ParameterOrigin]) {
    self.kind = kind
    self.chain = chain
  }
}

extension ParameterError: CustomStringConvertible {
  package var description: String {
    let path = chain.map(\.description).joined(separator: " → ")
    let last = chain.last?.description ?? ""
    let subject = Self.capitalized(chain.first?.description ?? "")
    let setter = chain.count > 1 ? ", set by \(last)" : ""
    return switch kind {
    case .groupMissing:
      """
      \(subject): there is no \(last), which is named by the key "groups" (\(path)). Make the \
      group, or take its name out.
      """
    case .circle:
      """
      \(subject): the key "groups" leads in a circle (\(path)). Take one of these groups out of \
      the other.
      """
    case .tooDeep:
      "\(subject): the key \"groups\" nests groups too deep (\(path)). Use fewer levels."
    case .groupsMalformed:
      """
      \(subject): the key "groups" of \(last) is no list of group names (\(path)). Write it like \
      ["default"].
      """
    case .rendering(let key, let reason):
      "\(subject): the parameter \"\(key)\"\(setter), can't be rendered (\(path)). \(reason)"
    case .unsettled(let key, let names):
      """
      \(subject): the parameter "\(key)"\(setter), still changes after ten rounds of rendering \
      (\(names.joined(separator: " → "))). Let no parameter use itself, not even by another one.
      """
    case .limit(let key, let reason):
      "\(subject): the parameter \"\(key)\"\(setter), \(reason)."
    }
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
