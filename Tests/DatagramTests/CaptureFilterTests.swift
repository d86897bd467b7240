/// Tests of Datagram: the filter's program, run by a machine of ours as the kernel would.

import Testing
import Wire

@testable import Datagram

@Suite struct CaptureFilterTests {
  private static let server = MACAddress(value: 0x5254_0000_0002)
  private static let client = MACAddress(value: 0x5254_0000_0009)
  private static let ethernet = server.bytes + client.bytes
  private static let tagged: [[UInt8]] = [
    [], [0x81, 0, 0, 7], [0x88, 0xa8, 0, 5, 0x81, 0, 0, 7],
  ]

  private static func big(_ value: Int) -> [UInt8] {
    [UInt8(value >> 8 & 255), UInt8(value & 255)]
  }

  private static func ipv4(
    _ kind: UInt8, _ payload: [UInt8], fragment: Int = 0, options: Int = 0
  ) -> [UInt8] {
    [8, 0, UInt8(0x45 + options), 0] + big(20 + options * 4 + payload.count) + [0, 1]
      + big(fragment) + [64, kind, 0, 0] + [10, 0, 0, 9, 10, 0, 0, 2]
      + [UInt8](repeating: 1, count: options * 4) + payload
  }

  private static func ipv6(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0x86, 0xdd, 0x60, 0, 0, 0] + big(payload.count) + [kind, 64]
      + [UInt8](repeating: 9, count: 32) + payload
  }

  private static func udp(_ from: Int, _ to: Int, _ payload: [UInt8] = [9, 9]) -> [UInt8] {
    big(from) + big(to) + big(8 + payload.count) + [0, 0] + payload
  }

  private static func tcp(_ from: Int, _ to: Int) -> [UInt8] {
    big(from) + big(to) + [UInt8](repeating: 0, count: 16)
  }

  @Test func itLetsPassWhatBootsAreMadeOf() {
    let passes: [[UInt8]] = [
      [8, 6] + [UInt8](repeating: 0, count: 28),
      Self.ipv4(17, Self.udp(68, 67)), Self.ipv4(17, Self.udp(67, 68), options: 3),
      Self.ipv4(17, Self.udp(500, 67)), Self.ipv4(17, Self.udp(4011, 4011)),
      Self.ipv4(17, Self.udp(2070, 69)), Self.ipv4(17, Self.udp(5353, 53)),
      Self.ipv4(17, Self.udp(2070, 40_000, [0, 3, 0, 1, 7])),
      Self.ipv4(17, Self.udp(2070, 40_000, [0, 4, 0, 1])),
      Self.ipv4(17, Self.udp(2070, 40_000, [0, 5, 0, 1, 0])),
      Self.ipv4(17, Self.udp(2070, 40_000, [0, 6, 0x62])),
      Self.ipv4(6, Self.tcp(50_000, 80)), Self.ipv4(6, Self.tcp(8080, 50_000)),
      Self.ipv4(6, Self.tcp(9999, 50_000)),
      Self.ipv4(1, [3, 3, 0, 0]), Self.ipv4(17, [1, 2, 3, 4], fragment: 185),
      Self.ipv6(17, Self.udp(546, 547)), Self.ipv6(17, Self.udp(2070, 40_000, [0, 4, 0, 1])),
      Self.ipv6(6, Self.tcp(50_000, 443)), Self.ipv6(58, [135, 0, 0, 0]),
      Self.ipv6(44, [17, 0, 0, 1, 0, 0, 0, 1]),
    ]
    let stays: [[UInt8]] = [
      Self.ipv4(17, Self.udp(5000, 5001)), Self.ipv4(17, Self.udp(500, 3000, [0, 3, 0, 1])),
      Self.ipv4(17, Self.udp(2070, 40_000, [0, 4, 0, 1, 2])), Self.ipv4(6, Self.tcp(22, 50_000)),
      Self.ipv4(6, [1, 2, 3, 4], fragment: 185), Self.ipv4(1, [8, 0, 0, 0]),
      Self.ipv6(58, [128, 0, 0, 0]), Self.ipv6(6, Self.tcp(22, 23)), Self.ipv6(89, [0, 80, 0, 80]),
      [0x88, 0x8e, 1, 2], [0, 3, 0x42, 0x42, 3], [],
      // Lengths of IEEE 802.3 that are protocols elsewhere, before what would be a port.
      [0, 17] + [UInt8](repeating: 67, count: 40), [0, 6, 0, 80, 0, 80],
    ]
    var filter = CaptureFilter()
    filter.tcpPorts.append(9999)
    let program = filter.program
    for tags in Self.tagged {
      for frame in passes {
        #expect(program.run(Self.ethernet + tags + frame) == 262_144, "\(tags) \(frame)")
      }
      for frame in stays {
        #expect(program.run(Self.ethernet + tags + frame) == 0, "\(tags) \(frame)")
      }
    }
  }

  @Test func ofMachinesItLetsPassEverythingAndWhatNamesThem() {
    var filter = CaptureFilter()
    filter.machines =
      (100..<163).map { MACAddress(value: 0x5254_0000_0000 + $0) } + [Self.client]
    filter.snapLength = 128
    let program = filter.program
    #expect(program.code.count < 4096)
    let other = MACAddress(value: 0x5254_0000_0044)
    let noise = Self.ipv4(17, Self.udp(5000, 5001))
    #expect(program.run(Self.ethernet + noise) == 128)
    #expect(program.run(Self.client.bytes + other.bytes + [0x88, 0x8e]) == 128)
    #expect(program.run(Self.server.bytes + other.bytes + noise) == 0)
    for tags in Self.tagged {
      for (machine, answer) in [(Self.client, 128), (other, 0)] as [(MACAddress, UInt32)] {
        let offer: [UInt8] = [UInt8](repeating: 0, count: 28) + machine.bytes
        let frame =
          MACAddress.broadcast.bytes + Self.server.bytes + tags
          + Self.ipv4(17, Self.udp(67, 68, offer), options: 1)
        #expect(program.run(frame) == answer, "\(tags)")
      }
    }
  }
}

extension FilterProgram {
  /// Classic BPF, as far as it is used; a load behind the end answers 0.
  fileprivate func run(_ frame: [UInt8]) -> UInt32 {
    var accumulator: UInt32 = 0
    var index = 0
    var places: [UInt32: UInt32] = [:]
    var place = 0
    func load(_ at: Int, _ size: Int) -> UInt32? {
      guard at + size <= frame.count else { return nil }
      return frame[at..<(at + size)].reduce(0) { $0 << 8 | UInt32($1) }
    }
    while place < code.count {
      let step = code[place]
      place += 1
      let operand = Int(step.operand)
      switch step.code {
      case 0x20, 0x28, 0x30, 0x40, 0x48, 0x50:
        let size = [0: 4, 8: 2, 0x10: 1][step.code & 0x18] ?? 0
        guard let value = load((step.code & 0x40 != 0 ? index : 0) + operand, size) else {
          return 0
        }
        accumulator = value
      case 0x01: index = operand
      case 0x07: index = Int(accumulator)
      case 0x87: accumulator = UInt32(truncatingIfNeeded: index)
      case 0x02: places[step.operand] = accumulator
      case 0x60:
        guard let kept = places[step.operand] else {
          Issue.record("nothing was kept in place \(step.operand)")
          return 0
        }
        accumulator = kept
      case 0x04: accumulator &+= step.operand
      case 0x0c: accumulator &+= UInt32(truncatingIfNeeded: index)
      case 0x54: accumulator &= step.operand
      case 0x64: accumulator <<= step.operand
      case 0x05: place += operand
      case 0x15: place += Int(accumulator == step.operand ? step.ifTrue : step.ifFalse)
      case 0x35: place += Int(accumulator >= step.operand ? step.ifTrue : step.ifFalse)
      case 0x45: place += Int(accumulator & step.operand != 0 ? step.ifTrue : step.ifFalse)
      case 0x06: return step.operand
      default:
        Issue.record("instruction \(step.code)")
        return 0
      }
    }
    Issue.record("the program has no end")
    return 0
  }
}
