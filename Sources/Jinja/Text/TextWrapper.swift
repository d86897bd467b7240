/// Jinja: lines of a width, as Python's `textwrap` breaks them.

struct TextWrapper {
  let width: Int
  let breaksLongWords: Bool
  let breaksOnHyphens: Bool

  func wrap(_ text: String, _ run: Run) throws(JinjaError) -> [String] {
    var chunks: [ArraySlice<Unicode.Scalar>] = try chunks(of: text.scalarArray, run).reversed()
    var lines: [String] = []
    while !chunks.isEmpty {
      try run.step()
      var line: [ArraySlice<Unicode.Scalar>] = []
      var length = 0
      if !lines.isEmpty, let first = chunks.last, isBlank(first) { chunks.removeLast() }
      while let chunk = chunks.last, length + chunk.count <= width {
        line.append(chunk)
        length += chunk.count
        chunks.removeLast()
      }
      if let chunk = chunks.last, chunk.count > width {
        handleLong(&chunks, &line, room: width < 1 ? 1 : width - length)
      }
      if let last = line.last, isBlank(last) { line.removeLast() }
      if !line.isEmpty { lines.append(String(line.joined())) }
    }
    return lines
  }

  private func isBlank(_ chunk: ArraySlice<Unicode.Scalar>) -> Bool {
    chunk.allSatisfy { isPythonSpace($0.value) }
  }

  private func handleLong(
    _ chunks: inout [ArraySlice<Unicode.Scalar>], _ line: inout [ArraySlice<Unicode.Scalar>],
    room: Int
  ) {
    guard let chunk = chunks.popLast() else { return }
    if breaksLongWords {
      var end = room
      if breaksOnHyphens, chunk.count > room {
        // Break behind the last hyphen that fits, unless only hyphens stand before it.
        let head = chunk.prefix(room)
        if let hyphen = head.lastIndex(of: "-"), hyphen > chunk.startIndex,
          head[..<hyphen].contains(where: { $0 != "-" })
        {
          end = hyphen - chunk.startIndex + 1
        }
      }
      line.append(chunk.prefix(end))
      chunks.append(chunk.dropFirst(end))
      if end <= 0 || chunks.last?.isEmpty ?? false { dropEmpty(&chunks) }
    } else if line.isEmpty {
      line.append(chunk)
    } else {
      chunks.append(chunk)
    }
  }

  private func dropEmpty(_ chunks: inout [ArraySlice<Unicode.Scalar>]) {
    if let last = chunks.last, last.isEmpty { chunks.removeLast() }
  }

  /// `textwrap`'s white space is ASCII only.
  private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || (9...13).contains(scalar.value)
  }

  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || TextKind.isAlphanumeric(scalar)
  }

  /// Words and the space between them; with hyphens also the parts of words.
  private func chunks(
    of text: [Unicode.Scalar], _ run: Run
  ) throws(JinjaError) -> [ArraySlice<Unicode.Scalar>] {
    var result: [ArraySlice<Unicode.Scalar>] = []
    var start = 0
    while start < text.count {
      try run.step()
      try run.allocate(32)
      var end: Int
      if isSpace(text[start]) {
        end = text[start...].firstIndex { !isSpace($0) } ?? text.count
      } else {
        end = text[start...].firstIndex(where: isSpace) ?? text.count
        if breaksOnHyphens { end = wordEnd(text, start, end) }
      }
      result.append(text[start..<end])
      start = end
    }
    return result
  }

  /// `textwrap.wordsep_re`: an em-dash between words is a piece, and a hyphen between letters ends one.
  private func wordEnd(_ text: [Unicode.Scalar], _ start: Int, _ end: Int) -> Int {
    func at(_ index: Int) -> Unicode.Scalar? {
      index >= 0 && index < text.count ? text[index] : nil
    }
    func isLetter(_ index: Int) -> Bool {
      at(index).map { isWord($0) && !TextKind.isDecimal($0) } ?? false
    }
    func isPunctuatedWord(_ index: Int) -> Bool {
      at(index).map { isWord($0) || "!\"'&.,?".unicodeScalars.contains($0) } ?? false
    }
    func dashes(_ index: Int) -> Int {
      var count = 0
      while at(index + count) == "-" { count += 1 }
      return count
    }
    // An em-dash: (?<=[\w!"'&.,?])-{2,}(?=\w)
    let leading = dashes(start)
    if leading >= 2, isPunctuatedWord(start - 1), at(start + leading).map(isWord) ?? false {
      return start + leading
    }
    var index = start
    while index < end {
      if at(index) == "-", index > start {
        let count = dashes(index)
        // Before an em-dash the word ends.
        if count >= 2, isPunctuatedWord(index - 1), at(index + count).map(isWord) ?? false {
          return index
        }
        // A hyphen behind two letters, or a letter, a hyphen and a letter, and before a letter
        // and one more letter or hyphen.
        let behind =
          isLetter(index - 2) && isLetter(index - 1)
          || isLetter(index - 3) && at(index - 2) == "-" && isLetter(index - 1)
        let ahead =
          isLetter(index + 1)
          && (isLetter(index + 2) || at(index + 2) == "-" && isLetter(index + 3))
        if count == 1, behind, ahead, index - 1 >= start { return index + 1 }
        index += count
      } else {
        index += 1
      }
    }
    return end
  }
}
