/// Tests of DHCPProxy: whatever a valid request says, the strictest firmware takes the reply.

import Fixtures
import Testing
import Wire

@testable import DHCPProxy

@Suite struct ReplyPropertyTests {
  private static let classes = [
    "PXEClient", "PXEClient:Arch:00007:UNDI:003000", "HTTPClient:Arch:00016:UNDI:003000",
    "U-Boot.armv8", "PXEClient:Arch:00000:UNDI:002001",
  ]

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func everyReplyPasses(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let pins = try StrategyPins(
      parsing: Strategy.pinnable.enumerated().map {
        ("mac \(MACAddress(value: 0x5254_0000_0000 + UInt64($0.offset)))", $0.element.name)
      })
    var proxy = ProxyHarness(
      rules: BootRules(pins: pins),
      plan: { client, _ in
        // Names of all lengths.
        let name = String(repeating: "x", count: 1 + Int(client.xid % 250))
        return switch client.family {
        case .ipxe: client.xid % 2 == 0 ? .loader(file: name) : .script(url: "http://\(name)")
        case .httpBoot: .httpLoader(url: "http://\(name)")
        case .raspberryPi: .raspberryPi
        default: .loader(file: name)
        }
      })
    var strategies: Set<Strategy> = []
    var replies = 0
    for round in 0..<8000 {
      let built = Self.request(&random)
      let isBootServer = random.next() % 3 == 0
      proxy.wait(.seconds(Int64(random.next() % 8)))
      let source = Endpoint(
        IPv4Address(10, 77, 0, UInt8(random.next() % 2)), [68, 4011][Int(random.next() % 2)])
      let message = try DHCPMessage(parsing: built.bytes)
      guard
        case .reply(let reply, _, _) = proxy.decide(
          message, port: isBootServer ? .bootServer : .dhcp, from: source)
      else { continue }
      replies += 1
      strategies.insert(reply.choice.strategy)
      let firmware = StrictFirmware(reply.bytes, to: built.bytes)
      #expect(firmware.faults == [], "round \(round), \(reply.choice.strategy.name)")
      #expect(try DHCPMessage(parsing: reply.bytes) == reply.message)
      let relay = built.options.first { $0.0 == 82 }?.1
      #expect(firmware.value(82) == (relay?.isEmpty == true ? nil : relay))
      if built.giaddr != [0, 0, 0, 0] {
        #expect(reply.destination == .unicast(Endpoint(message.giaddr, 67)))
      }
    }
    #expect(replies > 1500)
    #expect(strategies == Set(Strategy.allCases))
  }

  /// A checker that lets everything pass would prove nothing.
  @Test func theStrictFirmwareIsStrict() throws {
    var proxy = ProxyHarness()
    let question = BuiltDHCP(1, pxeOptions(7))
    let good = try proxy.reply(question).bytes
    #expect(StrictFirmware(good, to: question.bytes).faults == [])
    let end = try #require(good.lastIndex(of: 255))
    // No END, an address, another xid, overload in the place of 54, bytes behind END.
    for (place, byte) in [(end, 0), (16, 10), (7, 1), (243, 52), (end + 1, 9)] as [(Int, UInt8)] {
      var bytes = good
      bytes[place] = byte
      #expect(!StrictFirmware(bytes, to: question.bytes).faults.isEmpty, "byte \(place)")
    }
  }

  /// A well-formed request of a boot client; 24 machines, so that each climbs its ladder.
  private static func request(_ random: inout SeededRandom) -> BuiltDHCP {
    func roll(_ sides: UInt64) -> UInt64 { random.next() % sides }
    let architecture = [0, 7, 16, UInt16(roll(44))][Int(roll(4))]
    var options: [(UInt8, [UInt8])] = [
      (60, text(classes[Int(roll(5))])),
      (93, [UInt8(architecture >> 8), UInt8(architecture & 255)]),
    ]
    if roll(2) == 0 {
      options.append((97, random.array([17, 17, 0, 1, 16, 18, 32, 33, 255][Int(roll(9))])))
    }
    if roll(4) == 0 { options.append((77, text("iPXE"))) }
    if roll(8) == 0 { options.append((175, [0x13, 1, UInt8(roll(2))])) }
    if roll(4) == 0 { options.append((43, [71, 4, 0x80, 0, 0, 0, 255])) }
    let isRelayed = roll(4) == 0
    if isRelayed { options.append((82, random.array(Int(roll(256))))) }
    var built = BuiltDHCP([1, 1, 1, 3, 8][Int(roll(5))], options)
    built.xid = UInt32(truncatingIfNeeded: random.next())
    built.flags = roll(2) == 0 ? 0x8000 : 0
    built.chaddr = [0x52, 0x54, 0, 0, 0, UInt8(roll(24))]
    if roll(9) == 0 { built.chaddr = [0xb8, 0x27, 0xeb, 0, 0, 1] }
    if roll(9) == 0 {
      built.options.append((61, [1] + built.chaddr))
      built.hlen = 16
      built.chaddr = random.array(16)
    }
    if roll(3) == 0 { built.ciaddr = random.array(4) }
    if isRelayed { built.giaddr = [10, UInt8(roll(256)), 0, 1] }
    built.hasEnd = roll(8) != 0
    built.size = built.hasEnd ? 300 : 0
    return built
  }
}
