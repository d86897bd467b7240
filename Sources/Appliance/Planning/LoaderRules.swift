/// Appliance: which machine gets which boot program.

package import DHCPProxy
import Wire

/// The table `loaders:` of the configuration over the programs that fit by default. The most specific
/// rule wins: a machine's MAC address, its manufacturer, its vendor class (the longest), EFI byte
/// code, its platform.
package struct LoaderRules: Equatable, Sendable {
  /// What a rule is for.
  enum Selector: Hashable, Sendable {
    case mac(MACAddress)
    /// The first three bytes of the MAC address, as a number.
    case manufacturer(UInt32)
    /// The beginning of option 60.
    case vendorClass(String)
    /// Firmware that calls itself EFI byte code: options 93 of 9 and 17, in practice x64.
    case byteCode
    case platform(Architecture)
  }

  private var rules: [Selector: LoaderName] = [:]
  /// Vendor classes of rules, longest first.
  private var vendorClasses: [String] = []

  /// Without a configuration.
  package static let standard = LoaderRules()

  private init() {
    rules = [.platform(.bios): .undionly, .platform(.uefiX64): .snponly]
  }

  /// `pairs` as they stand in the configuration: a selector and a file name. `signed` are the programs
  /// for Secure Boot that there are: it can't be seen in DHCP, so every machine of such a platform gets
  /// the signed one unless a rule says otherwise.
  package init(_ pairs: [(key: String, value: String)], signed: Set<LoaderName> = [])
    throws(LoaderRuleMistake)
  {
    self.init()
    for (program, platform) in [
      (LoaderName.shimX64, Architecture.uefiX64), (.shimARM64, .uefiARM64),
    ] where signed.contains(program) {
      rules[.platform(platform)] = program
    }
    var seen: [Selector: String] = [:]
    for (key, value) in pairs {
      let selector = try Self.selector(key)
      if let other = seen.updateValue(key, forKey: selector) {
        throw LoaderRuleMistake(
          key: key,
          reason: other == key
            ? "it is there twice; take one out"
            : "it is the same as «\(other)»; take one out")
      }
      do throws(LoaderName.Mistake) {
        rules[selector] = try LoaderName(value)
      } catch {
        throw LoaderRuleMistake(
          key: key, reason: "«\(value)» is not the name of a boot program: \(error.reason)")
      }
    }
    vendorClasses = rules.keys.compactMap {
      if case .vendorClass(let text) = $0 { text } else { nil }
    }.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
  }

  /// nil where there is no program for such a machine.
  package func file(for client: BootClient) -> LoaderName? {
    let manufacturer = UInt32(truncatingIfNeeded: client.mac.value >> 24)
    if let file = rules[.mac(client.mac)] ?? rules[.manufacturer(manufacturer)] { return file }
    if let text = vendorClasses.first(where: { client.vendorClass.utf8.starts(with: $0.utf8) }),
      let file = rules[.vendorClass(text)]
    {
      return file
    }
    let isByteCode = client.architecture == .uefiEBC || client.architecture == .httpEBC
    if isByteCode, let file = rules[.byteCode] { return file }
    return rules[.platform(client.architecture.platform)]
  }

  /// Every file that a rule names, each once, sorted.
  package var files: [LoaderName] {
    Set(rules.values).sorted { $0.text < $1.text }
  }

  /// What the machines of a platform get, unless a more specific rule is theirs.
  func file(of platform: Architecture) -> LoaderName? { rules[.platform(platform)] }

  /// The platforms whose rule names this file.
  func platforms(of file: LoaderName) -> [Architecture] {
    rules.compactMap { selector, name in
      if case .platform(let platform) = selector, name == file { platform } else { nil }
    }
  }

  // MARK: Selectors

  private static func selector(_ key: String) throws(LoaderRuleMistake) -> Selector {
    let words = key.split(separator: " ")
    guard words.count > 1, let kind = words.first else { return try platform(key) }
    guard ["mac", "oui", "class"].contains(kind) else {
      throw LoaderRuleMistake(key: key, reason: Self.whatItMayBe)
    }
    let pattern: ClientPattern
    do throws(BootRuleError) {
      pattern = try ClientPattern(parsing: key)
    } catch {
      let reason = error.description.trimmingPrefix("«\(key)»: ")
      throw LoaderRuleMistake(key: key, reason: String(reason))
    }
    switch pattern {
    case .mac(let mac): return .mac(mac)
    case .oui(let number): return .manufacturer(number)
    case .vendorClass(let quoted):
      let text = unquoted(quoted[...])
      guard text.hasPrefix("PXEClient") || text.hasPrefix("HTTPClient") else {
        throw LoaderRuleMistake(
          key: key,
          reason: "a vendor class of network boot begins with PXEClient or HTTPClient")
      }
      return .vendorClass(String(text))
    case .architecture, .instructionSet, .interface, .relay:
      throw LoaderRuleMistake(key: key, reason: Self.whatItMayBe)
    }
  }

  private static func platform(_ name: String) throws(LoaderRuleMistake) -> Selector {
    if name == "ebc" { return .byteCode }
    guard let platform = Architecture.platforms.first(where: { $0.platformName == name }) else {
      throw LoaderRuleMistake(key: name, reason: Self.whatItMayBe)
    }
    return .platform(platform)
  }

  private static func unquoted(_ text: Substring) -> Substring {
    guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
    return text.dropFirst().dropLast()
  }

  private static let whatItMayBe: String = {
    let names = (Architecture.platforms.compactMap(\.platformName) + ["ebc"])
      .joined(separator: ", ")
    return
      "a boot program is chosen by \(names), or by «mac 52:54:00:aa:00:01», «oui 52:54:00», "
      + "«class PXEClient:Arch:00011»"
  }()
}

/// A rule that can't be.
package struct LoaderRuleMistake: Error, Equatable, Sendable {
  /// As it stands in the configuration.
  package var key: String
  package var reason: String
}

extension LoaderRuleMistake: CustomStringConvertible {
  package var description: String { "loaders: «\(key)»: \(reason)" }
}
