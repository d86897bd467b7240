/// TFTPTests: whole transfers over a bad wire.

import Fixtures
import TFTP
import Testing

@Suite struct WeatherTests {
  static let file: [UInt8] = {
    var random = SeededRandom(seed: 1)
    return (0..<20_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }()

  static let asked: [[TFTPOption]] = [
    [], [TFTPOption("tsize", "0"), TFTPOption("blksize", "1468"), TFTPOption("windowsize", "4")],
    [TFTPOption("windowsize", "16")], [TFTPOption("blksize", "1432"), TFTPOption("tsize", "0")],
  ]

  @Test(arguments: Habit.allCases, asked)
  func `in good weather nothing is sent twice`(habit: Habit, options: [TFTPOption]) throws {
    let result = try Weather().run(file: Self.file, options: options, habit: habit, seed: 7)
    #expect(result.bytes == Self.file)
    #expect(result.outcome == .finished(lastAcknowledgment: habit != .forgetful))
    if habit != .forgetful {
      #expect(result.retransmissions == 0)
      #expect(result.timerFirings == 0)
    }
  }

  @Test(arguments: Habit.allCases, asked)
  func `loss, doubles and disorder do not harm the file`(
    habit: Habit, options: [TFTPOption]
  ) throws {
    let storms = [
      Weather(loss: 0.05), Weather(duplication: 0.3), Weather(jitter: .milliseconds(5)),
      Weather(loss: 0.1, duplication: 0.1, jitter: .milliseconds(20)),
    ]
    for (index, weather) in storms.enumerated() {
      for seed in 0..<5 {
        let result = try weather.run(
          file: Self.file, options: options, habit: habit, seed: UInt64(seed * 10 + index))
        #expect(result.bytes == Self.file)
        guard case .finished = result.outcome else {
          Issue.record("\(weather) seed \(seed): \(String(describing: result.outcome))")
          continue
        }
      }
    }
  }

  /// Without this rule each double makes another one, for ever (RFC 1123 §4.2.3.1).
  @Test func `doubles do not breed without a window`() throws {
    let weather = Weather(duplication: 0.5)
    let result = try weather.run(file: Self.file, options: [], habit: .edk2, seed: 3)
    #expect(result.dataPackets == Self.file.count / 512 + 1)
  }

  /// A window is sent again only for progress, so the worst client costs a window for each block.
  @Test func `with a window the packets stay bounded`() throws {
    let blocks = Self.file.count / 512 + 1
    let weather = Weather(duplication: 1, jitter: .milliseconds(30))
    for seed in 0..<10 {
      let result = try weather.run(
        file: Self.file, options: [TFTPOption("windowsize", "4")], habit: .edk2,
        seed: UInt64(seed))
      #expect(result.bytes == Self.file)
      #expect(result.dataPackets <= (blocks + result.timerFirings) * 4)
    }
  }

  @Test func `a wire that carries nothing ends the transfer`() throws {
    let result = try Weather(loss: 1).run(
      file: Self.file, options: [TFTPOption("windowsize", "64")], habit: .plain, seed: 0)
    #expect(result.outcome == .failed(.neverAnswered))
    #expect(result.dataPackets == 0)
  }

  @Test(arguments: Habit.allCases, [Duration.zero, .milliseconds(10), .milliseconds(50)])
  func `no transfer fails with 2 % of loss, whatever the delay`(
    habit: Habit, delay: Duration
  ) throws {
    let weather = Weather(loss: 0.02, delay: delay)
    for seed in 0..<40 {
      let result = try weather.run(
        file: Self.file + Self.file + Self.file,
        options: [TFTPOption("blksize", "512"), TFTPOption("windowsize", "16")], habit: habit,
        seed: UInt64(seed))
      #expect(result.bytes.count == 60_000)
      guard case .finished = result.outcome else {
        Issue.record("seed \(seed): \(String(describing: result.outcome))")
        continue
      }
    }
  }

  /// 118 blocks in 8 windows: a lost window costs a round trip or a wait of some, never a second.
  @Test func `waits follow the round trips`() throws {
    let weather = Weather(loss: 0.02, delay: .milliseconds(10))
    var total = Duration.zero
    for seed in 0..<40 {
      let result = try weather.run(
        file: Self.file + Self.file + Self.file, options: [TFTPOption("windowsize", "16")],
        habit: .plain, seed: UInt64(100 + seed))
      total += result.duration
    }
    #expect(total < .milliseconds(500) * 40)
  }

  @Test func `a delay that is always longer than the first wait is learnt`() throws {
    let result = try Weather(delay: .milliseconds(900)).run(
      file: Self.file, options: [TFTPOption("windowsize", "4")], habit: .plain, seed: 1)
    #expect(result.bytes == Self.file)
    #expect(result.outcome == .finished(lastAcknowledgment: true))
  }
}
