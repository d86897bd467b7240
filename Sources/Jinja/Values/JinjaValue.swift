/// Jinja: what a template is given and what an expression answers, in the shape of JSON.

package enum JinjaValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case bigInt(BigInt)
  case double(Double)
  case string(String)
  case list([JinjaValue])
  case dict(JinjaDictionary)
}

extension JinjaValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(floatLiteral value: Double) { self = .double(value) }
  package init(arrayLiteral elements: JinjaValue...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, JinjaValue)...) {
    self = .dict(JinjaDictionary(elements))
  }
  package init(nilLiteral: ()) { self = .null }
}
