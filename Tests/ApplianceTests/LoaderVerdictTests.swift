/// Tests of Appliance: whether a boot program ran.

import DHCPProxy
import TFTP
import Testing
import Wire

@testable import Appliance

@Suite struct LoaderVerdictTests {
  /// Signs in the order in which the wire showed them, with their seconds; what was found at the end.
  private func findings(_ signs: [(LoaderVerdict.Sign, Double)], until end: Double) -> [String] {
    var verdict = LoaderVerdict()
    let found = signs.compactMap { verdict.see($0.0, at: $0.1) } + [verdict.pass(to: end)]
    return found.compactMap { finding in
      switch finding {
      case .refused(let file): "refused \(file)"
      case .lost(let file): "lost \(file)"
      case nil: nil
      }
    }
  }

  @Test func aProgramThatRunsIsFine() {
    #expect(
      findings(
        [(.firmwareDiscover, 0), (.delivered(file: "snponly.efi"), 5), (.secondStage, 9)], until: 99
      ).isEmpty)
  }

  /// OVMF with Secure Boot and an unsigned iPXE: 60 ms after the last acknowledgment its next boot
  /// entry asked for an address.
  @Test func theFirmwareIsBackAtOnce() {
    #expect(
      findings([(.delivered(file: "snponly.efi"), 5), (.firmwareDiscover, 5.06)], until: 99)
        == ["refused snponly.efi"])
  }

  @Test func nothingMoreIsSeen() {
    #expect(findings([(.delivered(file: "snponly.efi"), 5)], until: 34).isEmpty)
    #expect(findings([(.delivered(file: "snponly.efi"), 5)], until: 35) == ["refused snponly.efi"])
  }

  @Test func theSameProgramIsFetchedAgain() {
    #expect(
      findings(
        [
          (.delivered(file: "snponly.efi"), 5), (.delivered(file: "snponly.efi"), 20),
          (.secondStage, 25),
        ], until: 99) == ["refused snponly.efi"])
  }

  /// Debian 12's GRUB under a proxy: it asks the DHCP server for its configuration.
  @Test func aGRUBThatAsksSomebodyElseIsLost() {
    #expect(
      findings(
        [(.delivered(file: "shimx64.efi"), 5), (.delivered(file: "grubx64.efi"), 7)], until: 99)
        == ["lost grubx64.efi"])
    #expect(
      findings(
        [
          (.delivered(file: "shimx64.efi"), 5), (.secondStage, 6),
          (.delivered(file: "grubx64.efi"), 7), (.secondStage, 8),
        ], until: 99
      ).isEmpty)
  }

  @Test func everyFindingIsASentence() {
    #expect(
      LoaderVerdict.Finding.refused(file: "snponly.efi").description
        == "has snponly.efi whole and did not run it: probably Secure Boot refused it (set "
        + "«loaders: secure-boot» or turn Secure Boot off), or it is for another processor")
  }
}

@Suite struct LoaderWatchTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)
  private let address = IPAddress.v4(IPv4Address(10, 0, 0, 50))
  private let server = IPv4Address(10, 0, 0, 2)

  private func watch() -> LoaderWatch {
    let addresses = MachineAddresses()
    addresses.note(mac, address)
    return LoaderWatch(
      addresses: addresses, programs: ["snponly.efi", "shimx64.efi", "grubx64.efi"])
  }

  private func event(_ kind: TFTPEvent.Kind, _ file: String, _ from: IPv4Address? = nil)
    -> TFTPEvent
  {
    TFTPEvent(
      kind: kind, client: Endpoint(from.map(IPAddress.v4) ?? address, 1078), file: file,
      localAddress: .v4(server),
      interface: nil)
  }

  private let finished = TFTPEvent.Kind.finished(
    TFTPTotals(
      bytes: 1, blocks: 1, retransmissions: 0, duration: .seconds(1), lastAcknowledgment: true))
  private let requested = TFTPEvent.Kind.requested(mode: .octet, options: [])

  private func silent(_ program: BootClient.Program) -> ProxyEvent {
    .silent(
      BootClient(
        mac: mac, uuid: nil, architecture: .uefiX64, program: program, xid: 1, address: .any),
      reason: "",
      Arrival(interface: "eth0", local: server, port: .dhcp, source: Endpoint(IPAddress.any, 68)))
  }

  @Test func debiansChainIsFineToTheEnd() {
    let watch = watch()
    for file in ["shimx64.efi", "revocations_sku.efi", "grubx64.efi", "grub/grub.cfg"] {
      #expect(watch.note(event(requested, file), at: 1) == nil)
      #expect(watch.note(event(finished, file), at: 2) == nil)
    }
    #expect(watch.pass(to: 99).isEmpty)
  }

  @Test func whatWasRefusedIsToldOnce() {
    let watch = watch()
    #expect(watch.note(event(.probed, "snponly.efi"), at: 0) == nil)
    #expect(watch.note(event(finished, "snponly.efi"), at: 1) == nil)
    let refused = LoaderWatch.Finding(mac: mac, finding: .refused(file: "snponly.efi"))
    #expect(watch.note(silent(.http), at: 1.1) == refused)
    #expect(watch.note(silent(.http), at: 5) == nil)
    #expect(watch.note(event(finished, "snponly.efi"), at: 10) == nil)
    #expect(watch.pass(to: 40) == [refused])
    #expect(watch.pass(to: 80).isEmpty)
  }

  @Test func iPXEOrAScriptIsASignOfLife() {
    let watch = watch()
    _ = watch.note(event(finished, "snponly.efi"), at: 1)
    #expect(watch.note(silent(.ipxe(speaksHTTP: true)), at: 2) == nil)
    _ = watch.note(event(finished, "snponly.efi"), at: 3)
    #expect(watch.runs(mac, at: 4) == nil)
    #expect(watch.pass(to: 99).isEmpty)
  }

  @Test func whoIsNotKnownIsNotWatched() {
    let watch = watch()
    #expect(
      watch.note(event(finished, "snponly.efi", IPv4Address(10, 0, 0, 51)), at: 1) == nil)
    #expect(watch.pass(to: 99).isEmpty)
  }
}
