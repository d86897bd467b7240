/// BootDoctorTests: verdicts about offers and about port 4011.

import BootDoctor
import DHCPProxy
import Testing
import Wire

@Suite struct OfferVerdictTests {
  typealias S = SampleBoot

  @Test func anAddressAndNoBootFile() throws {
    let uefi = S.boot(
      [.dhcp(S.asking(at: [0, 4, 12, 28], offers: [S.lease(0.1, 4.1, 12.1, 28.1)]))], until: 28.2)
    #expect(uefi.failures == [.noProxyAnswer])
    #expect(uefi.verdicts().first?.screen == ["PXE-E16"])
    let bios = S.boot(
      [.dhcp(S.exchange(offers: [S.lease(0.1)], architecture: 0))], until: 20, family: .bios,
      architecture: 0)
    #expect(bios.failures == [.noProxyAnswer])
    #expect(bios.verdicts().first?.screen == ["PXE-E53"])
    let ipxe = S.boot([.dhcp(S.exchange(.ipxe, offers: [S.lease(0.1)]))], until: 20)
    #expect(ipxe.failures == [.ipxeNoFileName])
  }

  @Test func aBootFileOrAProxyIsEnough() {
    let named = S.boot(
      [.dhcp(S.exchange(offers: [S.lease(0.1, file: "pxelinux.0")]))], until: 10)
    #expect(named.failures.isEmpty)
    let proxied = S.boot([.dhcp(S.exchange())], until: 10)
    #expect(proxied.failures.isEmpty)
    // The capture has no answers: nobody knows what they were.
    var unseen = S.exchange(offers: [])
    unseen.acknowledgments = []
    #expect(S.boot([.dhcp(unseen)], until: 100).failures.isEmpty)
  }

  @Test func aScriptsDHCPNeedsNoFileName() {
    let script = BootScript(leavesNetwork: true)
    let boot = S.scripted(script, [.dhcp(S.exchange(.ipxe, at: 10, offers: [S.lease(10.1)]))])
    #expect(boot.failures.isEmpty)
  }

  @Test func firmwareDropsADefectiveOffer() throws {
    var bad = S.proxy(0.1)
    bad.defects = [.noEnd]
    let boot = S.boot(
      [.dhcp(S.asking(at: [0, 4, 12], offers: [S.lease(0.1, 4.1, 12.1), bad]))], until: 20)
    let verdict = try #require(boot.verdicts().first)
    #expect(verdict.code == .offerNotAccepted)
    #expect(verdict.cause.contains("no END option"))
    // The same defect, and the firmware lives with it.
    var exchange = S.exchange(offers: [S.lease(0.1), bad])
    exchange.questions = S.seen(0)
    #expect(S.boot([.dhcp(exchange), .transfer(S.transfer())], until: 4).failures.isEmpty)
  }

  @Test func oldFirmwareMergesNoOffers() throws {
    let boot = S.boot(
      [.dhcp(S.asking(at: [0, 4, 12, 28], offers: [S.lease(0.1, 4.1), S.proxy(0.1)]))], until: 40)
    let verdict = try #require(boot.verdicts().first)
    #expect(verdict.code == .offerNotAccepted)
    #expect(verdict.remedy.contains("does not merge"))
  }

  @Test func aProxyWithoutOption60IsNone() {
    let exchange = S.asking(
      at: [0, 4, 12], offers: [S.lease(0.1, 4.1), S.proxy(0.1, vendorClass: nil)])
    #expect(S.boot([.dhcp(exchange)], until: 20).failures == [.offerNotAccepted])
  }

  @Test func option43PointsToNothing() throws {
    var offer = S.proxy(0.1, file: nil)
    offer.vendorOptions = PXEVendorOptions(discoveryControl: 8)
    let boot = S.boot([.dhcp(S.exchange(offers: [S.lease(0.1), offer]))], until: 10)
    #expect(boot.failures == [.vendorOptionsUnusable])
    #expect(boot.verdicts().first?.screen == ["PXE-E21"])
    offer.file = "snponly.efi"
    let good = S.boot(
      [.dhcp(S.exchange(offers: [S.lease(0.1), offer])), .transfer(S.transfer())], until: 3)
    #expect(good.failures.isEmpty)
  }

  @Test func option43OfAnotherVendorIsNoFaultBesideAFile() {
    var offer = S.proxy(0.1)
    offer.vendorOptions = PXEVendorOptions(isForeign: true)
    let boot = S.boot([.dhcp(S.exchange(offers: [S.lease(0.1), offer]))], until: 10)
    #expect(!boot.failures.contains(.vendorOptionsUnusable))
    offer.file = nil
    let bad = S.boot([.dhcp(S.exchange(offers: [S.lease(0.1), offer]))], until: 10)
    #expect(bad.failures == [.vendorOptionsUnusable])
  }

  @Test func twoServersFightAboutAMachine() {
    let other = IPAddress.v4(IPv4Address(10, 0, 0, 3))
    let offers = [S.lease(0.1), S.proxy(0.1), S.proxy(0.2, file: "wdsnbp.com", server: other)]
    let failed = S.boot([.dhcp(S.exchange(offers: offers))], until: 60)
    #expect(failed.failures.contains(.twoPXEServers))
    let well = S.boot(
      [.dhcp(S.exchange(offers: offers)), .transfer(S.transfer())], until: 3)
    #expect(well.verdicts().map(\.severity) == [.warning])
    // A pair that says the same is no fight.
    let pair = [S.lease(0.1), S.proxy(0.1), S.proxy(0.2, server: other)]
    let quiet = S.boot([.dhcp(S.exchange(offers: pair)), .transfer(S.transfer())], until: 3)
    #expect(!quiet.codes.contains(.twoPXEServers))
  }

  @Test func theBootServerIsSilent() {
    var asked = BootServerExchange(
      transaction: 9, server: S.bootServer, clientPort: 4011, requests: S.seen(2, 3, 5, 8))
    let steps = [BootRecord.Step.dhcp(S.exchange()), .bootServer(asked)]
    #expect(S.boot(steps, until: 9).failures == [.bootServerSilent])
    asked.requests = S.seen(2)
    let young = [BootRecord.Step.dhcp(S.exchange()), .bootServer(asked)]
    #expect(S.boot(young, until: 3).codes == [.underWay])
  }

  @Test func theDHCPServerIsTakenForTheBootServer() throws {
    var lease = S.lease(0.1)
    lease.vendorClass = "PXEClient"
    var exchange = S.exchange(offers: [lease])
    exchange.acknowledgments = [lease]
    let asked = BootServerExchange(
      transaction: 9, server: S.dhcpServer, clientPort: 4011, requests: S.seen(2, 3, 5))
    let verdict = try #require(
      S.boot([.dhcp(exchange), .bootServer(asked)], until: 20).verdicts().first)
    #expect(verdict.code == .bootServerSilent)
    #expect(verdict.remedy.contains("option 60"))
  }

  @Test func theAnswerGoesToTheWrongPort() {
    var asked = BootServerExchange(
      transaction: 9, server: S.bootServer, clientPort: 4011, requests: S.seen(2, 3, 5))
    var answer = S.proxy(2.1)
    answer.destinationPort = 68
    asked.answers = [answer]
    let steps = [BootRecord.Step.dhcp(S.exchange()), .bootServer(asked)]
    #expect(S.boot(steps, until: 9).failures == [.bootServerWrongPort])
    asked.answers[0].destinationPort = 4011
    let well = [
      BootRecord.Step.dhcp(S.exchange()), .bootServer(asked), .transfer(S.transfer(at: 6)),
    ]
    #expect(S.boot(well, until: 8).failures.isEmpty)
  }
}
