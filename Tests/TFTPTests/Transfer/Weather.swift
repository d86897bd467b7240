/// TFTPTests: a wire that loses, doubles and reorders packets, and receivers with habits of their
/// own.

import Fixtures
import TFTP
import Wire

/// How a client of RFC 7440 behaves where the RFC leaves room.
enum Habit: CaseIterable {
  /// One ACK for a window, one for a gap.
  case plain
  /// EDK2: an ACK for every packet that is out of order.
  case edk2
  /// A ROM that starts what it got without the last ACK.
  case forgetful
}

/// Receives a file; knows nothing of the sender but its packets.
struct Receiver {
  let habit: Habit
  let windowSize: Int
  let blockSize: Int
  /// DATA 1 is expected after an OACK that was answered, or at once.
  private(set) var expected = 1
  private(set) var bytes: [UInt8] = []
  private(set) var isDone = false
  private var inWindow = 0
  private var hasReportedGap = false

  init(habit: Habit, windowSize: Int, blockSize: Int) {
    self.habit = habit
    self.windowSize = windowSize
    self.blockSize = blockSize
  }

  /// The ACK that this packet causes.
  mutating func receive(_ packet: TFTPPacket) -> UInt16? {
    switch packet {
    case .optionAcknowledgment: return expected == 1 ? 0 : nil
    case .data(let block, let payload):
      guard !isDone, block == UInt16(truncatingIfNeeded: expected) else { return disorder() }
      hasReportedGap = false
      bytes += payload
      expected += 1
      inWindow += 1
      isDone = payload.count < blockSize
      if isDone && habit == .forgetful { return nil }
      return isDone || inWindow == windowSize ? acknowledge() : nil
    default: return nil
    }
  }

  /// The client's own timer.
  mutating func timeout() -> UInt16? {
    expected > 1 && !isDone ? acknowledge() : nil
  }

  private mutating func disorder() -> UInt16? {
    if isDone && habit == .forgetful { return nil }
    if habit == .plain && hasReportedGap && !isDone { return nil }
    hasReportedGap = true
    return acknowledge()
  }

  private mutating func acknowledge() -> UInt16 {
    inWindow = 0
    return UInt16(truncatingIfNeeded: expected - 1)
  }
}

/// One transfer over a wire with weather; time passes only here.
struct Weather {
  var loss = 0.0
  var duplication = 0.0
  /// How long packets take, one way.
  var delay: Duration = .milliseconds(1)
  /// Packets take up to this much longer.
  var jitter: Duration = .zero

  struct Result {
    var outcome: TFTPOutcome?
    var bytes: [UInt8]
    var dataPackets = 0
    var retransmissions = 0
    var timerFirings = 0
    var duration: Duration = .zero
  }

  private enum Delivery {
    case toClient([UInt8])
    case toServer(UInt16)
    case clientTimer(expected: Int)
  }

  func run(
    file: [UInt8], options: [TFTPOption], habit: Habit, seed: UInt64
  ) throws -> Result {
    var random = SeededRandom(seed: seed)
    let start = ContinuousClock.now
    let client = Endpoint(IPv4Address(10, 0, 0, 9), 2070)
    let contents = FileContents(file)
    let terms = TFTPTerms(
      request: TFTPTransferRequest(filename: "x", options: options), fileSize: file.count,
      limits: TFTPLimits())
    var now = start
    var sender = TFTPSender(file: contents, terms: terms, peer: client, at: now)
    var receiver = Receiver(
      habit: habit, windowSize: terms.windowSize, blockSize: terms.blockSize)
    var queue: [(time: ContinuousClock.Instant, delivery: Delivery)] = []
    var result = Result(bytes: [])

    func carry(_ delivery: Delivery) {
      if Double.random(in: 0..<1, using: &random) < loss { return }
      let copies = Double.random(in: 0..<1, using: &random) < duplication ? 2 : 1
      for _ in 0..<copies {
        let late = jitter * Double.random(in: 0..<1, using: &random)
        queue.append((now + delay + late, delivery))
      }
    }
    func perform(_ effect: TFTPEffect) {
      switch effect {
      case .offer: carry(.toClient(sender.offerDatagram))
      case .send(let blocks):
        for block in blocks {
          result.dataPackets += 1
          carry(.toClient(sender.datagram(of: block)))
        }
      case .end(let outcome): result.outcome = outcome
      case .ignore, .rejectStranger: break
      }
    }

    perform(sender.opening)
    queue.append((now + .seconds(4), .clientTimer(expected: 1)))
    while result.outcome == nil, let deadline = sender.deadline {
      let next = queue.indices.min { queue[$0].time < queue[$1].time }
      guard let next, queue[next].time <= deadline else {
        now = max(now, deadline)
        result.timerFirings += 1
        perform(sender.tick(at: now))
        continue
      }
      let item = queue.remove(at: next)
      now = max(now, item.time)
      switch item.delivery {
      case .toClient(let datagram):
        if let number = receiver.receive(try TFTPPacket(parsing: datagram)) {
          carry(.toServer(number))
        }
      case .toServer(let number):
        perform(sender.receive(.acknowledgment(block: number), from: client, at: now))
      case .clientTimer(let expected):
        if receiver.expected == expected {
          if expected == 1 {
            perform(sender.receiveRequestAgain(at: now))
          } else if let number = receiver.timeout() {
            carry(.toServer(number))
          }
        }
        if !receiver.isDone {
          queue.append((now + .seconds(4), .clientTimer(expected: receiver.expected)))
        }
      }
    }
    result.bytes = receiver.bytes
    result.retransmissions = sender.retransmissions
    result.duration = now - start
    return result
  }
}
