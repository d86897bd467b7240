/// Jinja: one token of a template.

struct Token {
  enum Kind: String {
    case add = "+"
    case sub = "-"
    case mul = "*"
    case div = "/"
    case floorDiv = "//"
    case mod = "%"
    case pow = "**"
    case tilde = "~"
    case leftBracket = "["
    case rightBracket = "]"
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBrace = "{"
    case rightBrace = "}"
    case eq = "=="
    case ne = "!="
    case gt = ">"
    case ge = ">="
    case lt = "<"
    case le = "<="
    case assign = "="
    case dot = "."
    case colon = ":"
    case pipe = "|"
    case comma = ","
    case semicolon = ";"
    case name = "name"
    case string = "string"
    case integer = "integer"
    case float = "float"
    case data = "template data / text"
    case blockBegin = "begin of statement block"
    case blockEnd = "end of statement block"
    case variableBegin = "begin of print statement"
    case variableEnd = "end of print statement"
    case end = "end of template"
    /// The lexer could not go on; `text` says why.
    case failure = "mistake"
  }

  let kind: Kind
  let line: Int
  /// The name, the unescaped string, the data, or the digits.
  var text = ""

  var description: String { kind == .name ? text : kind.rawValue }

  func isName(_ word: String) -> Bool { kind == .name && text == word }
}
