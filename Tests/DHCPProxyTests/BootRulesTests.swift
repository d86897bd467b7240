/// Tests of DHCPProxy: rules that people write.

import Testing
import Wire

@testable import DHCPProxy

@Suite struct BootRulesTests {
  private var proxy = ProxyHarness()
  private let discover = BuiltDHCP(1, pxeOptions(7))

  private func error(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)"
    }
  }

  // MARK: Patterns

  @Test(
    arguments: [
      ("mac 52-54-00-00-00-0A", "mac 52:54:00:00:00:0a"),
      ("MAC 525400000001", "mac 52:54:00:00:00:01"),
      ("oui b827eb", "oui b8:27:eb"), ("oui 52:54:00", "oui 52:54:00"),
      ("arch arm64", "arch arm64"),
      ("arch aarch64", "arch arm64"), ("arch x86_64", "arch x64"), ("arch 7", "arch 7"),
      ("class  PXEClient:Arch:00000 ", "class PXEClient:Arch:00000"),
      ("interface eth1", "interface eth1"),
      ("relay 10.1.0.0/16", "relay 10.1.0.0/16"), ("relay 10.1.0.1", "relay 10.1.0.1"),
    ])
  func patternsAreReadAndWritten(_ text: String, _ again: String) throws {
    let pattern = try ClientPattern(parsing: text)
    #expect(pattern.description == again)
    #expect(try ClientPattern(parsing: again) == pattern)
  }

  @Test(
    arguments: [
      ("", "is no rule: write what to compare"), ("mac", "is no rule"), ("mac  ", "is no rule"),
      ("mac 52:54:00", "write six bytes like"),
      ("mac ff:ff:ff:ff:ff:ff", "is no machine's address"),
      ("oui 52:54", "write three bytes like"), ("oui 52:54:0g", "is no OUI"),
      (
        "arch vax",
        "there is no architecture «vax»; known are the numbers of option 93 and bios, ia32, x64"
      ),
      ("arch 70000", "there is no architecture"),
      ("relay 10.1.0.0/33", "write 10.1.0.1 or 10.1.0.0/16"),
      ("relay 10.1", "is no address or network"), ("relay 10.1.0.0/8/8", "is no address"),
      (
        "vlan 7",
        "machines can't be told by «vlan»; known are mac, oui, arch, class, interface and relay"
      ),
    ])
  func whatCantBeReadIsExplained(_ text: String, _ sentence: String) {
    let message = error { _ = try ClientPattern(parsing: text) } ?? ""
    #expect(message.contains(sentence), "\(message)")
    #expect(message.hasPrefix("«\(text)»"))
  }

  // MARK: Admission

  @Test(
    arguments: [
      "mac 52:54:00:aa:00:01", "oui 52:54:00", "arch x64", "arch 7", "class PXEClient:Arch:00007",
      "interface eth0", "relay 10.9.0.0/16",
    ])
  mutating func eachRuleAdmitsAndRefuses(_ rule: String) throws {
    let relayed = discover.with { $0.giaddr = [10, 9, 0, 1] }
    proxy.rules.admission = try BootAdmission(allow: [], deny: [rule])
    #expect(try proxy.silence(relayed) == "the rule «deny \(rule)» refuses it")
    proxy.rules.admission = try BootAdmission(allow: [rule], deny: [])
    #expect(try proxy.reply(relayed).type == .offer)
    // A refusal wins.
    proxy.rules.admission = try BootAdmission(allow: [rule], deny: ["arch x64"])
    #expect(try proxy.silence(relayed).hasPrefix("the rule «deny "))
  }

  @Test(
    arguments: [
      "mac 52:54:00:aa:00:02", "oui 52:54:01", "arch arm64", "arch 9", "class HTTPClient",
      "interface eth1", "relay 10.9.0.0/16",
    ])
  mutating func whomNoAllowRuleNamesIsRefused(_ rule: String) throws {
    proxy.rules.admission = try BootAdmission(allow: [rule], deny: [])
    #expect(try proxy.silence(discover) == "no «allow» rule names it")
    proxy.rules.admission = try BootAdmission(allow: [], deny: [rule])
    #expect(try proxy.reply(discover).type == .offer)
    #expect(proxy.memory.count == 1, "a refused machine is not remembered")
  }

  @Test mutating func aRelayRuleIsNotForDirectClients() throws {
    proxy.rules.admission = try BootAdmission(allow: ["relay 0.0.0.0/0"], deny: [])
    #expect(try proxy.silence(discover) == "no «allow» rule names it")
    #expect(try proxy.reply(discover.with { $0.giaddr = [10, 9, 0, 1] }).type == .offer)
  }

  // MARK: Pins

  @Test mutating func theMostSpecificPinCounts() throws {
    var pairs: [(key: String, value: String)] = []
    for (key, value) in [
      ("x64", "menu"), ("arch 7", "boot-server-only"), ("52:54:00", "everything-with-prompt"),
      ("52:54:00:aa:00:01", "everything"),
    ] {
      pairs.insert((key, value), at: 0)
      proxy.rules.pins = try StrategyPins(parsing: pairs)
      let choice = try proxy.reply(discover).choice
      #expect(choice.strategy.name == value)
      #expect(choice.reason.hasSuffix("= \(value)» says so"))
    }
  }

  @Test mutating func pinsAreForFirmwareNotForIPXE() throws {
    proxy.rules.pins = try StrategyPins(parsing: [("oui 52:54:00", "menu")])
    let iPXE = BuiltDHCP(1, pxeOptions(0) + [(77, text("iPXE"))])
    #expect(try proxy.reply(iPXE).choice.strategy == .script)
    let http = BuiltDHCP(1, [(60, text("HTTPClient")), (93, [0, 16])])
    #expect(try proxy.reply(http).choice.strategy == .httpClient)
  }

  @Test mutating func aPinMakesAnUnknownBoardARaspberryPi() throws {
    proxy.rules.pins = try StrategyPins(parsing: [("52:54:00:aa:00:01", "raspberry-pi")])
    let answer = try proxy.reply(BuiltDHCP(1, pxeOptions(0)))
    #expect(answer.choice.strategy == .raspberryPi)
    #expect(try proxy.reply(discover).choice.strategy == .bootServer, "UEFI is no Raspberry Pi")
  }

  @Test func pinsThatCantBeReadAreExplained() {
    #expect(
      error { _ = try StrategyPins(parsing: [("oui 52:54:00", "everythin")]) }
        == "«oui 52:54:00»: «everythin» is no way to answer; known are everything, "
        + "everything-with-prompt, boot-server, boot-server-only, menu, raspberry-pi")
    #expect(
      error { _ = try StrategyPins(parsing: [("7", "menu"), ("arch 7", "menu")]) }
        == "«arch 7» is pinned twice")
    #expect(
      error { _ = try StrategyPins(parsing: [("interface eth0", "menu")]) }
        == "«interface eth0»: a way to answer is pinned to a machine (mac), a maker (oui) or an "
        + "architecture (arch)")
    #expect(
      error { _ = try StrategyPins(parsing: [("sparc", "menu")]) }?
        .hasPrefix("«arch sparc»: there is no architecture «sparc»") == true)
    #expect(error { _ = try StrategyPins(parsing: [("x64", "script")]) } != nil)
  }
}
