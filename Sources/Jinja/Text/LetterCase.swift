/// Jinja: upper, lower and title case as Python has them.

func uppercased(_ text: String) -> String {
  if text.isASCIIOnly { return text.uppercased() }
  var result = ""
  for scalar in text.unicodeScalars { result += scalar.properties.uppercaseMapping }
  return result
}

func lowercased(_ text: String) -> String {
  // Most text is lower case already.
  if text.utf8.allSatisfy({ $0 < 0x80 && !(65...90).contains($0) }) { return text }
  if text.isASCIIOnly { return text.lowercased() }
  return lowercased(text.scalarArray)
}

/// A sigma at the end of a word has a form of its own.
func lowercased(_ scalars: [Unicode.Scalar]) -> String {
  var result = ""
  for (index, scalar) in scalars.enumerated() {
    if scalar == "\u{3A3}" {
      let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
      let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
      let isFinal =
        (before?.properties.isCased ?? false) && !(after?.properties.isCased ?? false)
      result += isFinal ? "\u{3C2}" : "\u{3C3}"
    } else {
      result += scalar.properties.lowercaseMapping
    }
  }
  return result
}

/// `str.casefold`, by way of upper case: Swift has no table of its own for it.
func caseFolded(_ text: String) -> String {
  if text.isASCIIOnly { return text.lowercased() }
  var result = ""
  for scalar in text.unicodeScalars {
    if scalar == "\u{131}" {
      result.unicodeScalars.append(scalar)
      continue
    }
    for upper in scalar.properties.uppercaseMapping.unicodeScalars {
      result += upper.properties.lowercaseMapping
    }
  }
  return result
}

func capitalized(_ text: String) -> String {
  guard let first = text.unicodeScalars.first else { return "" }
  return first.properties.titlecaseMapping + lowercased(Array(text.unicodeScalars.dropFirst()))
}

/// `str.title`: upper case after everything that has no case.
func titled(_ text: String) -> String {
  var result = ""
  var isInWord = false
  for scalar in text.unicodeScalars {
    result +=
      isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
    isInWord = scalar.properties.isCased
  }
  return result
}

func caseSwapped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if scalar.properties.isUppercase {
      result += scalar.properties.lowercaseMapping
    } else if scalar.properties.isLowercase {
      result += scalar.properties.uppercaseMapping
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

enum TextKind {
  static func isLower(_ text: String) -> Bool { hasCase(text) { $0.isUppercase || isTitle($0) } }

  static func isUpper(_ text: String) -> Bool { hasCase(text) { $0.isLowercase || isTitle($0) } }

  private static func isTitle(_ properties: Unicode.Scalar.Properties) -> Bool {
    properties.generalCategory == .titlecaseLetter
  }

  private static func hasCase(
    _ text: String, refused: (Unicode.Scalar.Properties) -> Bool
  ) -> Bool {
    var isCased = false
    for scalar in text.unicodeScalars {
      if refused(scalar.properties) { return false }
      if scalar.properties.isCased { isCased = true }
    }
    return isCased
  }

  static func isTitle(_ text: String) -> Bool {
    var isInWord = false
    var isCased = false
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if properties.isUppercase || isTitle(properties) {
        if isInWord { return false }
        (isInWord, isCased) = (true, true)
      } else if properties.isLowercase {
        if !isInWord { return false }
        isCased = true
      } else {
        isInWord = false
      }
    }
    return isCased
  }

  static func isAlpha(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return true
    default: return false
    }
  }

  static func isDecimal(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.numericType == .decimal
  }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.numericType == .decimal || scalar.properties.numericType == .digit
  }

  static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.numericType != nil
  }

  static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    isAlpha(scalar) || isNumeric(scalar)
  }

  static func all(_ text: String, _ test: (Unicode.Scalar) -> Bool) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy(test)
  }
}
