/// Appliance: the table of all settings.

import Configuration

/// One setting: its place in the file, what it may be, and what it is when nobody says. In the
/// environment `ipmi.password-file` is FINO_IPMI_PASSWORD_FILE.
struct SettingKey: Sendable {
  var path: [String]
  var kind: SettingKind
  var defaultValue: String?
  var isList = false
  /// Its place in the file when other settings stand beside it there.
  var longPath: [String]?

  init(
    _ name: String, _ kind: SettingKind, default value: String?, isList: Bool = false,
    long: String? = nil
  ) {
    path = Self.path(name)
    self.kind = kind
    defaultValue = value
    self.isList = isList
    longPath = long.map(Self.path)
  }

  var name: String { path.joined(separator: ".") }

  private static func path(_ name: String) -> [String] {
    name.split(separator: ".").map(String.init)
  }

  static let interfaces = SettingKey("interfaces", .interfaces, default: nil, isList: true)
  static let httpPort = SettingKey("http.port", .port, default: "80")
  static let tftpPort = SettingKey("tftp.port", .port, default: "69")
  static let tftpDirectory = SettingKey("tftp.directory", .directory, default: nil)
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
  static let ipmiUserName = SettingKey("ipmi.username", .userName, default: "admin")
  static let ipmiPasswordFile = SettingKey(
    "ipmi.password-file", .file, default: "/etc/fino/ipmi-password")
  static let ipmiPort = SettingKey("ipmi.port", .port, default: "623")
  static let ipmiPrivilege = SettingKey(
    "ipmi.privilege", .choice(["user", "operator", "administrator"]), default: "administrator")
  static let lease = SettingKey("reimage.lease", .duration, default: "10m")
  static let timeLimit = SettingKey("reimage.time-limit", .duration, default: "2h")

  static let all = [
    interfaces, httpPort, tftpPort, tftpDirectory, state, images, cacheDirectory, cacheSize,
    unknown, powerDriver,
    ipmiUserName, ipmiPasswordFile, ipmiPort, ipmiPrivilege, lease, timeLimit,
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
