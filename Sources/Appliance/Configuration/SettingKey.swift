/// Appliance: the table of all settings.

import Configuration

/// One setting: its place in the file, what it may be, and what it is when nobody says. In the
/// environment `ipmi.password-file` is FINO_IPMI_PASSWORD_FILE.
struct SettingKey: Sendable {
  var path: [String]
  var kind: SettingKind
  var defaultValue: String?
  var shape = Shape.single
  /// Its place in the file when other settings stand beside it there.
  var longPath: [String]?

  enum Shape: Equatable, Sendable {
    case single
    case list
    /// Pairs of a person's own choice; each is kept as the text `key=value`.
    case map
  }

  init(
    _ name: String, _ kind: SettingKind, default value: String?, _ shape: Shape = .single,
    long: String? = nil
  ) {
    path = Self.path(name)
    self.kind = kind
    defaultValue = value
    self.shape = shape
    longPath = long.map(Self.path)
  }

  var name: String { path.joined(separator: ".") }
  var hasManyValues: Bool { shape != .single }

  private static func path(_ name: String) -> [String] {
    name.split(separator: ".").map(String.init)
  }

  static let interfaces = SettingKey("interfaces", .interfaces, default: nil, .list)
  static let httpPort = SettingKey("http.port", .port, default: "80")
  static let httpHeaderSize = SettingKey("http.header-limit", .size, default: "16KiB")
  static let httpHeaderTime = SettingKey("http.header-time", .duration, default: "15s")
  static let httpIdleTime = SettingKey("http.idle-time", .duration, default: "60s")
  static let httpStallTime = SettingKey("http.stall-time", .duration, default: "2m")
  static let httpConnections = SettingKey("http.connections", .count, default: "8192")
  static let httpConnectionsPerAddress = SettingKey(
    "http.connections-per-address", .count, default: "256")
  static let tftpPort = SettingKey("tftp.port", .port, default: "69")
  /// Of TFTP's transfers, for firewalls: `5000-5199`.
  static let tftpPorts = SettingKey("tftp.ports", .portRange, default: nil)
  static let tftpSinglePort = SettingKey("tftp.single-port", .flag, default: "false")
  static let tftpDirectory = SettingKey("tftp.directory", .directory, default: nil)
  /// `{arm64: grubaa64.efi, "oui 52:54:00": other.efi}`; see `LoaderRules`.
  static let loaders = SettingKey("loaders", .loader, default: nil, .map)
  static let secureBoot = SettingKey("loaders.secure-boot", .flag, default: "false")
  /// `{"mac 52:54:00:00:00:01": menu}`; see `StrategyPins`.
  static let dhcpStrategy = SettingKey("dhcp.strategy", .strategy, default: nil, .map)
  static let dhcpAllow = SettingKey("dhcp.allow", .admissionRule, default: nil, .list)
  static let dhcpDeny = SettingKey("dhcp.deny", .admissionRule, default: nil, .list)
  static let dhcpPort67 = SettingKey(
    "dhcp.port-67", .choice(["capture", "bind"]), default: "capture")
  static let dhcpIPv6 = SettingKey("dhcp.ipv6", .flag, default: "true")
  static let state = SettingKey("state", .directory, default: "/var/lib/fino")
  /// `images: /path`, or `images: { directory: /path, cache: … }`.
  static let images = SettingKey(
    "images", .directory, default: "/srv/fino/images", long: "images.directory")
  /// Of what was fetched from mirrors. Default: `cache` in the state directory.
  static let cacheDirectory = SettingKey("images.cache.directory", .directory, default: nil)
  static let cacheSize = SettingKey("images.cache.size", .size, default: "20GiB")
  static let unknown = SettingKey(
    "unknown", .choice(["disk", "silent", "register"]), default: "disk")
  static let powerDriver = SettingKey("power.driver", .choice(["ipmi", "log"]), default: "ipmi")
  /// `{ilo: "/usr/local/bin/ilo-power {action} {address}"}`; see `CommandTemplate`.
  static let powerCommands = SettingKey("power.commands", .powerCommand, default: nil, .map)
  /// Of the packets of boots, in memory.
  static let captureRing = SettingKey("capture.ring", .sizeOrOff, default: "64MiB")
  static let ipmiUserName = SettingKey("ipmi.username", .userName, default: "admin")
  static let ipmiPasswordFile = SettingKey(
    "ipmi.password-file", .file, default: "/etc/fino/ipmi-password")
  /// Of the BMCs' own key, where they want a two-key login.
  static let ipmiKgFile = SettingKey("ipmi.kg-file", .file, default: nil)
  static let ipmiPort = SettingKey("ipmi.port", .port, default: "623")
  static let ipmiPrivilege = SettingKey(
    "ipmi.privilege", .choice(["user", "operator", "administrator"]), default: "administrator")
  /// Whether IPMI 1.5 is spoken with BMCs that have nothing else.
  static let ipmiLegacy = SettingKey("ipmi.legacy", .flag, default: "false")
  static let ipmiQuirks = SettingKey("ipmi.quirks", .quirk, default: nil, .list)
  static let lease = SettingKey("reimage.lease", .duration, default: "10m")
  static let timeLimit = SettingKey("reimage.time-limit", .duration, default: "2h")

  /// Whether the consoles of machines that are reimaged are recorded, unless a record says otherwise.
  static let recordConsole = SettingKey("reimage.record-console", .flag, default: "false")
  static let recordTime = SettingKey("reimage.record-time", .duration, default: "1h")

  static let all = [
    interfaces, httpPort, httpHeaderSize, httpHeaderTime, httpIdleTime, httpStallTime,
    httpConnections, httpConnectionsPerAddress, tftpPort, tftpPorts, tftpSinglePort, tftpDirectory,
    loaders, secureBoot, dhcpStrategy, dhcpAllow,
    dhcpDeny, dhcpPort67, dhcpIPv6, state, images, cacheDirectory, cacheSize, unknown, powerDriver,
    powerCommands, captureRing, ipmiUserName, ipmiPasswordFile, ipmiKgFile, ipmiPort, ipmiPrivilege,
    ipmiLegacy, ipmiQuirks, lease, timeLimit, recordConsole, recordTime,
  ]

  /// The names that may stand below `path` in the file.
  static func names(below path: [String]) -> [String] {
    var names: [String] = []
    for place in all.flatMap({ [$0.path, $0.longPath].compactMap(\.self) })
    where place.count > path.count && place.starts(with: path) {
      if !names.contains(place[path.count]) { names.append(place[path.count]) }
    }
    return names
  }
}
