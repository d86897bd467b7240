/// TFTPTests: the sender's rules, one by one, on a manual clock.

import TFTP
import Testing
import Wire

/// A sender together with its clock.
private struct Bench {
  static let client = Endpoint(IPv4Address(10, 77, 0, 50), 1822)
  var now = ContinuousClock.now
  var sender: TFTPSender

  /// `blocks` full ones of 512 bytes and a last one of 100.
  init(blocks: Int = 9, _ options: [TFTPOption] = []) {
    let file = FileContents([UInt8](repeating: 0x55, count: blocks * 512 + 100))
    let terms = TFTPTerms(
      request: TFTPTransferRequest(filename: "x", options: options), fileSize: file.count,
      limits: TFTPLimits())
    sender = TFTPSender(file: file, terms: terms, peer: Self.client, at: now)
  }

  static func windowed(_ size: Int, blocks: Int = 9) -> Bench {
    Bench(blocks: blocks, [TFTPOption("windowsize", String(size))])
  }

  mutating func acknowledge(_ block: Int) -> TFTPEffect {
    sender.receive(
      .acknowledgment(block: UInt16(truncatingIfNeeded: block)), from: Self.client, at: now)
  }

  mutating func error(_ code: TFTPErrorCode) -> TFTPEffect {
    sender.receive(.error(code: code, message: "no"), from: Self.client, at: now)
  }

  mutating func wait(_ time: Duration) -> TFTPEffect {
    now += time
    return sender.tick(at: now)
  }
}

@Suite struct TFTPSenderTests {
  @Test func `without options DATA 1 goes out at once, then one block for each ACK`() {
    var bench = Bench(blocks: 2)
    #expect(bench.sender.opening == .send(1...1))
    #expect(bench.acknowledge(1) == .send(2...2))
    #expect(bench.acknowledge(2) == .send(3...3))
    #expect(bench.acknowledge(3) == .end(.finished(lastAcknowledgment: true)))
    #expect(bench.sender.deadline == nil)
    #expect(bench.acknowledge(3) == .ignore(.isOver))
  }

  @Test func `with options the OACK waits for ACK 0`() {
    var bench = Bench([TFTPOption("blksize", "600")])
    #expect(bench.sender.opening == .offer)
    #expect(Array(bench.sender.offerDatagram.prefix(2)) == [0, 6])
    #expect(bench.acknowledge(1) == .ignore(.acknowledgmentOutsideWindow))
    #expect(bench.acknowledge(0) == .send(1...1))
  }

  @Test func `an exact multiple ends with an empty block`() {
    let file = FileContents([UInt8](repeating: 1, count: 1024))
    let terms = TFTPTerms(
      request: TFTPTransferRequest(filename: "x"), fileSize: 1024, limits: TFTPLimits())
    let now = ContinuousClock.now
    var sender = TFTPSender(file: file, terms: terms, peer: Bench.client, at: now)
    #expect(
      sender.receive(.acknowledgment(block: 2), from: Bench.client, at: now)
        == .ignore(.acknowledgmentOutsideWindow))
    _ = sender.receive(.acknowledgment(block: 1), from: Bench.client, at: now)
    #expect(
      sender.receive(.acknowledgment(block: 2), from: Bench.client, at: now) == .send(3...3))
    #expect(sender.datagram(of: 3) == [0, 3, 0, 3])
  }

  // MARK: Losses

  @Test func `a lost OACK or ACK 0: the OACK is sent again by the timer`() {
    var bench = Bench.windowed(4)
    #expect(bench.wait(.milliseconds(999)) == .ignore(.timerIsEarly))
    #expect(bench.wait(.milliseconds(1)) == .offer)
    #expect(bench.acknowledge(0) == .send(1...4))
  }

  @Test func `a lost OACK: the repeated request gets it again, there is no second transfer`() {
    var bench = Bench.windowed(4)
    #expect(bench.sender.receiveRequestAgain(at: bench.now) == .offer)
    #expect(bench.acknowledge(0) == .send(1...4))
    #expect(bench.sender.receiveRequestAgain(at: bench.now) == .ignore(.duplicateRequest))
  }

  @Test func `a lost DATA 1: the repeated request gets it again`() {
    var bench = Bench()
    #expect(bench.sender.receiveRequestAgain(at: bench.now) == .send(1...1))
  }

  @Test func `a machine that was reset asks again from the same port and ends the old transfer`() {
    var bench = Bench()
    _ = bench.acknowledge(1)
    bench.now += .seconds(20)
    #expect(bench.sender.receiveRequestAgain(at: bench.now) == .end(.failed(.restarted)))
  }

  @Test func `another request from the same port: a probe, or a transfer that broke off`() {
    var probe = Bench([TFTPOption("tsize", "0")])
    #expect(probe.sender.replace(because: .restarted) == .end(.probed))
    var started = Bench()
    #expect(started.sender.replace(because: .restarted) == .end(.failed(.restarted)))
  }

  @Test func `a lost DATA or ACK: the timer sends the window again, with growing waits`() {
    var bench = Bench.windowed(3)
    // A round trip of 400 ms: the first wait is 400 + 4 x 200 ms.
    bench.now += .milliseconds(400)
    _ = bench.acknowledge(0)
    #expect(bench.wait(.milliseconds(1199)) == .ignore(.timerIsEarly))
    #expect(bench.wait(.milliseconds(1)) == .send(1...3))
    #expect(bench.wait(.milliseconds(1200)) == .ignore(.timerIsEarly))
    #expect(bench.wait(.milliseconds(1200)) == .send(1...3))
    #expect(bench.wait(.milliseconds(4800)) == .send(1...3))
    #expect(bench.wait(.seconds(8)) == .send(1...3))
    #expect(bench.wait(.seconds(8)) == .send(1...3))
    #expect(bench.sender.retransmissions == 15)
    #expect(bench.acknowledge(3) == .send(4...6))
    #expect(bench.wait(.milliseconds(1200)) == .send(4...6))
  }

  @Test func `what was sent late is waited for from then on`() {
    var bench = Bench.windowed(3)
    _ = bench.acknowledge(0)
    bench.now += .milliseconds(900)
    bench.sender.sentLate(at: bench.now)
    #expect(bench.wait(.milliseconds(49)) == .ignore(.timerIsEarly))
    #expect(bench.wait(.milliseconds(1)) == .send(1...3))
  }

  @Test func `the timeout that the client asked is the first wait`() {
    var bench = Bench([TFTPOption("timeout", "3")])
    #expect(bench.wait(.seconds(2)) == .ignore(.timerIsEarly))
    #expect(bench.wait(.seconds(1)) == .offer)
  }

  @Test func `a duplicate ACK is never answered`() {
    var bench = Bench()
    _ = bench.acknowledge(1)
    for _ in 0..<100 { #expect(bench.acknowledge(1) == .ignore(.duplicateAcknowledgment)) }
    var windowed = Bench.windowed(4)
    _ = windowed.acknowledge(0)
    for _ in 0..<100 { #expect(windowed.acknowledge(0) == .ignore(.duplicateAcknowledgment)) }
  }

  @Test func `a duplicate ACK does not put off the timer`() {
    var bench = Bench()
    _ = bench.acknowledge(1)
    let deadline = bench.sender.deadline
    bench.now += .milliseconds(900)
    _ = bench.acknowledge(1)
    #expect(bench.sender.deadline == deadline)
  }

  @Test func `an ACK from the future or the past is ignored`() {
    var bench = Bench.windowed(4)
    _ = bench.acknowledge(0)
    #expect(bench.acknowledge(5) == .ignore(.acknowledgmentOutsideWindow))
    #expect(bench.acknowledge(40_000) == .ignore(.acknowledgmentOutsideWindow))
    #expect(bench.acknowledge(4) == .send(5...8))
    #expect(bench.acknowledge(3) == .ignore(.acknowledgmentOutsideWindow))
    #expect(bench.acknowledge(8) == .send(9...10))
  }

  @Test func `a partial ACK starts the window again behind it, once`() {
    var bench = Bench.windowed(4)
    _ = bench.acknowledge(0)
    #expect(bench.acknowledge(1) == .send(2...5))
    #expect(bench.sender.retransmissions == 3)
    // EDK2 acknowledges each packet that is out of order.
    #expect(bench.acknowledge(1) == .ignore(.duplicateAcknowledgment))
    #expect(bench.acknowledge(5) == .send(6...9))
  }

  @Test func `the numbers of more than 65,536 blocks wrap to 0`() {
    let file = FileContents([UInt8](repeating: 2, count: 8 * 131_080))
    let terms = TFTPTerms(
      request: TFTPTransferRequest(
        filename: "x", options: [TFTPOption("blksize", "8"), TFTPOption("windowsize", "7")]),
      fileSize: file.count, limits: TFTPLimits())
    let now = ContinuousClock.now
    var sender = TFTPSender(file: file, terms: terms, peer: Bench.client, at: now)
    var effect = sender.receive(.acknowledgment(block: 0), from: Bench.client, at: now)
    var next = 1
    while case .send(let blocks) = effect {
      #expect(blocks.lowerBound == next)
      next = blocks.upperBound + 1
      let number = UInt16(truncatingIfNeeded: blocks.upperBound)
      effect = sender.receive(.acknowledgment(block: number), from: Bench.client, at: now)
    }
    #expect(effect == .end(.finished(lastAcknowledgment: true)))
    #expect(next == 131_082)
  }

  // MARK: Ends

  @Test func `an ERROR after the OACK ends a probe, whatever its code`() {
    for code in [TFTPErrorCode.notDefined, .optionsRefused, TFTPErrorCode(rawValue: 77)] {
      var bench = Bench([TFTPOption("tsize", "0")])
      #expect(bench.error(code) == .end(.probed))
    }
  }

  @Test func `an ERROR in the middle of a window ends the transfer`() {
    var bench = Bench.windowed(4)
    _ = bench.acknowledge(0)
    #expect(bench.error(.diskFull) == .end(.failed(.client(.diskFull, "no"))))
    #expect(bench.wait(.seconds(100)) == .ignore(.isOver))
  }

  @Test func `a client that stops answering is given up after 60 s`() {
    var bench = Bench()
    _ = bench.acknowledge(1)
    let silence = bench.now
    var effect = TFTPEffect.send(2...2)
    while case .send(let blocks) = effect, let deadline = bench.sender.deadline {
      #expect(blocks == 2...2)
      bench.now = deadline
      effect = bench.sender.tick(at: bench.now)
    }
    #expect(effect == .end(.failed(.stalled)))
    #expect(bench.now - silence == .seconds(60))
  }

  @Test func `a missing last ACK is no failure`() {
    var bench = Bench(blocks: 1)
    _ = bench.acknowledge(1)
    bench.now += .seconds(60)
    #expect(
      bench.sender.tick(at: bench.now) == .end(.finished(lastAcknowledgment: false)))
  }

  @Test(arguments: [[], [TFTPOption("windowsize", "64")]])
  func `a peer that never answers gets the first packet five times and no more`(
    options: [TFTPOption]
  ) {
    var bench = Bench(blocks: 100, options)
    let first = bench.sender.opening
    var packets = 1
    while let deadline = bench.sender.deadline {
      bench.now = deadline
      let effect = bench.sender.tick(at: bench.now)
      if effect == .end(.failed(.neverAnswered)) { break }
      #expect(effect == first)
      #expect(!bench.sender.isAnswered)
      packets += 1
    }
    #expect(packets == 1 + TFTPSender.unansweredAttempts)
    #expect(bench.sender.deadline == nil)
  }

  /// The bound that the documentation states.
  @Test func `a forged request brings at most five first packets upon its victim`() {
    var plain = Bench(blocks: 100)
    #expect(plain.sender.unansweredBytes == 5 * 516)
    var offering = Bench(
      blocks: 100, [TFTPOption("tsize", "0"), TFTPOption("blksize", "1468")])
    #expect(offering.sender.unansweredBytes == 5 * offering.sender.offerDatagram.count)
    for count in 0..<2 {
      var sent = 0
      func note(_ effect: TFTPEffect, _ sender: inout TFTPSender) {
        switch effect {
        case .offer: sent += sender.offerDatagram.count
        case .send(let blocks):
          for block in blocks { sent += sender.datagram(of: block).count }
        default: break
        }
      }
      var sender = count == 0 ? plain.sender : offering.sender
      note(sender.opening, &sender)
      while let deadline = sender.deadline { note(sender.tick(at: deadline), &sender) }
      #expect(sent == sender.unansweredBytes)
    }
    _ = plain.acknowledge(1)
    _ = offering.acknowledge(0)
    #expect(plain.sender.isAnswered && offering.sender.isAnswered)
  }

  // MARK: Strangers

  @Test func `a stranger gets ERROR 5 and the transfer goes on`() {
    var bench = Bench()
    let stranger = Endpoint(Bench.client.address, 1823)
    let acknowledgment = TFTPPacket.acknowledgment(block: 1)
    #expect(
      bench.sender.receive(acknowledgment, from: stranger, at: bench.now) == .rejectStranger)
    #expect(bench.acknowledge(1) == .send(2...2))
  }

  @Test func `a stranger's ERROR is not answered`() {
    var bench = Bench()
    let error = TFTPPacket.error(code: .unknownTransferID, message: "")
    let stranger = Endpoint(IPv4Address(10, 77, 0, 51), 1822)
    #expect(bench.sender.receive(error, from: stranger, at: bench.now) == .ignore(.stranger))
  }

  @Test func `what a receiver does not send is ignored`() {
    var bench = Bench()
    let packets: [TFTPPacket] = [
      .data(block: 1, payload: []), .optionAcknowledgment([]),
      .read(TFTPTransferRequest(filename: "x")),
    ]
    for packet in packets {
      #expect(
        bench.sender.receive(packet, from: Bench.client, at: bench.now)
          == .ignore(.unexpectedPacket))
    }
  }
}
