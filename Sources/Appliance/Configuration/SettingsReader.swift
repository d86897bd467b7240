/// Appliance: command line over environment over file over defaults.

import Configuration
import DHCPProxy
import Foundation
import HTTPBoot
import IPMI
import Power
import Synchronization

/// Reads all settings from their four sources and checks them; reports every mistake at once.
package struct SettingsReader: Sendable {
  /// By the setting's name (`http.port`), as given on the command line.
  private let commandLine: [String: [String]]
  private let environment: [String: String]
  private let file: String?

  /// The file that is read when none is named, if it is there.
  package static let defaultFile = "/etc/fino/fino.yaml"

  package init(
    commandLine: [String: [String]] = [:],
    environment: [String: String] = ProcessInfo.processInfo.environment, file: String? = nil
  ) {
    self.commandLine = commandLine
    self.environment = environment.filter { $0.key.hasPrefix("FINO_") }
    self.file =
      file ?? environment["FINO_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
      ?? (FileManager.default.fileExists(atPath: Self.defaultFile) ? Self.defaultFile : nil)
  }

  /// With `preflight`, also what only this machine can show: interfaces and files.
  package func read(preflight: Bool = false) throws(ConfigurationMistakes) -> Settings {
    try read(self.file.map(ConfigurationFile.init(path:)), preflight: preflight)
  }

  /// For tests: a file that is given as text.
  package func read(text: String, name: String) throws(ConfigurationMistakes) -> Settings {
    try read(ConfigurationFile(text: text, name: name), preflight: false)
  }

  private func read(
    _ file: ConfigurationFile?, preflight: Bool
  ) throws(ConfigurationMistakes) -> Settings {
    var values = CheckedValues(
      reader: reader(file), file: file, mistakes: file?.mistakes ?? [])
    let settings = Settings(
      interfaces: values.texts(.interfaces),
      httpPort: values.port(.httpPort),
      httpLimits: values.httpLimits(),
      tftpPort: values.port(.tftpPort),
      tftpPorts: values.texts(.tftpPorts).first.flatMap(SettingKind.portRange),
      tftpSinglePort: values.flag(.tftpSinglePort),
      tftpDirectory: values.texts(.tftpDirectory).first,
      loaders: values.loaders(),
      secureBoot: values.flag(.secureBoot),
      dhcp: values.dhcp(),
      state: values.text(.state),
      images: values.text(.images),
      imageCache: .init(
        directory: values.texts(.cacheDirectory).first ?? values.text(.state) + "/cache",
        size: SettingSize(values.text(.cacheSize))?.bytes ?? 0),
      unknown: .init(rawValue: values.text(.unknown)) ?? .disk,
      powerDriver: .init(rawValue: values.text(.powerDriver)) ?? .ipmi,
      powerCommands: values.powerCommands(),
      captureRing: SettingSize(values.text(.captureRing))?.bytes ?? 0,
      ipmi: .init(
        username: values.text(.ipmiUserName), passwordFile: values.text(.ipmiPasswordFile),
        kgFile: values.texts(.ipmiKgFile).first,
        port: values.port(.ipmiPort), privilege: values.text(.ipmiPrivilege),
        usesLegacy: values.flag(.ipmiLegacy),
        quirks: Set(values.texts(.ipmiQuirks).compactMap(BMCQuirk.init(name:)))),
      reimage: .init(
        lease: values.duration(.lease), timeLimit: values.duration(.timeLimit),
        recordsConsole: values.flag(.recordConsole), recordTime: values.duration(.recordTime)))
    if preflight {
      values.mistakes += Preflight(settings: settings, places: values.places).mistakes
    }
    guard values.mistakes.isEmpty else { throw ConfigurationMistakes(list: values.mistakes) }
    return settings
  }

  private func reader(_ file: ConfigurationFile?) -> CheckedValues.Reader {
    func provider(_ name: String, _ values: [String: [String]]) -> InMemoryProvider {
      let pairs = values.map { name, texts -> (AbsoluteConfigKey, ConfigValue) in
        let isList = SettingKey.all.contains { $0.name == name && $0.hasManyValues }
        let content: ConfigContent = isList ? .stringArray(texts) : .string(texts.first ?? "")
        return (
          AbsoluteConfigKey(name.split(separator: ".").map(String.init)),
          ConfigValue(content, isSecret: false)
        )
      }
      return InMemoryProvider(name: name, values: Dictionary(pairs) { $1 })
    }
    let defaults = SettingKey.all.compactMap { key in key.defaultValue.map { (key.name, [$0]) } }
    let sources = CheckedValues.SourceRecorder()
    return CheckedValues.Reader(
      config: ConfigReader(
        providers: [
          provider("command line", commandLine),
          EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "fino"),
          provider("file", file?.values.mapValues(\.texts) ?? [:]),
          provider("defaults", Dictionary(defaults) { $1 }),
        ], accessReporter: sources),
      sources: sources)
  }
}

/// Takes values out of the reader, checks each, and collects what is wrong.
private struct CheckedValues {
  struct Reader {
    var config: ConfigReader
    var sources: SourceRecorder
  }

  /// Remembers which source answered last; swift-configuration tells that to its access reporter.
  final class SourceRecorder: AccessReporter {
    private let last = Mutex(0)

    /// The index in the list of providers.
    var index: Int { last.withLock { $0 } }

    func report(_ event: AccessEvent) {
      let answered = event.providerResults.firstIndex { result in
        (try? result.result.get())?.value != nil
      }
      last.withLock { $0 = answered ?? 0 }
    }
  }

  let reader: Reader
  let file: ConfigurationFile?
  var mistakes: [ConfigurationMistake]
  /// Where each setting's value came from.
  private(set) var places: [String: String] = [:]

  /// Empty when the setting is not set, or is wrong.
  mutating func texts(_ key: SettingKey) -> [String] {
    let name = ConfigKey(key.path)
    let texts =
      key.hasManyValues
      ? reader.config.stringArray(forKey: name) : reader.config.string(forKey: name).map { [$0] }
    guard let texts else { return [] }
    places[key.name] = place(key)
    let wrong = texts.filter { !key.kind.accepts($0) }
    guard wrong.isEmpty else {
      var mistake = ConfigurationMistake(
        place: place(key),
        problem: wrong.first.flatMap { key.kind.explains?($0) }.map { "«\(key.name)»: \($0)" }
          ?? "«\(key.name)» is «\(wrong.joined(separator: ", "))»; it must be \(key.kind.allowed)")
      mistake.line = reader.sources.index == 2 ? file?.values[key.name]?.line ?? 0 : 0
      mistakes.append(mistake)
      return []
    }
    return texts
  }

  mutating func pairs(_ key: SettingKey) -> [SettingPair] { texts(key).map(SettingPair.init) }

  mutating func flag(_ key: SettingKey) -> Bool { SettingKind.flag(text(key)) ?? false }

  mutating func text(_ key: SettingKey) -> String { texts(key).first ?? "" }

  mutating func loaders() -> [(key: String, value: String)] {
    let pairs = pairs(.loaders).map(\.parts)
    do throws(LoaderRuleMistake) {
      _ = try LoaderRules(pairs)
    } catch {
      mistakes.append(
        ConfigurationMistake(place: places[SettingKey.loaders.name] ?? "", problem: "\(error)"))
    }
    return pairs
  }

  mutating func dhcp() -> Settings.DHCPSettings {
    let pins = pairs(.dhcpStrategy).map(\.parts)
    let allow = texts(.dhcpAllow)
    let deny = texts(.dhcpDeny)
    var settings = Settings.DHCPSettings(
      captures: text(.dhcpPort67) != "bind", isIPv6: flag(.dhcpIPv6))
    do throws(BootRuleError) {
      settings.rules = BootRules(
        admission: try BootAdmission(allow: allow, deny: deny),
        pins: try StrategyPins(parsing: pins))
    } catch {
      // Each alone was right; two of them are about the same machine.
      mistakes.append(
        ConfigurationMistake(place: places[SettingKey.dhcpStrategy.name] ?? "", problem: "\(error)")
      )
    }
    return settings
  }

  mutating func httpLimits() -> HTTPLimits {
    var limits = HTTPLimits()
    limits.headerSize = SettingSize(text(.httpHeaderSize))?.bytes ?? limits.headerSize
    limits.headerTime = duration(.httpHeaderTime)
    limits.idleTime = duration(.httpIdleTime)
    limits.stallTime = duration(.httpStallTime)
    limits.connections = Int(text(.httpConnections)) ?? limits.connections
    limits.connectionsPerAddress =
      Int(text(.httpConnectionsPerAddress)) ?? limits.connectionsPerAddress
    return limits
  }

  mutating func powerCommands() -> [String: CommandTemplate] {
    Dictionary(
      pairs(.powerCommands).compactMap { pair in
        (try? CommandTemplate(powerCommand: pair.parts.value)).map { (pair.parts.key, $0) }
      }
    ) { $1 }
  }

  mutating func port(_ key: SettingKey) -> Int { Int(text(key)) ?? 0 }

  mutating func duration(_ key: SettingKey) -> Duration {
    SettingDuration(text(key))?.duration ?? .zero
  }

  private func place(_ key: SettingKey) -> String {
    switch reader.sources.index {
    case 0: ConfigurationMistake.commandLine
    case 1:
      "FINO_" + key.path.joined(separator: "_").uppercased().replacing("-", with: "_")
        + " in the environment"
    case 2: "\(file?.name ?? ""), line \(file?.values[key.name]?.line ?? 1)"
    default: "the defaults"
    }
  }
}
