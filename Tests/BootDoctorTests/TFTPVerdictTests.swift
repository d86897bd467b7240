/// BootDoctorTests: verdicts about transfers by TFTP and about the program that came.

import BootDoctor
import DHCPProxy
import Testing
import Wire

@Suite struct TFTPVerdictTests {
  typealias S = SampleBoot

  private func boot(
    _ transfer: TFTPTransferRecord, until: Double = 200, more: [BootRecord.Step] = []
  ) -> BootRecord {
    S.boot([.dhcp(S.exchange()), .transfer(transfer)] + more, until: until)
  }

  @Test func nobodyAnswersARequest() {
    var transfer = S.transfer(at: 2, .unanswered)
    transfer.requests = S.seen(2, 6, 10)
    transfer.last = S.at(10)
    #expect(boot(transfer, until: 11).failures == [.tftpBlocked])
    #expect(boot(transfer).verdicts().first?.screen == ["PXE-E18"])
    #expect(boot(S.transfer(.unanswered), until: 3).codes == [.underWay])
    #expect(boot(S.transfer(.unreachable), until: 3).failures == [.tftpBlocked])
  }

  @Test func theServerIsNotThereAtAll() {
    let question = AddressQuestion(target: S.bootServer, questions: S.seen(2, 3, 4))
    let lost = S.boot([.dhcp(S.exchange()), .address(question)], until: 20)
    #expect(lost.failures == [.tftpBlocked])
    var answered = question
    answered.answered = S.at(4.1)
    #expect(S.boot([.dhcp(S.exchange()), .address(answered)], until: 20).failures.isEmpty)
  }

  @Test func theFileIsMissing() {
    let missing = S.transfer(.failed(code: 1, text: "File not found", byClient: false))
    #expect(boot(missing, until: 2.6).failures == [.tftpFileNotFound])
    // It is not what DHCP named, and the program went on.
    let optional = S.transfer(
      "grub/fonts.pf2", .failed(code: 1, text: "File not found", byClient: false))
    #expect(
      boot(optional, until: 5, more: [.transfer(S.transfer("grub.cfg", at: 3))]).failures.isEmpty)
    let autoexec = S.transfer(
      "autoexec.ipxe", .failed(code: 1, text: "File not found", byClient: false))
    #expect(boot(autoexec, until: 30).failures.isEmpty)
  }

  @Test func theServerMayNotReadTheFileOrRefusesOptions() {
    let denied = S.transfer(.failed(code: 2, text: "Access violation", byClient: false))
    #expect(boot(denied).failures == [.tftpAccessDenied])
    let said = S.transfer(.failed(code: 0, text: "Permission denied", byClient: false))
    #expect(boot(said).failures == [.tftpAccessDenied])
    let refused = S.transfer(.failed(code: 8, text: "no such option", byClient: false))
    #expect(boot(refused).failures == [.tftpOptionRefused])
    let other = S.transfer(.failed(code: 3, text: "Disk full", byClient: false))
    #expect(boot(other).failures == [.tftpError])
  }

  @Test func theFirmwareGivesUpWithoutASize() {
    let noSize = S.transfer(.probed)
    #expect(boot(noSize, until: 30).failures == [.tftpOptionRefused])
    var sized = noSize
    sized.size = 173_792
    #expect(boot(sized, until: 30).failures == [.tftpProbeOnly])
    // The usual: asked for the size, then fetched.
    #expect(
      boot(sized, until: 4, more: [.transfer(S.transfer(at: 3))]).failures.isEmpty)
    #expect(boot(sized, until: 4).codes == [.underWay])
    let ignored = S.transfer(.failed(code: 4, text: "User aborted", byClient: true))
    #expect(boot(ignored, until: 30).failures == [.tftpOptionRefused])
  }

  @Test func aTransferStops() throws {
    var stalled = S.transfer(.running)
    stalled.sentBlock = 41
    stalled.acknowledgedBlock = 40
    stalled.repeated = 6
    stalled.repeatedAtEnd = 6
    let verdict = try #require(boot(stalled, until: 10).verdicts().first)
    #expect(verdict.code == .tftpStalled)
    #expect(verdict.cause.contains("block 41"))
    var running = S.transfer(.running)
    running.repeated = 3
    #expect(boot(running, until: 3).codes == [.underWay])
    #expect(boot(running, until: 60).failures == [.tftpStalled])
  }

  @Test func largeBlocksNeverArrive() {
    var lost = S.transfer(.running)
    lost.sentBlock = 1
    lost.acknowledgedBlock = 0
    lost.dataPackets = 4
    lost.repeated = 3
    #expect(boot(lost, until: 20).failures == [.tftpMTU])
    // Seen behind the bottleneck: no block at all.
    lost.dataPackets = 0
    lost.sentBlock = 0
    lost.repeated = 0
    lost.repeatedAcknowledgments = 3
    #expect(boot(lost, until: 20).failures == [.tftpMTU])
    // Small blocks are no matter of MTU.
    lost.blockSize = 512
    #expect(!boot(lost, until: 20).failures.contains(.tftpMTU))
    // Some loss at the begin, and then it goes on.
    var slow = S.transfer(.running)
    slow.repeated = 3
    #expect(!boot(slow, until: 20).failures.contains(.tftpMTU))
  }

  @Test func theServerIsHeardByNobody() {
    var deaf = S.transfer(.running)
    deaf.acceptedTerms = false
    deaf.acknowledgedBlock = 0
    deaf.sentBlock = 0
    deaf.dataPackets = 0
    deaf.requests = S.seen(2, 6, 10)
    #expect(boot(deaf, until: 14).failures == [.oneWayTraffic])
  }

  @Test func theProgramIsSilent() {
    var boot = boot(S.transfer(), until: 60)
    #expect(boot.failures == [.loaderSilent])
    boot.successor = S.at(2.6, 99)
    #expect(boot.verdicts().first?.evidence.contains(99) == true)
    #expect(self.boot(S.transfer(), until: 5).codes == [.underWay])
    // A program that only leaves again is small.
    #expect(self.boot(S.transfer(bytes: 4096), until: 60).failures.isEmpty)
    // It went on.
    let alive = self.boot(
      S.transfer(), until: 60, more: [.dhcp(S.exchange(.ipxe, at: 5)), .http(S.request(at: 8))])
    #expect(alive.failures.isEmpty)
    // A kernel and its initrd by TFTP: nobody expects more.
    let grub = self.boot(
      S.transfer(), until: 60, more: [.transfer(S.transfer("initrd.img", at: 4))])
    #expect(grub.failures.isEmpty)
  }

  @Test func theProgramIsForAnotherMachine() {
    var arm = S.transfer("boot.efi")
    arm.content = .program(machine: 0xaa64)
    let named = S.exchange(offers: [S.lease(0.1), S.proxy(0.1, file: "boot.efi")])
    #expect(
      S.boot([.dhcp(named), .transfer(arm)], until: 60).failures == [.wrongArchitecture])
    arm.content = .program(machine: 0x8664)
    #expect(S.boot([.dhcp(named), .transfer(arm)], until: 60).failures == [.loaderSilent])
    let bios = S.exchange(offers: [S.lease(0.1), S.proxy(0.1, file: "undionly.kpxe")])
    #expect(
      S.boot([.dhcp(bios), .transfer(S.transfer("undionly.kpxe"))], until: 60).failures
        == [.wrongArchitecture])
    let right = S.exchange(
      offers: [S.lease(0.1), S.proxy(0.1, file: "undionly.kpxe")], architecture: 0)
    #expect(
      S.boot(
        [.dhcp(right), .transfer(S.transfer("undionly.kpxe"))], until: 60, family: .bios,
        architecture: 0
      ).failures == [.loaderSilent])
  }

  @Test func iPXEFetchesIPXEAgainAndAgain() {
    func steps(_ count: Int) -> [BootRecord.Step] {
      (0..<count).flatMap { turn -> [BootRecord.Step] in
        let begin = Double(turn) * 20
        let offers = [S.lease(begin + 0.1), S.proxy(begin + 0.1, file: "undionly.kpxe")]
        return [
          .dhcp(S.exchange(.ipxe, at: begin, offers: offers, architecture: 0)),
          .transfer(S.transfer("undionly.kpxe", at: begin + 5, bytes: 74_213)),
        ]
      }
    }
    let loop = S.boot(steps(4), until: 70, family: .ipxe, architecture: 0)
    #expect(loop.failures == [.ipxeLoop])
    // A ROM's iPXE that fetches a newer one is no loop.
    let once = S.boot(
      steps(2) + [.http(S.request(at: 30))], until: 31, family: .ipxe, architecture: 0)
    #expect(!once.codes.contains(.ipxeLoop))
  }
}
