/// Jinja: text as Python sees it, a sequence of code points.

/// Python's `str.isspace` for one code point.
func isPythonSpace(_ value: UInt32) -> Bool {
  switch value {
  case 9...13, 28...32, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
    0x3000:
    return true
  default: return false
  }
}

/// What `str.splitlines` takes for the end of a line.
func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 10...13, 28...30, 0x85, 0x2028, 0x2029: return true
  default: return false
  }
}

extension String {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    self = String(view)
  }

  var isASCIIOnly: Bool { utf8.allSatisfy { $0 < 0x80 } }

  /// Python's `len`.
  var scalarCount: Int { unicodeScalars.count }

  var scalarArray: [Unicode.Scalar] { Array(unicodeScalars) }
}

func joined(_ parts: [String], separator: String = "") -> String {
  var result = ""
  for (index, part) in parts.enumerated() {
    if index > 0 { result += separator }
    result += part
  }
  return result
}
