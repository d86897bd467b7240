/// IPMI: our end of a serial console: one packet at a time, repeated until it is acknowledged.

import Wire

/// Receives packets, characters to be written and expired waits; answers what to do (IPMI 2.0
/// §15.10, §15.11).
package struct SerialLink: Equatable, Sendable {
  package struct Effect: Equatable, Sendable {
    /// Payloads for the BMC.
    package var send: [[UInt8]] = []
    /// Characters from the machine.
    package var received: [UInt8] = []
    package var news: [News] = []
    /// Report when so much time has passed; nil: as before.
    package var wait: Duration?
    /// Nothing is under way any more: no report is needed.
    package var isQuiet = false

    package init(
      send: [[UInt8]] = [], received: [UInt8] = [], news: [News] = [], wait: Duration? = nil,
      isQuiet: Bool = false
    ) {
      self.send = send
      self.received = received
      self.news = news
      self.wait = wait
      self.isQuiet = isQuiet
    }
  }

  package enum News: Equatable, Sendable {
    /// The machine sent more than the BMC could keep.
    case overrun
    case breakSeen
    /// The BMC ends the console: somebody else took it, or the machine was reset.
    case deactivated
    /// What was written is not acknowledged any more.
    case silent
  }

  private struct Taken: Equatable {
    var sequence: UInt8
    var count: Int
  }

  private struct Flight: Equatable {
    var packet: SerialPacket
    var tries: Int
  }

  /// Of one packet.
  private var limit = 16
  private var waiting: [Outgoing] = []
  private var flight: Flight?
  /// Of the last packet with characters that was sent.
  private var sequence: UInt8 = 0
  private var lastReceived: Taken?

  private enum Outgoing: Equatable {
    case characters([UInt8])
    case serialBreak
  }

  /// After each try of a packet; after the last one the BMC is called silent.
  package static let waits: [Duration] = [300, 600, 1000, 1500, 2000, 2500].map(
    Duration.milliseconds)

  package init() {}

  /// `inboundSize` is what the BMC takes in one packet, as it said on activation. Until then the
  /// packets are small.
  package mutating func activated(inboundSize: UInt16) {
    // Folklore: some BMCs answer 0, or numbers of the wrong byte order.
    limit = min(max(Int(inboundSize) - SerialPacket.headerLength, 16), 200)
  }

  /// Characters that were not acknowledged yet.
  package var unsentCount: Int {
    waiting.reduce(flight?.packet.characters.count ?? 0) { count, outgoing in
      if case .characters(let bytes) = outgoing { count + bytes.count } else { count }
    }
  }

  // MARK: Input

  package mutating func write(_ characters: [UInt8]) -> Effect {
    guard !characters.isEmpty else { return Effect() }
    if case .characters(let before) = waiting.last {
      waiting[waiting.count - 1] = .characters(before + characters)
    } else {
      waiting.append(.characters(characters))
    }
    return advance()
  }

  package mutating func sendBreak() -> Effect {
    waiting.append(.serialBreak)
    return advance()
  }

  package mutating func receive(_ payload: [UInt8]) -> Effect {
    guard let packet = try? SerialPacket(parsing: payload) else { return Effect() }
    var effect = Effect()
    if packet.sequence != 0 { take(packet, &effect) }
    if packet.flags.contains(.overrun) { effect.news.append(.overrun) }
    if packet.flags.contains(.breakSeen) { effect.news.append(.breakSeen) }
    if packet.flags.contains(.deactivating) {
      effect.news.append(.deactivated)
      return effect
    }
    guard packet.acknowledged != 0, packet.acknowledged == flight?.packet.sequence else {
      return effect
    }
    let more = acknowledged(by: packet)
    effect.send += more.send
    effect.wait = more.wait
    effect.isQuiet = more.isQuiet
    return effect
  }

  package mutating func waitExpired() -> Effect {
    guard var flight else { return Effect(isQuiet: true) }
    guard flight.tries < Self.waits.count else { return Effect(news: [.silent]) }
    let wait = Self.waits[flight.tries]
    flight.tries += 1
    self.flight = flight
    return Effect(send: [flight.packet.payload], wait: wait)
  }

  // MARK: Inside

  private mutating func advance() -> Effect {
    guard flight == nil, !waiting.isEmpty else { return Effect() }
    sequence = sequence % 15 + 1
    var packet = SerialPacket(sequence: sequence)
    switch waiting.removeFirst() {
    case .serialBreak:
      packet.flags = .sendBreak
    case .characters(let characters):
      packet.characters = Array(characters.prefix(limit))
      let rest = Array(characters.dropFirst(limit))
      if !rest.isEmpty { waiting.insert(.characters(rest), at: 0) }
    }
    flight = Flight(packet: packet, tries: 1)
    return Effect(send: [packet.payload], wait: Self.waits[0])
  }

  private mutating func acknowledged(by packet: SerialPacket) -> Effect {
    guard let sent = flight?.packet else { return Effect() }
    let accepted = min(Int(packet.accepted), sent.characters.count)
    if packet.flags.contains(.refused), accepted == 0, !sent.characters.isEmpty {
      // It will take them later; the same packet is tried again when the wait is over.
      return Effect()
    }
    flight = nil
    // The rest of a packet that was taken in part is a packet of its own. Without the refusal bit a
    // count of 0 is taken for "all": some BMCs do not count.
    let isPartial = accepted > 0 && accepted < sent.characters.count
    if isPartial {
      let rest = Array(sent.characters.dropFirst(accepted))
      if case .characters(let behind) = waiting.first {
        waiting[0] = .characters(rest + behind)
      } else {
        waiting.insert(.characters(rest), at: 0)
      }
    }
    let next = advance()
    return flight == nil ? Effect(isQuiet: true) : next
  }

  /// Every packet with a number is acknowledged; one that comes again may have grown at its end.
  private mutating func take(_ packet: SerialPacket, _ effect: inout Effect) {
    var fresh = packet.characters[...]
    if let last = lastReceived {
      if packet.sequence == last.sequence {
        fresh = fresh.dropFirst(last.count)
      } else if packet.sequence % 15 + 1 == last.sequence {
        // The one before the last: it was late on the network, and was acknowledged long ago.
        return
      }
    }
    effect.received += fresh
    lastReceived = Taken(sequence: packet.sequence, count: packet.characters.count)
    let acknowledgement = SerialPacket(
      sequence: 0, acknowledged: packet.sequence,
      accepted: UInt8(clamping: packet.characters.count))
    effect.send.append(acknowledgement.payload)
  }
}
