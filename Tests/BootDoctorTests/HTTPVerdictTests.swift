/// BootDoctorTests: verdicts about names, connections, requests and scripts.

import BootDoctor
import DHCPProxy
import Testing
import Wire

@Suite struct HTTPVerdictTests {
  typealias S = SampleBoot

  private let exchange = BootRecord.Step.dhcp(
    S.exchange(
      .ipxe, offers: [S.lease(0.1), S.proxy(0.1, file: "http://10.0.0.2/boot.ipxe")]))

  private func boot(_ step: BootRecord.Step, until: Double = 200) -> BootRecord {
    S.boot([exchange, step], until: until)
  }

  @Test func aNameIsNotResolved() {
    var lookup = NameLookup(name: "boot.lan", server: S.dhcpServer, questions: S.seen(2))
    lookup.outcome = .failed(code: 3)
    lookup.answered = S.at(2.1)
    #expect(boot(.lookup(lookup)).failures == [.nameNotResolved])
    lookup.outcome = .addresses([S.bootServer])
    #expect(boot(.lookup(lookup), until: 4).failures.isEmpty)
    lookup.outcome = .unanswered
    lookup.questions = S.seen(2, 4, 8)
    #expect(boot(.lookup(lookup)).failures == [.nameNotResolved])
    // No address for IPv6, but one for IPv4 after it.
    lookup.outcome = .empty
    #expect(
      S.boot([exchange, .lookup(lookup), .http(S.request(at: 9))], until: 10).failures.isEmpty)
  }

  @Test func aNameAndNobodyToAsk() {
    let offers = [S.lease(0.1), S.proxy(0.1, file: "http://boot.lan/boot.ipxe")]
    let boot = S.boot([.dhcp(S.exchange(.ipxe, offers: offers))], until: 20)
    #expect(boot.failures == [.nameNotResolved])
    var served = S.exchange(.ipxe, offers: offers)
    served.acknowledgments[0].nameServers = [S.dhcpServer]
    #expect(S.boot([.dhcp(served)], until: 20).failures.isEmpty)
  }

  @Test func connectionsAreRefusedOrUnanswered() {
    var connection = ConnectionRecord(server: S.bootServer, port: 80, openings: S.seen(2))
    connection.reset = S.at(2.1)
    connection.resetByServer = true
    #expect(boot(.connection(connection), until: 3).failures == [.httpRefused])
    let silent = ConnectionRecord(server: S.bootServer, port: 80, openings: S.seen(2, 3, 5, 9))
    #expect(boot(.connection(silent), until: 10).failures == [.httpUnanswered])
    let young = ConnectionRecord(server: S.bootServer, port: 80, openings: S.seen(2))
    #expect(boot(.connection(young), until: 3).codes == [.underWay])
  }

  @Test func statusesOfFailure() {
    #expect(boot(.http(S.request(status: 404))).failures == [.httpNotFound])
    #expect(boot(.http(S.request(status: 500))).failures == [.httpError])
    #expect(
      boot(.http(S.request(status: 403))).verdicts().first?.screen.contains("410c613c") == true)
    // Held with Retry-After: it asks again.
    var held = S.request(status: 503)
    held.retryAfter = "5"
    #expect(boot(.http(held), until: 6).failures.isEmpty)
    // The script tried another address.
    #expect(
      S.boot([exchange, .http(S.request(status: 404)), .http(S.request("/b", at: 4))], until: 6)
        .failures.isEmpty)
    // An installer that runs asks for what may be missing.
    var installer = S.request("/preseed.cfg", at: 20, status: 404)
    installer.agent = "Wget"
    #expect(boot(.http(installer)).failures.isEmpty)
  }

  @Test func bodiesThatDoNotComeWhole() {
    var stalled = S.request(ending: .open)
    stalled.contentLength = 100_000
    #expect(boot(.http(stalled), until: 30).failures == [.httpStalled])
    #expect(boot(.http(stalled), until: 5).codes == [.underWay])
    var cut = stalled
    cut.ending = .cutByServer
    #expect(boot(.http(cut), until: 30).failures == [.httpTruncated])
    var stopped = stalled
    stopped.ending = .cutByClient
    #expect(boot(.http(stopped), until: 30).failures.isEmpty)
    let mute = S.request(status: nil, ending: .open)
    #expect(boot(.http(mute), until: 30).failures == [.httpStalled])
  }

  @Test func tlsFails() {
    var connection = ConnectionRecord(server: S.bootServer, port: 443, openings: S.seen(2))
    connection.established = S.at(2.1)
    var tls = ConnectionRecord.TLS(serverName: "boot.lan")
    tls.serverHello = S.at(2.2)
    tls.alert = .init(code: 48, byClient: true, moment: S.at(2.3))
    connection.tls = tls
    #expect(boot(.connection(connection)).failures == [.tlsFailed])
    tls.alert = nil
    tls.isEstablished = true
    connection.tls = tls
    #expect(boot(.connection(connection)).failures.isEmpty)
  }

  @Test func httpBootWantsATypeAndALength() {
    let offer = S.proxy(
      0.1, file: "http://10.0.0.2/boot", vendorClass: "HTTPClient")
    let asked = BootRecord.Step.dhcp(S.exchange(.httpBoot, offers: [S.lease(0.1), offer]))
    var odd = S.request("/boot", ending: .cutByClient)
    odd.agent = "UefiHttpBoot/1.0"
    odd.contentType = "text/plain"
    #expect(S.boot([asked, .http(odd)], until: 20).failures == [.httpBootUnusable])
    odd.contentType = "application/efi"
    #expect(S.boot([asked, .http(odd)], until: 20).failures.isEmpty)
    odd.contentType = nil
    odd.target = "/snponly.EFI?mac=1"
    #expect(S.boot([asked, .http(odd)], until: 20).failures.isEmpty)
    odd.contentLength = nil
    #expect(S.boot([asked, .http(odd)], until: 20).failures == [.httpBootUnusable])
    // Took the offer, and makes no connection.
    #expect(S.boot([asked], until: 30).failures == [.httpBootUnusable])
    #expect(S.boot([asked], until: 3).failures.isEmpty)
  }

  @Test func aScriptIsNotFollowed() {
    let script = BootScript(kernel: "vmlinuz", initrds: ["initrd.img"])
    #expect(S.scripted(script, until: 30).failures == [.scriptUnused])
    #expect(S.scripted(script, until: 9).codes == [.underWay])
    #expect(S.scripted(BootScript(leavesNetwork: true), until: 300).failures.isEmpty)
    var menu = script
    menu.waitsForPerson = true
    #expect(S.scripted(menu, until: 300).failures.isEmpty)
  }

  @Test func theInitrdIsMissing() {
    let script = BootScript(kernel: "vmlinuz", initrds: ["initrd.img"])
    let kernel = BootRecord.Step.http(S.request("/x/vmlinuz", at: 9, bytes: 8_000_000))
    let missing = BootRecord.Step.http(S.request("/x/initrd.img", at: 10, status: 404))
    #expect(S.scripted(script, [kernel, missing], until: 20).failures == [.initrdMissing])
    #expect(S.scripted(script, [kernel], until: 30).failures == [.initrdMissing])
    #expect(S.scripted(script, [kernel], until: 10).codes == [.underWay])
    let whole = BootRecord.Step.http(S.request("/x/initrd.img", at: 10, bytes: 2_000_000))
    #expect(S.scripted(script, [kernel, whole], until: 500).codes.isEmpty)
    #expect(S.scripted(script, [kernel, whole], until: 500).hasBooted)
  }

  @Test func noInitrdIsNamed() {
    let kernel = BootRecord.Step.http(S.request("/x/vmlinuz", at: 9, bytes: 8_000_000))
    let script = BootScript(kernel: "vmlinuz")
    #expect(S.scripted(script, [kernel], until: 100).failures == [.initrdMissing])
    // It runs: it asks for an address.
    let system = BootRecord.Step.dhcp(S.exchange(.system("d-i"), at: 30))
    #expect(S.scripted(script, [kernel, system], until: 100).failures.isEmpty)
    // Not everything that a script starts is Linux.
    let tester = BootRecord.Step.http(S.request("/x/memtest.bin", at: 9, bytes: 200_000))
    #expect(S.scripted(BootScript(kernel: "memtest.bin"), [tester], until: 100).failures.isEmpty)
  }
}
