/// HTTPBoot: text that goes into GRUB's script language, so that it can't become more than text.

enum GRUBWord {
  /// One word, taken literally. Inside single quotes nothing is special but the quote itself (GRUB
  /// manual, "Quoting"). Control characters would break the line on the screen, so they are blanks.
  static func quoted(_ text: String) -> String {
    var word = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": word += "'\\''"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f: word += " "
      default: word.unicodeScalars.append(scalar)
      }
    }
    return word + "'"
  }

  /// The parameters of a kernel command line as GRUB's `linux` wants them: a blank inside double
  /// quotes does not separate (the kernel's own rule, `next_arg`), and the quotes go, because GRUB
  /// puts them around each word with a blank in it. GRUB 2.06 also puts a backslash before each
  /// backslash and single quote, and the kernel does not take it away: `z\z` arrives as `z\\z`.
  static func kernelWords(_ options: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    var hasWord = false
    for scalar in options.unicodeScalars {
      switch scalar {
      case "\"":
        isQuoted.toggle()
        hasWord = true
      case _ where !isQuoted && (scalar.value <= 0x20 || scalar.value == 0x7f):
        if hasWord { words.append(word) }
        (word, hasWord) = ("", false)
      default:
        word.unicodeScalars.append(scalar)
        hasWord = true
      }
    }
    return hasWord ? words + [word] : words
  }
}
