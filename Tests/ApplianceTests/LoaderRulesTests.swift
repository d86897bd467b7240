/// Tests of Appliance: which machine gets which boot program.

import DHCPProxy
import Testing
import Wire

@testable import Appliance

@Suite struct LoaderRulesTests {
  private func client(
    _ architecture: Architecture = .uefiX64, mac: UInt64 = 0x5254_00aa_0001,
    vendorClass: String = "PXEClient:Arch:00007:UNDI:003000"
  ) -> BootClient {
    BootClient(
      mac: MACAddress(value: mac), uuid: nil, architecture: architecture,
      vendorClass: vendorClass, program: .pxe, xid: 1, address: .any)
  }

  private func mistake(_ pairs: [(key: String, value: String)]) -> String? {
    do throws(LoaderRuleMistake) {
      _ = try LoaderRules(pairs)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func withoutRules() {
    let rules = LoaderRules.standard
    #expect(rules.file(for: client(.bios)) == .undionly)
    for architecture in [Architecture.uefiX64, .uefiEBC, .httpX64, .httpEBC] {
      #expect(rules.file(for: client(architecture)) == .snponly)
    }
    for architecture in [Architecture.uefiARM64, .uefiIA32, Architecture(rawValue: 2)] {
      #expect(rules.file(for: client(architecture)) == nil)
    }
  }

  @Test(arguments: [
    ("arm64", Architecture.uefiARM64), ("arm64", .httpARM64), ("arm32", .uefiARM32),
    ("ia32", .httpIA32), ("riscv64", .uefiRISCV64), ("loongarch64", .httpLoongArch64),
    ("bios", .bios), ("x64", .httpX64), ("ebc", .uefiEBC), ("ebc", .httpEBC),
  ])
  func platformsHaveNames(_ name: String, _ architecture: Architecture) throws {
    let rules = try LoaderRules([(name, "own.efi")])
    #expect(rules.file(for: client(architecture))?.text == "own.efi")
  }

  @Test func theMostSpecificRuleWins() throws {
    let pairs = [
      ("x64", "platform.efi"), ("ebc", "bytecode.efi"), ("class PXEClient", "class.efi"),
      ("class \"PXEClient:Arch:00007\"", "longer.efi"), ("oui 52-54-00", "maker.efi"),
      ("mac 52:54:00:aa:00:01", "mine.efi"),
    ]
    // The order in which they are written means nothing.
    for pairs in [pairs, pairs.reversed()] {
      let rules = try LoaderRules(pairs.map { (key: $0.0, value: $0.1) })
      #expect(rules.file(for: client())?.text == "mine.efi")
      #expect(rules.file(for: client(mac: 0x5254_00aa_0002))?.text == "maker.efi")
      #expect(rules.file(for: client(mac: 0x0200_0000_0001))?.text == "longer.efi")
      #expect(
        rules.file(for: client(mac: 0x0200_0000_0001, vendorClass: "PXEClient"))?.text
          == "class.efi")
      let other = client(.httpX64, mac: 0x0200_0000_0001, vendorClass: "HTTPClient")
      #expect(rules.file(for: other)?.text == "platform.efi")
      let byteCode = client(.httpEBC, mac: 0x0200_0000_0001, vendorClass: "HTTPClient")
      #expect(rules.file(for: byteCode)?.text == "bytecode.efi")
    }
  }

  @Test func secureBootIsForEveryUEFIMachineUnlessARuleSaysOtherwise() throws {
    let signed: Set = [LoaderName.shimX64, .shimARM64]
    let rules = try LoaderRules([("mac 525400aa0001", "snponly.efi")], signed: signed)
    #expect(rules.file(for: client()) == .snponly)
    #expect(rules.file(for: client(mac: 0x5254_00aa_0002)) == .shimX64)
    #expect(rules.file(for: client(.uefiARM64, mac: 0x5254_00aa_0002)) == .shimARM64)
    #expect(rules.file(for: client(.bios, mac: 0x5254_00aa_0002)) == .undionly)
    let own = try LoaderRules([("x64", "ipxe.efi")], signed: signed)
    #expect(own.file(for: client())?.text == "ipxe.efi")
    let half = try LoaderRules([], signed: [.shimX64])
    #expect(half.file(for: client(.uefiARM64)) == nil, "its packages are not installed")
  }

  @Test func mistakesAreSentences() {
    #expect(
      mistake([("arm65", "a.efi")])
        == "loaders: «arm65»: a boot program is chosen by bios, ia32, x64, arm32, arm64, riscv64, "
        + "loongarch64, ebc, or by «mac 52:54:00:aa:00:01», «oui 52:54:00», "
        + "«class PXEClient:Arch:00011»")
    #expect(
      mistake([("mac 52:54", "a.efi")])
        == "loaders: «mac 52:54»: «52:54» is no machine's address; write six bytes like "
        + "52:54:00:00:00:01")
    #expect(mistake([("mac ff:ff:ff:ff:ff:ff", "a.efi")]) != nil)
    #expect(
      mistake([("oui 52:54:00:aa", "a.efi")])
        == "loaders: «oui 52:54:00:aa»: «52:54:00:aa» is no OUI; write three bytes like 52:54:00")
    #expect(
      mistake([("class Linux", "a.efi")])
        == "loaders: «class Linux»: a vendor class of network boot begins with PXEClient or "
        + "HTTPClient")
    #expect(
      mistake([("x64", "../a.efi")])
        == "loaders: «x64»: «../a.efi» is not the name of a boot program: it has an empty part, or "
        + "«.» or «..»")
    #expect(
      mistake([("mac 52:54:00:aa:00:01", "a.efi"), ("mac 525400aa0001", "b.efi")])
        == "loaders: «mac 525400aa0001»: it is the same as «mac 52:54:00:aa:00:01»; take one out")
    #expect(
      mistake([("x64", "a.efi"), ("x64", "b.efi")])
        == "loaders: «x64»: it is there twice; take one out")
    for key in ["", " ", "mac", "bios x", "oui", "class "] {
      #expect(mistake([(key, "a.efi")]) != nil, "«\(key)»")
    }
  }

  @Test(arguments: [
    "", "/a", "a//b", "a/", "./a", "a/..", "a b", "a\\b", "ä.efi", "a\u{0}", "a\n",
    String(repeating: "a", count: 128),
  ])
  func namesThatFirmwareWouldNotTake(_ text: String) {
    #expect(throws: LoaderName.Mistake.self) { try LoaderName(text) }
  }

  @Test func programsOfOthersAreMissedByName() throws {
    #expect(BootLoaders().problems(with: .standard).isEmpty)
    let rules = try LoaderRules([("arm64", "arm64.efi")])
    #expect(
      BootLoaders().problems(with: rules) == [
        "the boot program arm64.efi of «loaders» is neither in the executable (snponly.efi, "
          + "undionly.kpxe) nor in the TFTP directory"
      ])
  }
}
