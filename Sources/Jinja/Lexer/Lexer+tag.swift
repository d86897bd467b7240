/// Jinja: names, numbers, strings and operators inside a tag.

extension Lexer {
  /// Reads up to the end of the tag; without one, up to the end of the source.
  mutating func readTag(until tag: Delimiters.Tag?) {
    brackets = []
    while !isAtEnd {
      if brackets.isEmpty, let tag, let end = tagEnd(tag) {
        emit(tag == .variable ? .variableEnd : .blockEnd)
        advance(to: end)
        isLineStart = byte(at: end - 1) == 10
        return
      }
      let (value, width) = scalar(at: position)
      if isPythonSpace(value) {
        advance(to: position + width)
      } else if let end = floatEnd() {
        emit(.float, digits(position..<end))
        position = end
      } else if let end = integerEnd() {
        emit(.integer, digits(position..<end))
        position = end
      } else if isNamePart(value) {
        readName()
      } else if value == 0x22 || value == 0x27 {
        readString(quote: UInt8(value))
      } else {
        readOperator()
      }
    }
    // The end of the source ends a line statement too.
    if tag == .lineStatement, brackets.isEmpty, tokens.last?.kind != .failure { emit(.blockEnd) }
  }

  private func tagEnd(_ tag: Delimiters.Tag) -> Int? {
    switch tag {
    case .variable:
      if byte(at: position) == UInt8(ascii: "-"), matches(delimiters.variableEnd, at: position + 1)
      {
        return skippingSpace(from: position + 1 + delimiters.variableEnd.count)
      }
      return matches(delimiters.variableEnd, at: position)
        ? position + delimiters.variableEnd.count : nil
    case .lineStatement:
      // White space up to the last line break in it.
      let end = skippingSpace(from: position)
      if end >= source.count { return end }
      guard let newline = source[position..<end].lastIndex(of: 10) else { return nil }
      return newline + 1
    default: return closingEnd(delimiters.blockEnd, at: position)
    }
  }

  private func digits(_ range: Range<Int>) -> String {
    String(decoding: source[range].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
  }

  private func isDigit(_ index: Int) -> Bool { (48...57).contains(byte(at: index)) }

  /// Digits that single underscores may separate; nil where there is no digit.
  private func digitsEnd(from index: Int) -> Int? {
    guard isDigit(index) else { return nil }
    var end = index + 1
    while isDigit(end) || byte(at: end) == UInt8(ascii: "_") && isDigit(end + 1) { end += 1 }
    return end
  }

  private func floatEnd() -> Int? {
    guard position == 0 || source[position - 1] != UInt8(ascii: "."),
      let whole = digitsEnd(from: position)
    else { return nil }
    var end = whole
    if byte(at: end) == UInt8(ascii: "."), let fraction = digitsEnd(from: end + 1) {
      end = fraction
    }
    if byte(at: end) | 0x20 == UInt8(ascii: "e") {
      let isSigned = byte(at: end + 1) == 43 || byte(at: end + 1) == 45
      if let exponent = digitsEnd(from: end + (isSigned ? 2 : 1)) { end = exponent }
    }
    return end > whole ? end : nil
  }

  private func integerEnd() -> Int? {
    guard isDigit(position) else { return nil }
    let start = position
    if byte(at: start) == 48 {
      let radix: UInt32? =
        switch byte(at: start + 1) | 0x20 {
        case UInt8(ascii: "b"): 2
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "x"): 16
        default: nil
        }
      if let radix {
        let isDigit = { (index: Int) in
          digitValue(self.byte(at: index)).map { $0 < radix } ?? false
        }
        var end = start + 2
        while isDigit(end) || byte(at: end) == UInt8(ascii: "_") && isDigit(end + 1) { end += 1 }
        if end > start + 2 { return end }
      }
      var end = start + 1
      while byte(at: end) == 48 || byte(at: end) == UInt8(ascii: "_") && byte(at: end + 1) == 48 {
        end += 1
      }
      return end
    }
    return digitsEnd(from: start)
  }

  private func isNamePart(_ value: UInt32) -> Bool {
    if value < 0x80 {
      return value == 95 || (48...57).contains(value) || (65...90).contains(value)
        || (97...122).contains(value)
    }
    guard let properties = Unicode.Scalar(value)?.properties else { return false }
    return properties.isXIDContinue || properties.numericType != nil
  }

  private mutating func readName() {
    let start = position
    var isValid = true
    while position < source.count {
      let (value, width) = scalar(at: position)
      guard isNamePart(value) else { break }
      if value >= 0x80, let properties = Unicode.Scalar(value)?.properties {
        isValid =
          isValid && (position == start ? properties.isXIDStart : properties.isXIDContinue)
      }
      position += width
    }
    if isValid {
      emit(.name, text(start..<position))
    } else {
      fail("Invalid character in identifier")
    }
  }

  private mutating func readString(quote: UInt8) {
    let start = position
    var index = position + 1
    while index < source.count, source[index] != quote {
      index += source[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < source.count else {
      failAtCharacter()
      return
    }
    switch unescaped(source[(start + 1)..<index]) {
    case .success(let text): emit(.string, text)
    case .failure(let mistake):
      fail(mistake.message)
      return
    }
    advance(to: index + 1)
  }

  private mutating func readOperator() {
    let pair = String(decoding: source[position..<min(position + 2, source.count)], as: UTF8.self)
    if pair.utf8.count == 2, let kind = Token.Kind(rawValue: pair) {
      emit(kind)
      position += 2
      return
    }
    let byte = source[position]
    guard byte < 0x80, let kind = Token.Kind(rawValue: String(Unicode.Scalar(byte))) else {
      failAtCharacter()
      return
    }
    switch kind {
    case .leftBrace: brackets.append(UInt8(ascii: "}"))
    case .leftParenthesis: brackets.append(UInt8(ascii: ")"))
    case .leftBracket: brackets.append(UInt8(ascii: "]"))
    case .rightBrace, .rightParenthesis, .rightBracket:
      guard let expected = brackets.popLast() else {
        fail("unexpected '\(kind.rawValue)'")
        return
      }
      guard expected == byte else {
        fail("unexpected '\(kind.rawValue)', expected '\(Unicode.Scalar(expected))'")
        return
      }
    default: break
    }
    emit(kind)
    position += 1
  }

  private mutating func failAtCharacter() {
    let (value, _) = scalar(at: position)
    let character = Unicode.Scalar(value).map { String(Character($0)) } ?? "?"
    let shown = character == "'" ? "\"'\"" : "'\(character)'"
    let offset = text(0..<position).unicodeScalars.count
    fail("unexpected char \(shown) at \(offset)")
  }
}
