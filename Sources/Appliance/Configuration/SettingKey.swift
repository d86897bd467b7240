/// Appliance: the table of all settings.

import Configuration

/// One setting: its place in the file, what it may be, and what it is when nobody says. In the
/// environment `ipmi.password-file` is FINO_IPMI_PASSWORD_FILE.
struct SettingKey: Sendable {
  var path: [String]
  var kind: SettingKind
  var defaultValue: String?
  var isList = false

  init(_ name: String, _ kind: SettingKind, default value: String?, isList: Bool = false) {
    path = name.split(separator: ".").map(String.init)
    self.kind = kind
    defaultValue = value
    self.isList = isList
  }

  var name: String { path.joined(separator: ".") }

  static let interfaces = SettingKey("interfaces", .interfaces, default: nil, isList: true)
  static let httpPort = SettingKey("http.port", .port, default: "80")
  static let tftpPort = SettingKey("tftp.port", .port, default: "69")
  static let tftpDirectory = SettingKey("tftp.directory", .directory, default: nil)
  static let state = SettingKey("state", .directory, default: "/var/lib/fino")
  static let images = SettingKey("images", .directory, default: "/srv/fino/images")
  static let unknown = SettingKey("unknown", .choice(["disk", "silent"]), default: "disk")
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
    interfaces, httpPort, tftpPort, tftpDirectory, state, images, unknown, powerDriver,
    ipmiUserName, ipmiPasswordFile, ipmiPort, ipmiPrivilege, lease, timeLimit,
  ]

  /// The names that may stand below `path` in the file.
  static func names(below path: [String]) -> [String] {
    var names: [String] = []
    for key in all where key.path.count > path.count && key.path.starts(with: path) {
      if !names.contains(key.path[path.count]) { names.append(key.path[path.count]) }
    }
    return names
  }
}
