/// Power: a small XML document as a tree.

/// Names are without their prefixes: SOAP answers use whatever prefix they like.
struct XMLElement: Equatable, Sendable {
  var name: String
  var attributes: [XMLAttribute]
  var children: [XMLElement] = []
  /// All the text directly inside.
  var text = ""
  /// In the document: the whole element, and what is between its tags (nil for an empty element).
  var range = 0..<0
  var inside: Range<Int>?

  /// Elements of one document.
  static let countLimit = 20_000

  init(parsing bytes: [UInt8]) throws(XMLReader.Problem) {
    var reader = XMLReader(bytes)
    var stack: [XMLElement] = []
    var count = 0
    var root: XMLElement?
    while let event = try reader.next() {
      switch event {
      case .start(let name, let attributes):
        count += 1
        guard count <= Self.countLimit else {
          throw XMLReader.Problem(offset: reader.range.lowerBound, what: "too many elements")
        }
        var element = XMLElement(name: Self.local(name), attributes: attributes)
        element.range = reader.range
        stack.append(element)
      case .text(let text):
        guard let last = stack.indices.last else { continue }
        stack[last].text += text
      case .end:
        guard var element = stack.popLast() else { continue }
        if !reader.range.isEmpty {
          element.inside = element.range.upperBound..<reader.range.lowerBound
        }
        element.range =
          element.range.lowerBound..<max(element.range.upperBound, reader.range.upperBound)
        if let last = stack.indices.last {
          stack[last].children.append(element)
        } else {
          root = element
        }
      }
    }
    guard let root else { throw XMLReader.Problem(offset: 0, what: "no element") }
    self = root
  }

  private init(name: String, attributes: [XMLAttribute]) {
    self.name = name
    self.attributes = attributes
  }

  func attribute(_ name: String) -> String? {
    attributes.first { Self.local($0.name) == name }?.value
  }

  func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  private static func local(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }
}

extension String {
  /// As the text of an element or of a quoted attribute.
  var xmlEscaped: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      // XML 1.0 §2.2 has no way to write these.
      case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff: break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
