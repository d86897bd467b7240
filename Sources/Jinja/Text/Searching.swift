/// Jinja: finding, splitting and replacing text by its UTF-8 bytes.

extension Run {
  /// The byte offset of the first occurrence at or behind `start`.
  func find(_ part: String, in text: String, from start: Int = 0) throws(JinjaError) -> Int? {
    try part.utf8.span.withUnsafeBufferPointer { (part) throws(JinjaError) in
      try text.utf8.span.withUnsafeBufferPointer { (text) throws(JinjaError) in
        try find(part, in: text, from: start)
      }
    }
  }

  func find(
    _ part: [UInt8], in text: [UInt8], from start: Int = 0
  ) throws(JinjaError) -> Int? {
    try part.withUnsafeBufferPointer { (part) throws(JinjaError) in
      try text.withUnsafeBufferPointer { (text) throws(JinjaError) in
        try find(part, in: text, from: start)
      }
    }
  }

  func find(
    _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) throws(JinjaError) -> Int? {
    guard let first = part.first else { return start <= text.count ? start : nil }
    guard part.count <= text.count else { return nil }
    let last = text.count - part.count
    var index = start
    var compared = 0
    while index <= last {
      if text[index] == first {
        var offset = 1
        while offset < part.count, text[index + offset] == part[offset] { offset += 1 }
        if offset == part.count { return index }
        compared += offset
        // Repetitive text is compared over and over: count it.
        if compared > 4096 {
          try work(compared / 16)
          compared = 0
        }
      }
      index += 1
    }
    return nil
  }

  /// Where `part` occurs without overlap, from the left.
  func occurrences(
    of part: [UInt8], in text: [UInt8], limit: Int
  ) throws(JinjaError) -> [Int] {
    var result: [Int] = []
    var position = 0
    try part.withUnsafeBufferPointer { (part) throws(JinjaError) in
      try text.withUnsafeBufferPointer { (text) throws(JinjaError) in
        while result.count < limit, let found = try find(part, in: text, from: position) {
          try work(1)
          result.append(found)
          position = found + part.count
        }
      }
    }
    return result
  }

  /// `str.replace`; a negative count is no limit.
  func replaced(
    _ text: String, _ old: String, with new: String, count: Int
  ) throws(JinjaError) -> String {
    try capture { () throws(JinjaError) in
      try writeReplaced(text, old, with: new, count: count)
    }
  }

  /// The same, behind the output.
  func writeReplaced(
    _ text: String, _ old: String, with new: String, count: Int
  ) throws(JinjaError) {
    let limit = count < 0 ? Int.max : count
    try work(text.utf8.count / 16)
    if old.isEmpty {
      // Before every character and at the end.
      let places = min(limit, text.scalarCount + 1)
      try allocate(places, times: new.utf8.count)
      var index = 0
      for scalar in text.unicodeScalars {
        if index < places { output.append(new) }
        output.append(String(Character(scalar)))
        index += 1
      }
      if places > index { output.append(new) }
      return
    }
    try old.utf8.span.withUnsafeBufferPointer { (old) throws(JinjaError) in
      try text.utf8.span.withUnsafeBufferPointer { (text) throws(JinjaError) in
        var (position, replaced) = (0, 0)
        while replaced < limit, let place = try find(old, in: text, from: position) {
          try work(1)
          try allocate(new.utf8.count)
          output.append(UnsafeBufferPointer(rebasing: text[position..<place]))
          output.append(new)
          position = place + old.count
          replaced += 1
        }
        output.append(UnsafeBufferPointer(rebasing: text[position...]))
      }
    }
  }

  /// `str.split(separator, limit)`.
  func split(
    _ text: String, by separator: String, limit: Int, fromRight: Bool
  ) throws(JinjaError) -> [String] {
    var (source, part) = (Array(text.utf8), Array(separator.utf8))
    if fromRight {
      source.reverse()
      part.reverse()
    }
    var pieces: [String] = []
    var position = 0
    func piece(_ range: Range<Int>) -> String {
      fromRight
        ? String(decoding: source[range].reversed(), as: UTF8.self)
        : String(decoding: source[range], as: UTF8.self)
    }
    for place in try occurrences(of: part, in: source, limit: limit < 0 ? Int.max : limit) {
      try allocate(48)
      pieces.append(piece(position..<place))
      position = place + part.count
    }
    pieces.append(piece(position..<source.count))
    return fromRight ? pieces.reversed() : pieces
  }

  /// `str.split()`: by runs of white space, which are dropped at the ends.
  func splitBySpace(
    _ text: String, limit: Int, fromRight: Bool
  ) throws(JinjaError) -> [String] {
    var scalars = text.scalarArray[...]
    if fromRight { scalars = scalars.reversed()[...] }
    var pieces: [String] = []
    func piece(_ part: ArraySlice<Unicode.Scalar>) -> String {
      fromRight ? String(part.reversed()) : String(part)
    }
    while true {
      scalars = scalars.drop { isPythonSpace($0.value) }
      if scalars.isEmpty { break }
      try allocate(48)
      try work(1)
      if limit >= 0, pieces.count == limit {
        pieces.append(piece(scalars))
        break
      }
      let end = scalars.firstIndex { isPythonSpace($0.value) } ?? scalars.endIndex
      pieces.append(piece(scalars[scalars.startIndex..<end]))
      scalars = scalars[end...]
    }
    return fromRight ? pieces.reversed() : pieces
  }

  /// `str.splitlines`.
  func lines(_ text: String, keepsEnds: Bool = false) throws(JinjaError) -> [String] {
    let scalars = text.scalarArray
    var result: [String] = []
    var start = 0
    var index = 0
    while index < scalars.count {
      guard isLineBreak(scalars[index]) else {
        index += 1
        continue
      }
      let isPair = scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
      let next = index + (isPair ? 2 : 1)
      try allocate(48)
      result.append(String(scalars[start..<(keepsEnds ? next : index)]))
      start = next
      index = next
    }
    if start < scalars.count { result.append(String(scalars[start...])) }
    try allocate(text.utf8.count)
    return result
  }

  /// `str.strip`; without characters, white space.
  func stripped(
    _ text: String, _ characters: String?, left: Bool = true, right: Bool = true
  ) -> String {
    if characters == nil, let result = strippedASCII(text, left, right) { return result }
    let set = characters.map { Set($0.unicodeScalars) }
    func drops(_ scalar: Unicode.Scalar) -> Bool {
      set.map { $0.contains(scalar) } ?? isPythonSpace(scalar.value)
    }
    var view = text.unicodeScalars[...]
    if left { view = view.drop(while: drops) }
    if right { while let last = view.last, drops(last) { view.removeLast() } }
    return String(view)
  }

  /// nil where a letter beyond ASCII decides.
  private func strippedASCII(_ text: String, _ left: Bool, _ right: Bool) -> String? {
    let bytes = text.utf8
    var (start, end) = (bytes.startIndex, bytes.endIndex)
    while left, start < end, isPythonSpace(UInt32(bytes[start])), bytes[start] < 0x80 {
      start = bytes.index(after: start)
    }
    if left, start < end, bytes[start] >= 0x80 { return nil }
    while right, start < end {
      let before = bytes.index(before: end)
      if bytes[before] >= 0x80 { return nil }
      guard isPythonSpace(UInt32(bytes[before])) else { break }
      end = before
    }
    return start == bytes.startIndex && end == bytes.endIndex ? text : String(text[start..<end])
  }
}
