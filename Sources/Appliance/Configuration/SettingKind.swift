/// Appliance: what a value in the configuration may be.

import DHCPProxy
import IPMI
import Power

/// The type of a setting, with the words that tell a person what is allowed.
struct SettingKind: Sendable {
  var allowed: String
  var accepts: @Sendable (String) -> Bool
  /// What is wrong with a value that is not accepted, where there is more to say than `allowed`.
  var explains: (@Sendable (String) -> String?)?

  init(allowed: String, accepts: @escaping @Sendable (String) -> Bool) {
    self.allowed = allowed
    self.accepts = accepts
  }

  /// A value that `mistake` finds nothing wrong with.
  init(allowed: String, mistake: @escaping @Sendable (String) -> String?) {
    self.allowed = allowed
    accepts = { mistake($0) == nil }
    explains = mistake
  }

  static let port = SettingKind(allowed: "a port number from 1 to 65535") {
    UInt16($0).map { $0 > 0 } ?? false
  }

  static let portRange = SettingKind(
    allowed: "a range of ports, as in 5000-5199"
  ) { Self.portRange($0) != nil }

  /// nil for what is none.
  static func portRange(_ text: String) -> ClosedRange<UInt16>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first > 0, first <= last else {
      return nil
    }
    return first...last
  }

  static let count = SettingKind(allowed: "a number from 1 to 1000000") {
    Int($0).map { (1...1_000_000).contains($0) } ?? false
  }

  static let powerCommand = SettingKind(
    allowed: "a name and a command, as in ilo: /usr/local/bin/ilo {action} {address}"
  ) { text in
    do throws(CommandTemplate.Mistake) {
      _ = try CommandTemplate(powerCommand: SettingPair(text).parts.value)
      return nil
    } catch {
      return error.description
    }
  }

  static let quirk = SettingKind(
    allowed: "a list of \(BMCQuirk.all.map(\.rawValue).joined(separator: ", "))"
  ) { BMCQuirk(name: $0) != nil }

  static let directory = SettingKind(allowed: "a directory") { !$0.isEmpty && !$0.contains("\0") }

  static let file = SettingKind(allowed: "a file") { !$0.isEmpty && !$0.contains("\0") }

  /// IPMI v2.0 §20.4: a user name is at most 16 bytes.
  static let userName = SettingKind(allowed: "a name of at most 16 bytes") { $0.utf8.count <= 16 }

  static let duration = SettingKind(
    allowed: "a number and one of s, m, h or d, as in 10m"
  ) { SettingDuration($0) != nil }

  static let size = SettingKind(
    allowed: "a number and one of KiB, MiB, GiB or TiB, as in 20GiB"
  ) { SettingSize($0) != nil }

  static let sizeOrOff = SettingKind(
    allowed: "a number and one of KiB, MiB or GiB, as in 64MiB, or off"
  ) { $0 == "off" || $0 == "false" || SettingSize($0) != nil }

  static let interfaces = SettingKind(allowed: "a list of interface names, as in [eth0, eth1]") {
    !$0.isEmpty && $0.utf8.count < 16 && !$0.contains("/") && !$0.contains(" ")
  }

  static let flag = SettingKind(allowed: "true or false") { Self.flag($0) != nil }

  /// nil for what is neither.
  static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    default: nil
    }
  }

  static let loader = SettingKind(
    allowed: "a kind of machine and a file, as in arm64: grubaa64.efi"
  ) {
    !SettingPair($0).parts.value.isEmpty
  }

  static let strategy = SettingKind(
    allowed: "a machine and a way to answer it, as in «mac 52:54:00:00:00:01»: menu"
  ) { text in
    mistake { () throws(BootRuleError) in
      _ = try StrategyPins(parsing: [SettingPair(text).parts])
    }
  }

  static let admissionRule = SettingKind(
    allowed: "a list of rules, as in [\"oui 52:54:00\", \"arch arm64\"]"
  ) { text in
    mistake { () throws(BootRuleError) in _ = try ClientPattern(parsing: text) }
  }

  private static func mistake(_ reading: () throws(BootRuleError) -> Void) -> String? {
    do throws(BootRuleError) {
      try reading()
      return nil
    } catch {
      return error.description
    }
  }

  static func choice(_ words: [String]) -> SettingKind {
    SettingKind(allowed: words.joined(separator: " or ")) { words.contains($0) }
  }
}

/// A pair of a map in the configuration, kept as `key=value`.
struct SettingPair {
  let parts: (key: String, value: String)

  init(_ text: String) {
    let end = text.firstIndex(of: "=") ?? text.endIndex
    parts = (String(text[..<end]), String(text[end...].dropFirst()))
  }
}

/// A time span as people write it: `90s`, `10m`, `2h`, `1d`.
struct SettingDuration {
  let duration: Duration

  /// Up to 365 days; nil for anything else.
  init?(_ text: String) {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let count = UInt32(text.dropLast()),
      count > 0, Int(count) * unit <= 365 * 86_400
    else { return nil }
    duration = .seconds(Int(count) * unit)
  }
}

/// An amount of bytes as people write it: `512MiB`, `20GiB`.
struct SettingSize {
  let bytes: Int

  /// Up to 1024 TiB; nil for anything else.
  init?(_ text: String) {
    let units = ["KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40]
    guard let shift = units[String(text.suffix(3))], let count = Int(text.dropLast(3)), count > 0,
      count <= 1 << (50 - shift)
    else { return nil }
    bytes = count << shift
  }
}

extension CommandTemplate {
  /// As it stands in the configuration: words with blanks between them.
  init(powerCommand text: String) throws(Mistake) {
    try self.init(text.split(separator: " ").map(String.init))
  }
}
