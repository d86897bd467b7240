/// Jinja: where a piece of template text ends and a tag begins.

/// What can begin in plain text, in the order in which Jinja2 tries them: longest marker first.
struct Delimiters {
  enum Tag: Int {
    case block, comment, lineComment, lineStatement, variable
  }

  let opening: [(tag: Tag, marker: [UInt8])]
  let blockStart: [UInt8]
  let blockEnd: [UInt8]
  let variableEnd: [UInt8]
  let commentEnd: [UInt8]
  /// A byte that can't begin a tag is skipped without looking further.
  let isOpeningByte: [Bool]

  init(_ settings: JinjaSettings) {
    blockStart = Array(settings.blockStart.utf8)
    blockEnd = Array(settings.blockEnd.utf8)
    variableEnd = Array(settings.variableEnd.utf8)
    commentEnd = Array(settings.commentEnd.utf8)
    var rules: [(tag: Tag, marker: [UInt8])] = [
      (.comment, Array(settings.commentStart.utf8)), (.block, blockStart),
      (.variable, Array(settings.variableStart.utf8)),
    ]
    var bytes = [Bool](repeating: false, count: 256)
    if let prefix = settings.lineStatementPrefix, !prefix.isEmpty {
      rules.append((.lineStatement, Array(prefix.utf8)))
    }
    if let prefix = settings.lineCommentPrefix, !prefix.isEmpty {
      rules.append((.lineComment, Array(prefix.utf8)))
    }
    if rules.count > 3 {
      // Line prefixes may stand behind spaces of any kind.
      for byte in [9, 11, 12, 32] { bytes[byte] = true }
      for byte in 128..<256 { bytes[byte] = true }
    }
    rules.removeAll { $0.marker.isEmpty }
    // Same length: by the name of the tag, last first, as Jinja2 sorts its rules.
    rules.sort { a, b in
      a.marker.count == b.marker.count
        ? a.tag.rawValue > b.tag.rawValue : a.marker.count > b.marker.count
    }
    for rule in rules { if let first = rule.marker.first { bytes[Int(first)] = true } }
    opening = rules
    isOpeningByte = bytes
  }
}
