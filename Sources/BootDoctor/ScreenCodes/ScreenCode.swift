/// BootDoctor: the codes that people read from a machine's screen.

/// One meaning of a code. BIOS and UEFI use the same numbers with different meanings, so a code may have
/// several.
package struct ScreenCode: Equatable, Sendable {
  package enum Program: String, Sendable {
    case biosPXE = "PXE ROM of a BIOS machine"
    case uefiPXE = "PXE of UEFI (EDK2)"
    case httpBoot = "UEFI HTTP Boot"
    case ipxe = "iPXE"
  }

  /// `PXE-E53`, `2d0c613b`.
  package var code: String
  package var program: Program
  /// What stands beside the code on the screen.
  package var text: String
  package var cause: String
  package var remedy: String
  /// Verdicts over a capture that tell the cause exactly.
  package var verdicts: [Verdict.Code]

  init(
    _ code: String, _ program: Program, _ text: String, _ cause: String, _ remedy: String,
    _ verdicts: [Verdict.Code] = []
  ) {
    self.code = code
    self.program = program
    self.text = text
    self.cause = cause
    self.remedy = remedy
    self.verdicts = verdicts
  }

  package static var all: [ScreenCode] { ofBIOS + ofUEFI + ofIPXE }

  /// All meanings of what somebody typed: `PXE-E53`, `e53`, `2d0c618e`, `https://ipxe.org/2d0c618e`.
  /// Empty for what is no code, or is not known.
  package static func meanings(of text: String) -> [ScreenCode] {
    let word = (text.split(separator: "/").last.map(String.init) ?? text).lowercased()
    guard word.utf8.count <= 32 else { return [] }
    let short = word.hasPrefix("pxe-") ? String(word.dropFirst(4)) : word
    let exact = (ofBIOS + ofUEFI).filter { $0.code.lowercased() == "pxe-" + short }
    if !exact.isEmpty { return exact }
    return IPXEError(word).map(\.meanings) ?? []
  }

  /// Whether this looks like a code rather than like a file's name.
  package static func isCode(_ text: String) -> Bool {
    let word = (text.split(separator: "/").last.map(String.init) ?? text).lowercased()
    let short = word.hasPrefix("pxe-") ? String(word.dropFirst(4)) : word
    let isPXE =
      short.utf8.count == 3 && (short.hasPrefix("e") || short.hasPrefix("m"))
      && short.dropFirst().allSatisfy(\.isHexDigit)
    return isPXE || IPXEError(word) != nil
  }
}

extension ScreenCode {
  /// For `fino explain PXE-E53`.
  package var explanation: String {
    var lines = ["\(code), \(program.rawValue): \(text)"]
    lines += Verdict.wrapped(cause)
    lines += Verdict.wrapped("Do: " + remedy)
    if !verdicts.isEmpty {
      lines.append(
        "    In a capture: " + verdicts.map(\.rawValue).joined(separator: ", "))
    }
    return lines.joined(separator: "\n")
  }
}
