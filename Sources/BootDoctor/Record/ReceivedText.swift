/// BootDoctor: text out of packets, so that it can do no harm to a terminal.

/// Names, URLs and messages as others sent them.
package enum ReceivedText {
  /// Longer text is cut: it has no end that a capture must respect.
  private static let longest = 255

  /// UTF-8 as it is; control characters, and what is no UTF-8, as «�».
  package static func printable(_ bytes: some Sequence<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: Array(bytes.prefix(longest)), as: UTF8.self).unicodeScalars {
      text.append(isControl(scalar) ? "\u{fffd}" : scalar)
    }
    return String(text)
  }

  /// Also those that turn the direction of text around.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Up to the first NUL; nil for nothing.
  package static func name(_ bytes: some Sequence<UInt8>) -> String? {
    let text = printable(bytes.prefix { $0 != 0 })
    return text.isEmpty ? nil : text
  }
}
