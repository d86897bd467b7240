/// Inventory: parameters that are templates over the parameters themselves.

private import Jinja

/// All keys and values are rendered together, again and again until nothing changes, ten rounds at
/// most. A value: what is rendered, and what became of it.
struct Expansion: Sendable {
  struct Entry: Sendable {
    /// The key as it was written.
    let origin: String
    var key: String
    var value: JSONValue
    /// Has marks of a template, or a line break that rendering takes away.
    var isOpen: Bool
  }

  static let rounds = 10
  /// All values together, as text.
  static let maximumSize = 8 << 20
  static let timeLimit: Duration = .seconds(10)

  private let renderer: any TemplateRenderer
  private let isMasked: Bool
  private let clock: @Sendable () -> Duration
  private let deadline: Duration
  private let original: [Entry]
  private(set) var entries: [Entry]
  /// The entries as the templates of the next round see them.
  private(set) var parameters: Parameters

  /// Why a parameter has no end.
  enum Failure: Error {
    case rendering(key: String, TemplateFailure)
    case unsettled(key: String, names: [String])
    case limit(key: String, String)
  }

  /// `masked`: secrets are `***` from the start, so that nothing made of them is shown.
  init(
    _ parameters: Parameters, masked: Bool, renderer: any TemplateRenderer,
    clock: @escaping @Sendable () -> Duration = JinjaLimits.steadyClock
  ) {
    self.renderer = renderer
    self.isMasked = masked
    self.clock = clock
    self.deadline = clock() + Self.timeLimit
    self.parameters = masked ? Secrets.masked(parameters) : parameters
    self.original = zip(self.parameters.keys, self.parameters.values).map { key, value in
      // The id comes from whoever asks. It is text, and never a template.
      Entry(origin: key, key: key, value: value, isOpen: key != "uuid" && Self.isOpen(key, value))
    }
    self.entries = original
  }

  mutating func run() throws(Failure) {
    for _ in 0..<Self.rounds where try !round() { return }
    // What the tenth round made is the answer where another one would change nothing.
    var probe = self
    guard let changed = try probe.unsettled() else { return }
    throw .unsettled(key: changed.origin, names: circle(from: changed.origin))
  }

  /// Whether anything changed.
  private mutating func round() throws(Failure) -> Bool {
    var next = entries
    var size = 0
    var hasNewKey = false
    var changes = parameters
    var changed = false
    for index in next.indices where next[index].isOpen {
      let entry = next[index]
      guard clock() < deadline else {
        throw .limit(key: entry.origin, "takes longer than \(Self.timeLimit) to be rendered")
      }
      next[index] = try rendered(entry)
      size += next[index].value.textSize
      guard size <= Self.maximumSize else {
        throw .limit(
          key: entry.origin, "makes the parameters larger than \(Self.maximumSize) bytes")
      }
      if next[index].key != entry.key { hasNewKey = true }
      if next[index].value != entry.value {
        changes[entry.key] = next[index].value
        changed = true
      }
    }
    if hasNewKey {
      (next, changes) = Self.merged(next)
      changed = true
    }
    (entries, parameters) = (next, changes)
    return changed
  }

  private func rendered(_ entry: Entry) throws(Failure) -> Entry {
    var next = entry
    do throws(TemplateFailure) {
      next.key = try rendered(entry.key, named: entry.origin)
      next.value = try rendered(entry.value, named: entry.origin)
    } catch {
      throw .rendering(key: entry.origin, error)
    }
    if isMasked { next.value = Secrets.masked(next.value, of: next.key) }
    next.isOpen = Self.isOpen(next.key, next.value)
    return next
  }

  private func rendered(_ text: String, named name: String) throws(TemplateFailure) -> String {
    guard TemplateText.hasMark(text) else { return TemplateText.rendered(plain: text) }
    return try renderer.render(text, named: name, with: parameters)
  }

  private func rendered(
    _ value: JSONValue, named name: String
  ) throws(TemplateFailure) -> JSONValue {
    switch value {
    case .string(let text): return .string(try rendered(text, named: name))
    case .list, .dict:
      guard value.hasMark else { return value }
      let text = try renderer.render(JSONWriter.text(value), named: name, with: parameters)
      do throws(JSONMistake) {
        return try JSONParser.value(Array(text.utf8))
      } catch {
        throw TemplateFailure("Its JSON text was rendered. \(error)")
      }
    case .null, .bool, .int, .bigInt, .double: return value
    }
  }

  /// Of two parameters whose keys became the same the later one counts, at the place of the first.
  private static func merged(_ entries: [Entry]) -> ([Entry], Parameters) {
    var result: [Entry] = []
    var places: [String: Int] = [:]
    for entry in entries {
      if let place = places[entry.key] {
        result[place] = entry
      } else {
        places[entry.key] = result.count
        result.append(entry)
      }
    }
    return (result, Parameters(result.map { ($0.key, $0.value) }))
  }

  private static func isOpen(_ key: String, _ value: JSONValue) -> Bool {
    if TemplateText.hasMark(key) || TemplateText.rendered(plain: key) != key { return true }
    if case .string(let text) = value, TemplateText.rendered(plain: text) != text { return true }
    return value.hasMark
  }
}

extension Expansion {
  /// A parameter with marks that one more round would change.
  private mutating func unsettled() throws(Failure) -> Entry? {
    let before = entries
    guard try round() else { return nil }
    let after = Dictionary(entries.map { ($0.origin, $0) }) { first, _ in first }
    return before.first { entry in
      guard entry.key.isMarked || entry.value.hasMark else { return false }
      guard let now = after[entry.origin] else { return true }
      return now.key != entry.key || now.value != entry.value
    }
  }

  /// From a parameter over those that it uses to one that was there before, as they were written.
  private func circle(from key: String) -> [String] {
    let written = Dictionary(original.map { ($0.key, $0) }) { first, _ in first }
    var path = [key]
    var current = written[key]
    while let entry = current {
      let words = TemplateText.words(in: entry.key + " " + JSONWriter.text(entry.value))
      guard let next = words.first(where: { written[$0] != nil }) else { return path }
      path.append(next)
      current = path.dropLast().contains(next) ? nil : written[next]
    }
    return path
  }
}

extension String {
  fileprivate var isMarked: Bool { TemplateText.hasMark(self) }
}

extension JSONValue {
  /// Whether a string in it has the mark of a template. JSON's own braces never look like one.
  var hasMark: Bool {
    switch self {
    case .string(let text): TemplateText.hasMark(text)
    case .list(let items): items.contains(where: \.hasMark)
    case .dict(let pairs):
      pairs.keys.contains(where: TemplateText.hasMark) || pairs.values.contains(where: \.hasMark)
    case .null, .bool, .int, .bigInt, .double: false
    }
  }

  /// About how many bytes it takes as text.
  fileprivate var textSize: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .list(let items): items.reduce(2) { $0 + $1.textSize }
    case .dict(let pairs):
      pairs.keys.reduce(2) { $0 + $1.utf8.count } + pairs.values.reduce(0) { $0 + $1.textSize }
    case .null, .bool, .int, .bigInt, .double: 8
    }
  }
}
