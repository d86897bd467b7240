/// Jinja: what `dict.keys()`, `.values()` and `.items()` answer: views that follow the dict.

final class DictViewObject: Object {
  enum Kind: String {
    case keys, values, items

    /// Needs index < dict.count.
    func entry(_ index: Int, of dict: DictObject, _ run: Run) -> Value {
      switch self {
      case .keys: return dict.keys[index]
      case .values: return dict.values[index]
      case .items: return .tuple(TupleObject([dict.keys[index], dict.values[index]], run))
      }
    }
  }

  let kind: Kind
  let dict: DictObject

  init(_ kind: Kind, of dict: DictObject, _ run: Run) {
    self.kind = kind
    self.dict = dict
    super.init(run)
  }

  override var typeName: String { "dict_\(kind.rawValue)" }
  override var truth: Bool { dict.count > 0 }
  override var length: Int? { dict.count }

  override func cursor(_ run: Run) throws(JinjaError) -> Cursor? {
    .entries(kind, dict, 0, count: dict.count, isReversed: false)
  }

  override func contains(_ value: Value, _ run: Run) throws(JinjaError) -> Bool? {
    if kind == .keys { return dict[try run.key(value)] != nil }
    return nil
  }

  /// Key views compare as sets; value views by identity.
  override func isEqual(to other: Object, _ run: Run) throws(JinjaError) -> Bool {
    guard let other = other as? DictViewObject, kind != .values, kind == other.kind,
      dict.count == other.dict.count
    else { return self === other }
    for (index, hash) in dict.hashes.enumerated() {
      guard let value = other.dict[hash] else { return false }
      if kind == .items, !(try run.isEqual(dict.values[index], value)) { return false }
    }
    return true
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "\(typeName)("
    var items: [Value] = []
    for index in 0..<dict.count { items.append(kind.entry(index, of: dict, run)) }
    try run.writeItems(items, open: "[", close: "]", to: &text)
    text += ")"
  }
}
