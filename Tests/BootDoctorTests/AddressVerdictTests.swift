/// BootDoctorTests: verdicts about the first step, an address.

import BootDoctor
import DHCPProxy
import Testing
import Wire

@Suite struct AddressVerdictTests {
  typealias S = SampleBoot

  @Test func nobodyAnswersDISCOVER() throws {
    let boot = S.boot([.dhcp(S.asking(at: [0, 4, 12, 28]))], until: 28)
    let verdict = try #require(boot.verdicts().first)
    #expect(verdict.code == .noDHCPAnswer)
    #expect(verdict.evidence == [1, 4001, 12001, 28001])
    #expect(verdict.screen == ["PXE-E18"])
  }

  @Test func aBIOSShowsE51AndWithAProxyE52() {
    let alone = S.boot([.dhcp(S.asking(at: [0, 4, 12]))], family: .bios, architecture: 0)
    #expect(alone.verdicts().first?.screen == ["PXE-E51"])
    let proxied = S.boot(
      [.dhcp(S.asking(at: [0, 4, 12], offers: [S.proxy(0.1)]))], family: .bios, architecture: 0)
    #expect(proxied.verdicts().first?.screen == ["PXE-E52"])
    #expect(proxied.verdicts().first?.code == .noDHCPAnswer)
  }

  @Test func oneQuestionAMomentAgoIsNoFailure() {
    #expect(S.boot([.dhcp(S.asking(at: [0]))], until: 3).codes == [.underWay])
    #expect(S.boot([.dhcp(S.asking(at: [0, 4]))], until: 5).failures.isEmpty)
  }

  @Test func aRequestShowsThatThereWasAnOffer() {
    var exchange = S.asking(at: [0, 4])
    exchange.requests = S.seen(5)
    #expect(S.boot([.dhcp(exchange)], until: 100).failures.isEmpty)
  }

  @Test func otherBootEntriesNeedNotBeServed() {
    var boot = S.boot([.dhcp(S.asking(.httpBoot, at: [0, 4, 12, 28]))], until: 60)
    #expect(boot.failures == [.noDHCPAnswer])
    boot.predecessor = BootRecord.Predecessor(
      gap: 2_000_000_000, delivered: true, asker: .pxe)
    #expect(boot.failures.isEmpty)
  }

  @Test func iPXEWithoutAnAnswerAfterTheFirmwareHadOne() throws {
    let boot = S.boot(
      [
        .dhcp(S.exchange()), .transfer(S.transfer()), .dhcp(S.asking(.ipxe, at: [5, 6, 8, 12])),
      ], until: 30)
    let verdict = try #require(boot.verdicts().first)
    #expect(verdict.code == .noDHCPAnswer)
    #expect(verdict.remedy.contains("spanning tree"))
    #expect(verdict.screen.contains("040ee119"))
  }

  @Test func aServerThatGivesToOthersHasNoneForThis() {
    let boot = S.boot([.dhcp(S.asking(at: [0, 4, 12, 28]))], until: 40)
    let other = Surroundings.Lease(server: S.dhcpServer, moment: S.at(10))
    #expect(boot.verdicts(in: Surroundings(otherLeases: [other])).first?.code == .leaseExhausted)
    // Hours before is another story.
    let old = Surroundings.Lease(
      server: S.dhcpServer, moment: Moment(S.at(0).time - 7_200_000_000_000))
    #expect(boot.verdicts(in: Surroundings(otherLeases: [old])).first?.code == .noDHCPAnswer)
  }

  @Test func aDHCPv6ServerSaysThatItHasNoAddress() {
    var exchange = DHCPExchange(version: .v6, asker: .pxe, transaction: 1, architecture: 7)
    exchange.questions = S.seen(0, 1, 3)
    exchange.offers = [BootOffer(S.seen(0.1), source: S.dhcpServer)]
    exchange.statusCode = 2
    #expect(S.boot([.dhcp(exchange)], until: 60).failures == [.leaseExhausted])
    exchange.statusCode = nil
    #expect(!S.boot([.dhcp(exchange)], until: 60).failures.contains(.leaseExhausted))
  }

  @Test func aNAKEndsABootUnlessItGoesOn() {
    var exchange = S.exchange(offers: [S.lease(0.1), S.proxy(0.1)])
    exchange.acknowledgments = []
    exchange.refusals = S.seen(1.1)
    #expect(S.boot([.dhcp(exchange)], until: 30).failures == [.dhcpRefused])
    #expect(S.boot([.dhcp(exchange)], until: 2).failures.isEmpty)
    // The same REQUEST for the third time, and refused again.
    exchange.refusals = S.seen(1.1, 2.1, 4.1)
    #expect(S.boot([.dhcp(exchange)], until: 4.2).failures == [.dhcpRefused])
    exchange.acknowledgments = [S.lease(3)]
    #expect(
      S.boot([.dhcp(exchange), .transfer(S.transfer(at: 4))], until: 10).failures.isEmpty)
  }

  @Test func theRelayGotTheAnswerAndTheMachineDidNot() {
    var offer = S.lease(0.2, 4.2)
    offer.onlyToRelay = true
    var exchange = S.asking(at: [0, 4, 12], offers: [offer])
    exchange.relayed = S.seen(0.1, 4.1, 12.1)
    exchange.relay = .v4(IPv4Address(10, 9, 0, 1))
    #expect(S.boot([.dhcp(exchange)], until: 20).failures == [.relayDroppedAnswer])
    // Four questions are all that iPXE has, and two may be patience.
    exchange.relayed = nil
    exchange.questions = S.seen(0, 1, 3, 7)
    #expect(S.boot([.dhcp(exchange)], until: 7.4).failures == [.relayDroppedAnswer])
    exchange.questions = S.seen(0, 1)
    #expect(S.boot([.dhcp(exchange)], until: 7.4).failures.isEmpty)
    // It went on: the answer was passed where this capture does not hear.
    exchange.requests = S.seen(13)
    #expect(S.boot([.dhcp(exchange)], until: 20).failures.isEmpty)
  }

  @Test func answersInAnotherVLANNeverArrive() throws {
    var offer = S.lease(0.1, 4.1, 12.1, file: "pxelinux.0")
    offer.vlan = nil
    var exchange = S.asking(at: [0, 4, 12], offers: [offer])
    exchange.vlan = 20
    let verdict = try #require(S.boot([.dhcp(exchange)], until: 20).verdicts().first)
    #expect(verdict.code == .oneWayTraffic)
    #expect(verdict.cause.contains("VLAN 20"))
    offer.vlan = 20
    exchange.offers = [offer]
    exchange.requests = S.seen(13)
    #expect(!S.boot([.dhcp(exchange)], until: 20).failures.contains(.oneWayTraffic))
  }

  @Test func offersAreSentAndNotHeard() {
    let exchange = S.asking(.ipxe, at: [0, 1, 3, 7], offers: [S.lease(0.1, 1.1, 3.1, 7.1)])
    #expect(S.boot([.dhcp(exchange)], until: 20).failures == [.oneWayTraffic])
    let young = S.asking(.ipxe, at: [0, 1], offers: [S.lease(0.1, 1.1)])
    #expect(S.boot([.dhcp(young)], until: 3).failures.isEmpty)
  }
}
