/// Jinja: a value while a template runs. Text, numbers and everything that Python would have.

enum Value {
  /// A variable that nothing was assigned to; never reaches an operator.
  case missing
  case undefined(Undefined)
  case null
  case bool(Bool)
  case int(Int)
  /// Only numbers that don't fit `int`.
  case big(BigInt)
  case double(Double)
  case string(String)
  /// Text that is marked as safe HTML (Python's Markup, a kind of str).
  case markup(String)
  case list(ListObject)
  case tuple(TupleObject)
  case dict(DictObject)
  case object(Object)

  static func integer(_ value: BigInt) -> Value {
    if let small = value.int { return .int(small) }
    return .big(value)
  }

  /// Plain or safe text.
  var text: String? {
    switch self {
    case .string(let text), .markup(let text): return text
    default: return nil
    }
  }

  var isUndefined: Bool {
    if case .undefined = self { return true }
    return false
  }

  var isNone: Bool {
    if case .null = self { return true }
    return false
  }

  var isMarkup: Bool {
    if case .markup = self { return true }
    return false
  }

  var kind: ValueKind {
    switch self {
    case .missing, .undefined: return .undefined
    case .null: return .none
    default: return .other
    }
  }

  /// Python's name of the type, as its messages show it.
  var typeName: String {
    switch self {
    case .missing, .undefined: return "Undefined"
    case .null: return "NoneType"
    case .bool: return "bool"
    case .int, .big: return "int"
    case .double: return "float"
    case .string: return "str"
    case .markup: return "Markup"
    case .list: return "list"
    case .tuple: return "tuple"
    case .dict: return "dict"
    case .object(let object): return object.typeName
    }
  }
}

enum ValueKind: Sendable {
  case undefined
  case none
  case other
}

/// What a name or a lookup that found nothing answers. It remembers what to say.
final class Undefined: Sendable {
  let message: String
  /// The value of an inline `if` without `else` stays lenient in strict environments.
  let isLenient: Bool

  init(_ message: String, isLenient: Bool = false) {
    self.message = message
    self.isLenient = isLenient
  }

  static func name(_ name: String) -> Undefined { Undefined("'\(name)' is undefined") }
}
