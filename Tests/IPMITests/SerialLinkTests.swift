/// IPMITests: the serial console's packets and repetitions, without a socket.

import Fixtures
import IPMI
import Testing
import Wire

struct SerialLinkTests {
  private func link() -> SerialLink {
    var link = SerialLink()
    link.activated(inboundSize: 24)
    return link
  }

  private func read(_ effect: SerialLink.Effect) throws -> SerialPacket {
    try SerialPacket(parsing: try #require(effect.send.last))
  }

  private func acknowledge(
    _ packet: SerialPacket, _ count: Int? = nil, _ flags: SerialPacket.Flags = []
  ) -> [UInt8] {
    SerialPacket(
      sequence: 0, acknowledged: packet.sequence,
      accepted: UInt8(clamping: count ?? packet.characters.count), flags: flags
    ).payload
  }

  @Test func onePacketAtATimeIsUnderWay() throws {
    var link = link()
    let first = try read(link.write(Array("hello".utf8)))
    #expect(first == SerialPacket(sequence: 1, characters: Array("hello".utf8)))
    #expect(link.write(Array("wo".utf8)) == SerialLink.Effect())
    #expect(link.write(Array("rld".utf8)) == SerialLink.Effect())
    #expect(link.unsentCount == 10)
    let second = try read(link.receive(acknowledge(first)))
    #expect(second == SerialPacket(sequence: 2, characters: Array("world".utf8)))
    #expect(link.receive(acknowledge(second)).isQuiet)
    #expect(link.unsentCount == 0)
  }

  @Test func longTextsAreCutToWhatTheBMCTakes() throws {
    var link = link()
    let text = (0..<50).map { UInt8($0) }
    var packet = try read(link.write(text))
    var got: [UInt8] = []
    while true {
      #expect(packet.characters.count <= 20)
      got += packet.characters
      let effect = link.receive(acknowledge(packet))
      if effect.isQuiet { break }
      packet = try read(effect)
    }
    #expect(got == text)
  }

  @Test func numbersGoRoundFrom1To15() throws {
    var link = link()
    var numbers: [UInt8] = []
    for _ in 0..<17 {
      let packet = try read(link.write([0x20]))
      numbers.append(packet.sequence)
      _ = link.receive(acknowledge(packet))
    }
    #expect(numbers == Array(1...15) + [1, 2])
  }

  @Test func whatIsNotAcknowledgedIsRepeatedAndThenGivenUp() throws {
    var link = link()
    let first = link.write([1])
    var last = try #require(first.wait)
    for _ in 1..<SerialLink.waits.count {
      let again = link.waitExpired()
      #expect(again.send == first.send)
      let wait = try #require(again.wait)
      #expect(wait > last)
      last = wait
    }
    #expect(link.waitExpired().news == [.silent])
  }

  @Test func whatIsTakenInPartIsContinuedInANewPacket() throws {
    var link = link()
    let first = try read(link.write([1, 2, 3, 4, 5]))
    _ = link.write([6])
    let second = try read(link.receive(acknowledge(first, 2, .refused)))
    #expect(second.sequence == 2)
    #expect(second.characters == [3, 4, 5, 6])
  }

  @Test func arefusedPacketIsTriedAgainLater() throws {
    var link = link()
    let first = try read(link.write([1, 2]))
    #expect(link.receive(acknowledge(first, 0, .refused)) == SerialLink.Effect())
    #expect(try read(link.waitExpired()) == first)
  }

  @Test func acknowledgementsOfOtherPacketsMeanNothing() throws {
    var link = link()
    let first = try read(link.write([1]))
    var other = first
    other.sequence = 9
    #expect(link.receive(acknowledge(other)) == SerialLink.Effect())
    #expect(link.unsentCount == 1)
  }

  @Test func charactersAreTakenOnceAndAcknowledgedEachTime() throws {
    var link = link()
    let packet = SerialPacket(sequence: 1, characters: [65, 66])
    let first = link.receive(packet.payload)
    #expect(first.received == [65, 66])
    #expect(try read(first) == SerialPacket(sequence: 0, acknowledged: 1, accepted: 2))
    let again = link.receive(packet.payload)
    #expect(again.received.isEmpty)
    #expect(again.send == first.send)
    // The same packet, longer.
    let longer = link.receive(SerialPacket(sequence: 1, characters: [65, 66, 67]).payload)
    #expect(longer.received == [67])
    #expect(try read(longer).accepted == 3)
    // The next one, and then the old one once more, late.
    #expect(link.receive(SerialPacket(sequence: 2, characters: [68]).payload).received == [68])
    #expect(link.receive(packet.payload) == SerialLink.Effect())
  }

  @Test func anAnswerCanCarryCharactersAndAnAcknowledgement() throws {
    var link = link()
    let sent = try read(link.write([1]))
    let effect = link.receive(
      SerialPacket(sequence: 1, acknowledged: sent.sequence, accepted: 1, characters: [2]).payload)
    #expect(effect.received == [2])
    #expect(effect.isQuiet)
    #expect(effect.send.count == 1)
  }

  @Test func aBreakKeepsItsPlace() throws {
    var link = link()
    let first = try read(link.write([1]))
    _ = link.sendBreak()
    _ = link.write([2])
    let second = try read(link.receive(acknowledge(first)))
    #expect(second.flags == .sendBreak)
    #expect(second.characters.isEmpty)
    let third = try read(link.receive(acknowledge(second)))
    #expect(third.characters == [2])
  }

  @Test func newsIsPassedOn() {
    var link = link()
    func news(_ flags: SerialPacket.Flags) -> [SerialLink.News] {
      link.receive(SerialPacket(sequence: 0, flags: flags).payload).news
    }
    #expect(news(.overrun) == [.overrun])
    #expect(news(.breakSeen) == [.breakSeen])
    #expect(news(.deactivating) == [.deactivated])
  }

  @Test func allPacketsComeBackAndPrefixesThrow() throws {
    let packet = SerialPacket(
      sequence: 3, acknowledged: 4, accepted: 5, flags: .refused, characters: [6, 7])
    #expect(try SerialPacket(parsing: packet.payload) == packet)
    for length in 0..<SerialPacket.headerLength {
      #expect(throws: WireError.self) {
        try SerialPacket(parsing: Array(packet.payload.prefix(length)))
      }
    }
  }

  @Test func anyBytesAreAnswered() {
    var random = SeededRandom(seed: 9)
    var link = link()
    for round in 0..<20_000 {
      _ = link.receive(random.array(Int(random.next() % 12)))
      if round.isMultiple(of: 3) { _ = link.write(random.array(Int(random.next() % 40))) }
      if round.isMultiple(of: 5) { _ = link.waitExpired() }
    }
    #expect(link.unsentCount >= 0)
  }
}
