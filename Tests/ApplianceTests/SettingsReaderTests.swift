/// Tests of Appliance: the configuration and its mistakes.

import Testing

@testable import Appliance

@Suite struct SettingsReaderTests {
  private func read(
    _ text: String, commandLine: [String: [String]] = [:], environment: [String: String] = [:]
  ) throws -> Settings {
    try SettingsReader(commandLine: commandLine, environment: environment).read(
      text: text, name: "fino.yaml")
  }

  private func mistakes(
    _ text: String, commandLine: [String: [String]] = [:], environment: [String: String] = [:]
  ) -> [String] {
    do {
      _ = try read(text, commandLine: commandLine, environment: environment)
      return []
    } catch let mistakes as ConfigurationMistakes {
      return mistakes.list.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func defaultsAreThoseOfTheReadme() throws {
    let settings = try read("")
    #expect(settings.interfaces == [])
    #expect(settings.httpPort == 80)
    #expect(settings.tftpPort == 69)
    #expect(settings.state == "/var/lib/fino")
    #expect(settings.images == "/srv/fino/images")
    #expect(settings.unknown == .disk)
    #expect(settings.ipmi.username == "admin")
    #expect(settings.ipmi.passwordFile == "/etc/fino/ipmi-password")
    #expect(settings.reimage.lease == .seconds(600))
    #expect(settings.reimage.timeLimit == .seconds(7200))
  }

  @Test func theWholeFileIsRead() throws {
    let settings = try read(
      """
      interfaces: [eth0, eth1]
      http: { port: 8080 }
      tftp: { port: 6969 }
      state: /s
      images: /i
      unknown: silent
      ipmi: { username: root, password-file: /p, port: 6230, privilege: operator }
      reimage: { lease: 90s, time-limit: 1d }
      """)
    #expect(settings.interfaces == ["eth0", "eth1"])
    #expect(settings.httpPort == 8080)
    #expect(settings.unknown == .silent)
    #expect(settings.ipmi.port == 6230)
    #expect(settings.ipmi.privilege == "operator")
    #expect(settings.reimage.lease == .seconds(90))
    #expect(settings.reimage.timeLimit == .seconds(86_400))
  }

  @Test func imagesMayHaveACacheBesideThem() throws {
    let plain = try read("images: /i\nstate: /s")
    #expect(plain.images == "/i")
    #expect(plain.imageCache == .init(directory: "/s/cache", size: 20 << 30))
    let nested = try read("images: { directory: /j, cache: { directory: /c, size: 512MiB } }")
    #expect(nested.images == "/j")
    #expect(nested.imageCache == .init(directory: "/c", size: 512 << 20))
    #expect(
      mistakes("images: { cache: { size: lots } }") == [
        "fino.yaml, line 1: «images.cache.size» is «lots»; it must be a number and one of KiB, "
          + "MiB, GiB or TiB, as in 20GiB"
      ])
  }

  @Test func commandLineOverEnvironmentOverFile() throws {
    let text = "http: { port: 1 }\nstate: /file\nimages: /file"
    let environment = ["FINO_HTTP_PORT": "2", "FINO_STATE": "/environment", "OTHER": "x"]
    let settings = try read(
      text, commandLine: ["http.port": ["3"]], environment: environment)
    #expect(settings.httpPort == 3)
    #expect(settings.state == "/environment")
    #expect(settings.images == "/file")
    #expect(
      try read("", environment: ["FINO_INTERFACES": "eth0,eth1"]).interfaces == ["eth0", "eth1"])
  }

  @Test func everyMistakeHasItsPlaceAndWhatIsAllowed() {
    let found = mistakes(
      """
      http: { port: 99999 }
      colour: red
      ipmi:
        user: admin
        privilege: god
      reimage: { lease: soon }
      tftp: 69
      """, commandLine: ["unknown": ["maybe"]], environment: ["FINO_IPMI_PORT": "x"])
    #expect(
      Set(found) == [
        "fino.yaml, line 1: «http.port» is «99999»; it must be a port number from 1 to 65535",
        "fino.yaml, line 2: there is no setting «colour»; allowed here: interfaces, http, tftp, "
          + "loaders, dhcp, state, images, unknown, power, capture, ipmi, reimage",
        "fino.yaml, line 4: there is no setting «ipmi.user»; allowed here: username, "
          + "password-file, kg-file, port, privilege, legacy, quirks",
        "fino.yaml, line 5: «ipmi.privilege» is «god»; it must be user or operator or administrator",
        "fino.yaml, line 6: «reimage.lease» is «soon»; it must be a number and one of s, m, h or d, "
          + "as in 10m",
        "fino.yaml, line 7: «tftp» has settings of its own: port, ports, single-port, directory",
        "the command line: «unknown» is «maybe»; it must be disk or silent or register",
        "FINO_IPMI_PORT in the environment: «ipmi.port» is «x»; it must be a port number from 1 to "
          + "65535",
      ])
  }

  @Test func mapsKeepThePairsOfAPersonBesideFixedNames() throws {
    let settings = try read(
      """
      loaders: { secure-boot: yes, arm64: grubaa64.efi, "oui 52:54:00": other.efi }
      dhcp:
        strategy: { "mac 52:54:00:00:00:01": menu, arm64: boot-server }
        allow: [oui 52:54:00, relay 10.1.0.0/16]
        port-67: bind
        ipv6: off
      """)
    #expect(!settings.dhcp.captures)
    #expect(!settings.dhcp.isIPv6)
  }

  @Test func mistakesInRulesSayWhatTheRulesKnow() {
    let found = mistakes(
      """
      dhcp:
        strategy: { "mac 52:54:00:00:00:01": magic }
        deny: [colour red]
        port-67: perhaps
        ipv6: perhaps
      """)
    #expect(found.count == 4, "\(found)")
    #expect(
      found.first?.hasPrefix("fino.yaml, line 2: «dhcp.strategy»: «mac 52:54:00:00:00:01»: «magic»")
        == true, "\(found)")
    #expect(found.contains { $0.contains("«dhcp.deny»: «colour red»: machines can't be told by") })
    #expect(found.contains { $0.hasSuffix("it must be capture or bind") })
    #expect(found.contains { $0.hasSuffix("it must be true or false") })
  }

  @Test func twoRulesForOneMachineAreAMistake() {
    let found = mistakes(
      """
      dhcp: { strategy: { "mac 52:54:00:00:00:01": menu, "mac 52-54-00-00-00-01": everything } }
      """)
    #expect(found.count == 1 && found[0].contains("pinned twice"), "\(found)")
  }

  @Test(arguments: ["{", "a: b: c", "- x\n- y", "\t", "http: { port: 1, port: 2 }", "just text"])
  func whatIsNotAConfigurationIsOneMistakeAndNoTrap(_ text: String) {
    #expect(mistakes(text).count == 1, "\(text): \(mistakes(text))")
  }

  @Test func aFileThatIsNotThereSaysSo() {
    let error = #expect(throws: ConfigurationMistakes.self) {
      try SettingsReader(environment: [:], file: "/nonexistent/fino.yaml").read()
    }
    #expect(
      error?.description
        == "/nonexistent/fino.yaml: cannot be read; it must be a text file that exists")
  }

  @Test(arguments: ["0s", "10", "m", "-1s", "1w", "99999999999d", "1.5h"])
  func durationsThatAreNone(_ text: String) {
    #expect(SettingDuration(text) == nil)
  }
}
