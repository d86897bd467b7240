/// BootDoctorTests: verdicts while frames still come, told once and in time.

import BootDoctor
import Fixtures
import PacketCapture
import Testing
import Wire

@Suite struct VerdictWatchTests {
  /// The story of a capture as it is heard: what was told, and how many seconds after the first frame.
  private struct Heard {
    var conclusions: [(second: Int, conclusion: VerdictWatch.Conclusion)] = []

    /// Looks each second, and `later` seconds more.
    init(_ name: String, later: Int) throws {
      var explainer = Explainer(isLive: true)
      var decoder = PacketDecoder()
      var watch = VerdictWatch()
      var reader = CaptureReader(bytes: try Fixtures.bytes("captures/\(name).pcap"))
      var begin: UInt64?
      func look(
        _ conclusions: inout [(second: Int, conclusion: VerdictWatch.Conclusion)], _ second: Int
      ) {
        let now = (begin ?? 0) + UInt64(second) * 1_000_000_000
        conclusions += watch.pass(explainer.finish(at: now)).map { (second, $0) }
      }
      var second = 0
      while let frame = try reader.next() {
        let start = begin ?? frame.time
        begin = start
        while frame.time >= start + UInt64(second) * 1_000_000_000 {
          look(&conclusions, second)
          second += 1
        }
        if let packet = try? decoder.decode(frame) { _ = explainer.receive(packet) }
      }
      for extra in 0..<later { look(&conclusions, second + extra) }
    }

    var codes: [[String]] { conclusions.map { $0.conclusion.verdicts.map(\.code.rawValue) } }
  }

  @Test func aSilentMachineIsJudgedOnce() throws {
    let heard = try Heard("faults/tftp-not-found-bios", later: 300)
    #expect(heard.codes == [["tftp-file-not-found"]])
    let lines = try #require(heard.conclusions.first?.conclusion.lines)
    #expect(lines.first == "boot 1: FAILURE tftp-file-not-found")
    #expect(lines.contains { $0.hasPrefix("    Do: ") })
  }

  /// EDK2's four DISCOVERs go over 28 s: nothing may be told in between.
  @Test func nothingIsToldWhileAMachineStillTries() throws {
    let heard = try Heard("e15", later: 60)
    #expect(heard.codes == [["no-proxy-answer"]])
    #expect(try #require(heard.conclusions.first?.second) >= 28 + 40)
  }

  @Test func aMachineThatBootedIsToldSoSoon() throws {
    var frames = FrameBuilder()
    frames.leased()
    frames.fetch("snponly.efi", [UInt8](repeating: 7, count: 40_000))
    frames.wait(20)
    // An operating system asks for an address.
    frames.dhcp(1, transaction: 9, options: [12, 1, 97])
    var watch = VerdictWatch()
    #expect(watch.pass(frames.finish(after: 4)).isEmpty)
    #expect(watch.isWaiting)
    let told = watch.pass(frames.finish(after: 6))
    #expect(told.map(\.lines) == [["boot 1: it booted as far as this shows"]])
    #expect(watch.pass(frames.finish(after: 60)).isEmpty)
    #expect(watch.isWaiting)
    #expect(watch.pass(frames.finish(after: 130)).isEmpty)
    #expect(!watch.isWaiting)
  }

  @Test func aNewAttemptEndsTheOneBefore() {
    var frames = FrameBuilder()
    frames.leased()
    frames.ask(for: "snponly.efi")
    frames.tftp(.server, [0, 5, 0, 1] + Array("File not found\0".utf8))
    var watch = VerdictWatch()
    #expect(watch.pass(frames.finish(after: 12)).isEmpty)
    frames.wait(12)
    frames.leased(transaction: 2)
    let told = watch.pass(frames.finish(after: 1))
    #expect(told.map(\.number) == [1])
    #expect(told.map { $0.verdicts.map(\.code) } == [[.tftpFileNotFound]])
  }

  @Test func whatAMachineDoesLaterMayChangeItsVerdict() {
    let exchange = SampleBoot.exchange()
    var record = BootRecord(
      mac: SampleBoot.machine, steps: [.dhcp(exchange)], seenUntil: SampleBoot.at(45).time)
    var network = NetworkRecord()
    func seen(until second: Double) -> NetworkRecord {
      record.seenUntil = SampleBoot.at(second).time
      var client = ClientRecord(mac: SampleBoot.machine)
      client.boots = [record]
      network.clients = [client]
      return network
    }
    var watch = VerdictWatch()
    #expect(watch.pass(seen(until: 30)).isEmpty)
    let first = watch.pass(seen(until: 45)).map { $0.verdicts.map(\.code) }
    #expect(first == [[.offerNotAccepted]])
    #expect(watch.pass(seen(until: 50)).isEmpty)
    var transfer = TFTPTransferRecord(
      server: SampleBoot.bootServer, clientPort: 2000, file: "snponly.efi",
      requests: SampleBoot.seen(60))
    transfer.outcome = .failed(code: 1, text: "File not found", byClient: false)
    transfer.last = SampleBoot.at(60.1)
    record.steps.append(.transfer(transfer))
    #expect(watch.pass(seen(until: 80)).isEmpty)
    #expect(
      watch.pass(seen(until: 101)).map { $0.verdicts.map(\.code) } == [[.tftpFileNotFound]])
  }
}
