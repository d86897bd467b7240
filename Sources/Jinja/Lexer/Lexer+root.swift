/// Jinja: plain text, comments and raw blocks, up to the tags between them.

extension Lexer {
  private enum Opening {
    case raw
    case tag(Delimiters.Tag)
  }

  mutating func readRoot() {
    while !isAtEnd {
      guard let (start, opening, signIndex, end) = nextOpening() else {
        emit(.data, text(position..<source.count))
        advance(to: source.count)
        return
      }
      let isVariable = if case .tag(.variable) = opening { true } else { false }
      emitData(upTo: start, sign: byte(at: signIndex), isVariable: isVariable)
      isLineStart = byte(at: end - 1) == 10
      let begin = line
      position = start
      switch opening {
      case .raw:
        advance(to: end)
        readRaw()
      case .tag(.comment):
        advance(to: end)
        readComment()
      case .tag(.lineComment):
        advance(to: end)
        while !isAtEnd, source[position] != 10 { position += 1 }
        isLineStart = false
      case .tag(let tag):
        advance(to: end)
        tokens.append(
          Token(kind: tag == .variable ? .variableBegin : .blockBegin, line: begin))
        readTag(until: tag)
      }
    }
  }

  /// The text before a tag, without the white space that the tag removes.
  private mutating func emitData(upTo end: Int, sign: UInt8, isVariable: Bool) {
    var cut = end
    if sign == UInt8(ascii: "-") {
      cut = endWithoutSpace(position..<end)
    } else if sign != UInt8(ascii: "+"), settings.lstripBlocks, !isVariable {
      var start = end
      while start > position, source[start - 1] != 10 { start -= 1 }
      if start > position || isLineStart, start < end, skippingSpace(from: start) >= end {
        cut = start
      }
    }
    if cut > position { emit(.data, text(position..<cut)) }
    advance(to: end)
  }

  private func endWithoutSpace(_ range: Range<Int>) -> Int {
    var end = range.lowerBound
    var index = range.lowerBound
    while index < range.upperBound {
      let (width, isSpace) = space(at: index)
      index += width
      if !isSpace { end = index }
    }
    return min(end, range.upperBound)
  }

  /// Where the next tag begins, which it is, where its sign would stand, and where its inside begins.
  private func nextOpening() -> (start: Int, Opening, signIndex: Int, end: Int)? {
    var index = position
    while index < source.count {
      guard delimiters.isOpeningByte[Int(source[index])] else {
        index += 1
        continue
      }
      if let end = rawEnd(at: index) {
        return (index, .raw, index + delimiters.blockStart.count, end)
      }
      for (tag, marker) in delimiters.opening {
        guard let after = openingEnd(of: tag, marker, at: index) else { continue }
        let isSigned = byte(at: after) == UInt8(ascii: "-") || byte(at: after) == UInt8(ascii: "+")
        return (index, .tag(tag), after, isSigned ? after + 1 : after)
      }
      index += 1
    }
    return nil
  }

  private func openingEnd(of tag: Delimiters.Tag, _ marker: [UInt8], at index: Int) -> Int? {
    let isLineBegin = index == 0 || source[index - 1] == 10
    var start = index
    switch tag {
    case .block, .comment, .variable: break
    case .lineStatement:
      guard isLineBegin else { return nil }
      while [9, 11, 32].contains(byte(at: start)) { start += 1 }
    case .lineComment:
      if !isLineBegin {
        // Behind a character that is no space.
        var before = index - 1
        while before > 0, source[before] & 0xC0 == 0x80 { before -= 1 }
        guard !space(at: before).isSpace else { return nil }
      }
      while start < source.count, source[start] != 10, space(at: start).isSpace {
        start += space(at: start).width
      }
    }
    return matches(marker, at: start) ? start + marker.count : nil
  }

  /// `{% raw %}`: the index behind it.
  private func rawEnd(at index: Int) -> Int? {
    guard matches(delimiters.blockStart, at: index) else { return nil }
    var end = index + delimiters.blockStart.count
    if byte(at: end) == UInt8(ascii: "-") || byte(at: end) == UInt8(ascii: "+") { end += 1 }
    end = skippingSpace(from: end)
    guard matches(Array("raw".utf8), at: end) else { return nil }
    end = skippingSpace(from: end + 3)
    if byte(at: end) == UInt8(ascii: "-"), matches(delimiters.blockEnd, at: end + 1) {
      return skippingSpace(from: end + 1 + delimiters.blockEnd.count)
    }
    return matches(delimiters.blockEnd, at: end) ? end + delimiters.blockEnd.count : nil
  }

  /// At the very end of the source Jinja2 does not notice that the end of the block is missing.
  private mutating func readRaw() {
    if isAtEnd { return }
    var index = position
    while index < source.count {
      if let end = endrawEnd(at: index) {
        let sign = byte(at: index + delimiters.blockStart.count)
        emitData(upTo: index, sign: sign, isVariable: false)
        advance(to: end)
        isLineStart = byte(at: end - 1) == 10
        return
      }
      index += 1
    }
    fail("Missing end of raw directive")
  }

  private func endrawEnd(at index: Int) -> Int? {
    guard matches(delimiters.blockStart, at: index) else { return nil }
    var end = index + delimiters.blockStart.count
    if byte(at: end) == UInt8(ascii: "-") || byte(at: end) == UInt8(ascii: "+") { end += 1 }
    end = skippingSpace(from: end)
    guard matches(Array("endraw".utf8), at: end) else { return nil }
    return closingEnd(delimiters.blockEnd, at: skippingSpace(from: end + 6))
  }

  /// `+%}`, `-%}` with the white space behind it, or `%}` with the line break that trim_blocks takes.
  func closingEnd(_ marker: [UInt8], at index: Int) -> Int? {
    if byte(at: index) == UInt8(ascii: "+"), matches(marker, at: index + 1) {
      return index + 1 + marker.count
    }
    if byte(at: index) == UInt8(ascii: "-"), matches(marker, at: index + 1) {
      return skippingSpace(from: index + 1 + marker.count)
    }
    guard matches(marker, at: index) else { return nil }
    let end = index + marker.count
    return settings.trimBlocks && byte(at: end) == 10 && end < source.count ? end + 1 : end
  }

  private mutating func readComment() {
    if isAtEnd { return }
    var index = position
    while index < source.count {
      if let end = closingEnd(delimiters.commentEnd, at: index) {
        advance(to: end)
        isLineStart = byte(at: end - 1) == 10
        return
      }
      index += 1
    }
    fail("Missing end of comment tag")
  }
}
