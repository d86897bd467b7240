/// Power: an operator's executable, and what it is told.

/// The words of the configuration: the executable's absolute path, then its arguments, in which
/// `{action}`, `{device}`, `{mode}`, `{host}`, `{address}` and `{user}` stand for values. No shell
/// reads them; a value stays inside its argument. The password is never among them.
package struct CommandTemplate: Equatable, Sendable {
  package enum Placeholder: String, CaseIterable, Sendable {
    /// `status`, `on`, `off`, `cycle`, `reset`, `soft` or `bootdev`.
    case action
    /// With `bootdev`: `pxe`, `disk`, `cdrom`, `setup`, `none`.
    case device
    /// With `bootdev`: `efi` or `any`, then `-persistent` where it is not for the next boot only.
    case mode
    /// The host's id.
    case host
    /// The host's parameter `command_address`.
    case address
    /// The host's parameter `command_user`.
    case user
  }

  /// What a person must change in the configuration.
  package struct Mistake: Error, Equatable, Sendable, CustomStringConvertible {
    package var description: String
  }

  private enum Piece: Equatable {
    case text(String)
    case value(Placeholder)
  }

  let executable: String
  private let arguments: [[Piece]]

  package init(_ words: [String]) throws(Mistake) {
    guard let first = words.first, first.hasPrefix("/"), !first.contains("\0") else {
      throw Mistake(description: "a power command begins with the absolute path of an executable")
    }
    guard !first.contains("{") else {
      throw Mistake(description: "the executable of a power command has no placeholder")
    }
    executable = first
    var arguments: [[Piece]] = []
    for word in words.dropFirst() { arguments.append(try Self.pieces(word)) }
    self.arguments = arguments
  }

  /// Whether it can be told what to boot.
  package var setsBootDevice: Bool { arguments.contains { $0.contains(.value(.device)) } }

  private static func pieces(_ word: String) throws(Mistake) -> [Piece] {
    guard !word.contains("\0") else {
      throw Mistake(description: "a word of a power command has a zero byte")
    }
    var pieces: [Piece] = []
    var rest = word[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}"),
        let placeholder = Placeholder(rawValue: String(rest[open..<close].dropFirst()))
      else {
        let names = Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
        throw Mistake(
          description: "“\(word)” has a placeholder that is not known; known are \(names)")
      }
      pieces.append(.value(placeholder))
      rest = rest[close...].dropFirst()
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    return pieces
  }

  /// The argument list, the executable first.
  func argv(_ values: [Placeholder: String]) throws(DriverError) -> [String] {
    var result = [executable]
    for pieces in arguments {
      var word = ""
      for piece in pieces {
        switch piece {
        case .text(let text): word += text
        case .value(let placeholder):
          let value = values[placeholder] ?? ""
          // A value must not become an option of the program.
          guard !value.contains("\0"), !(word.isEmpty && value.hasPrefix("-")),
            value.utf8.count <= 4096
          else {
            throw DriverError(
              .unsupported,
              "the value of {\(placeholder.rawValue)} begins with “-” or has bytes that cannot be in "
                + "an argument")
          }
          word += value
        }
      }
      result.append(word)
    }
    return result
  }
}
