/// TFTPTests: 200,000 spoiled packets against the codec, the admission and running transfers.

import Fixtures
import TFTP
import Testing
import Wire

@Suite struct TFTPFuzzTests {
  private let client = Endpoint(IPv4Address(10, 0, 0, 9), 2070)

  private func spoil(_ packet: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var packet = packet
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...packet.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where place < packet.count: packet[place] = .random(in: .min ... .max, using: &random)
      case 1 where place < packet.count:
        packet[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: packet.removeSubrange(place...)
      case 3 where place < packet.count: packet.remove(at: place)
      case 4: packet.insert([0, 0xff, 0x2e, 0x2f].randomElement(using: &random) ?? 0, at: place)
      default:
        packet += Recorded.all.randomElement(using: &random)?.dropFirst(place) ?? []
      }
    }
    return packet
  }

  @Test(arguments: 0..<4)
  func `nothing traps and every bound holds`(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    var now = ContinuousClock.now
    let file = FileContents([UInt8](repeating: 7, count: 3_000))
    let limits = TFTPLimits()
    var sender: TFTPSender?
    for _ in 0..<50_000 {
      let packet = spoil(Recorded.all.randomElement(using: &random) ?? [], &random)
      if let parsed = try? TFTPPacket(parsing: packet) {
        let again = parsed.datagram
        if !again.isEmpty {
          let reparsed = try TFTPPacket(parsing: again)
          if reparsed != parsed { Issue.record("\(packet) is not stable") }
        }
        now += .milliseconds(Int.random(in: 0..<1500, using: &random))
        if var running = sender {
          for effect in [running.receive(parsed, from: client, at: now), running.tick(at: now)] {
            check(effect, &running)
          }
          sender = running
        }
      }
      if case .read(let request, let name) = TFTPAdmission(packet, from: client) {
        let parts = name.cleaned.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains("..") || parts.contains("") { Issue.record("\(packet): \(name)") }
        let terms = TFTPTerms(request: request, fileSize: file.count, limits: limits)
        if !(8...1468).contains(terms.blockSize) || !(1...64).contains(terms.windowSize) {
          Issue.record("\(packet): \(terms)")
        }
        var started = TFTPSender(file: file, terms: terms, peer: client, at: now)
        check(started.opening, &started)
        if Bool.random(using: &random) {
          check(
            started.receive(.acknowledgment(block: 0), from: client, at: now), &started)
        }
        sender = started
      }
    }
  }

  private func check(_ effect: TFTPEffect, _ sender: inout TFTPSender) {
    guard case .send(let blocks) = effect else { return }
    if blocks.lowerBound < 1 || blocks.upperBound > sender.lastBlock
      || blocks.count > sender.terms.windowSize
    {
      Issue.record("\(blocks) of \(sender.lastBlock)")
    }
    if !sender.isAnswered && blocks != 1...1 { Issue.record("\(blocks) before any answer") }
    for block in blocks where sender.datagram(of: block).count > sender.terms.blockSize + 4 {
      Issue.record("block \(block) is too long")
    }
  }
}
