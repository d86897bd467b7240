/// Appliance: the doctor looks at the boot programs: there, whole, for the right processor, signed.

import Crypto
import DHCPProxy
import TFTP
import Wire

struct LoaderCheck {
  var rules: LoaderRules
  var loaders: BootLoaders
  var secureBoot: Bool

  var findings: [Finding] {
    let missing = loaders.problems(with: rules).map {
      Finding(
        "loaders", .problem, $0.capitalisedFirst + ".",
        remedy: "Put the file into «tftp.directory», or take the rule out.")
    }
    return missing + rules.files.compactMap(finding)
  }

  /// nil for one that is missing.
  private func finding(_ name: LoaderName) -> Finding? {
    guard let contents = loaders.file(named: name.text)?.contents else { return nil }
    guard contents.count > 0 else {
      return Finding(
        "loaders", .problem, "The boot program \(name) is empty.", remedy: "Copy it anew.")
    }
    let digest = contents.withUnsafeBytes { SHA256.hash(data: $0) }
    var text =
      "\(name): \(Amount.bytes(contents.count)), SHA-256 "
      + digest.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "…"
    guard name.text.lowercased().hasSuffix(".efi") else {
      return Finding("loaders", .ok, text + ".")
    }
    let head = contents.withUnsafeBytes { Array($0.prefix(4096)) }
    let program: EFIProgram
    do throws(WireError) {
      program = try EFIProgram(parsing: head)
    } catch {
      return Finding(
        "loaders", .problem, "The boot program \(name) is no EFI program: \(error).",
        remedy: "Copy it anew; a page of a web server saved under this name looks like this.")
    }
    let processor = program.instructionSet?.rawValue ?? "an unknown processor"
    text += ", for \(processor), \(program.isSigned ? "signed" : "not signed")."
    for platform in rules.platforms(of: name) where platform.instructionSet != nil {
      guard platform.instructionSet == program.instructionSet else {
        return Finding(
          "loaders", .problem,
          "The boot program \(name) is for \(processor), but «loaders» gives it to "
            + "\(platform.platformName ?? "\(platform)") machines.",
          remedy: "Name the program for that processor there.")
      }
    }
    if secureBoot, !program.isSigned {
      return Finding(
        "loaders", .warning, text,
        remedy: "Firmware with Secure Boot refuses it without a word; name a signed program.")
    }
    return Finding("loaders", .ok, text)
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
