/// BootDoctorTests: codes from screens.

import BootDoctor
import Testing

@Suite struct ScreenCodeTests {
  @Test(arguments: [
    "PXE-E11", "PXE-E16", "PXE-E18", "PXE-E32", "PXE-E51", "PXE-E52", "PXE-E53", "PXE-E55",
    "PXE-E74", "PXE-E77", "PXE-E78", "PXE-E99",
  ])
  func codesOfPXEAreKnown(_ code: String) {
    #expect(ScreenCode.isCode(code))
    let meanings = ScreenCode.meanings(of: code)
    #expect(!meanings.isEmpty)
    #expect(meanings.allSatisfy { $0.code == code })
    #expect(ScreenCode.meanings(of: code.lowercased()) == meanings)
    #expect(ScreenCode.meanings(of: String(code.dropFirst(4))) == meanings)
  }

  @Test func aCodeOfBIOSAndUEFIHasTwoMeanings() {
    #expect(Set(ScreenCode.meanings(of: "PXE-E53").map(\.program)) == [.biosPXE, .uefiPXE])
  }

  @Test(arguments: [
    ("2d0c618e", Verdict.Code.httpNotFound), ("2d03e13b", .ipxeNoFileName),
    ("2d03e18e", .ipxeNoFileName), ("040ee119", .noDHCPAnswer), ("040ee186", .noDHCPAnswer),
    ("2d12603b", .tftpFileNotFound), ("3e11618e", .nameNotResolved), ("3e11628e", .nameNotResolved),
    ("0f0a6095", .httpRefused), ("4c0a6092", .httpUnanswered), ("2e008081", .wrongArchitecture),
    ("https://ipxe.org/2d0c613b", .httpNotFound),
  ])
  func numbersOfIPXEAreFoundInAllBuilds(_ number: String, _ verdict: Verdict.Code) {
    let meanings = ScreenCode.meanings(of: number)
    #expect(meanings.count == 1)
    #expect(meanings.first?.verdicts.contains(verdict) == true)
    #expect(meanings.first?.code == number.split(separator: "/").last.map(String.init))
  }

  @Test func theTwoDNSErrorsDiffer() {
    #expect(ScreenCode.meanings(of: "3e11628e").first?.text.contains("No DNS servers") == true)
    #expect(ScreenCode.meanings(of: "3e11618e").first?.text.contains("no such name") == true)
  }

  @Test(arguments: [
    "boot.pcap", "-", "", "E", "PXE", "PXE-E5", "/tmp/x.pcapng", "ffffffff", "deadbeef1",
  ])
  func otherWordsAreNoCodes(_ word: String) {
    #expect(!ScreenCode.isCode(word))
    #expect(ScreenCode.meanings(of: word).isEmpty)
  }

  @Test func everyCodeOfAVerdictIsExplained() {
    let known = Set(ScreenCode.all.flatMap(\.verdicts))
    let exempt: Set<Verdict.Code> = [
      .dhcpRefused, .ipxeLoop, .loaderSilent, .initrdMissing, .installerLoop, .duplicateMAC,
      .duplicateUUID, .underWay, .httpBootUnusable,
    ]
    for code in Verdict.Code.allCases where !exempt.contains(code) {
      #expect(known.contains(code), "\(code.rawValue)")
    }
  }

  @Test func aCodeAloneIsExplained() throws {
    let text = try #require(ScreenCode.meanings(of: "PXE-E53").first).explanation
    #expect(text.hasPrefix("PXE-E53, PXE ROM of a BIOS machine: No boot filename received\n"))
    #expect(text.contains("no-proxy-answer"))
  }
}
