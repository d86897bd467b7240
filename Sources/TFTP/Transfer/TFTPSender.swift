/// TFTP: one file on its way to one client, as a state machine without sockets or clock.

package import Wire

/// Feed it packets and the time; do what the effect says; call `tick` at `deadline`.
package struct TFTPSender: Sendable {
  package typealias Instant = ContinuousClock.Instant

  private enum State {
    /// The OACK is out; ACK 0 accepts it (RFC 2347).
    case offering
    case sending(Window)
    case ended
  }

  /// Absolute block numbers: all up to `acknowledged` have arrived, all up to `sent` have left.
  private struct Window {
    var acknowledged: Int
    var sent: Int
  }

  package let peer: Endpoint
  package let terms: TFTPTerms
  var blocks: TFTPBlocks
  private var state: State
  private var retry: TFTPRetry
  /// Packets that were sent again, for whatever reason.
  package private(set) var retransmissions = 0
  /// Blocks that the client has acknowledged.
  package private(set) var acknowledgedBlocks = 0

  /// The first packet is `opening`.
  package init(file: FileContents, terms: TFTPTerms, peer: Endpoint, at now: Instant) {
    self.peer = peer
    self.terms = terms
    blocks = TFTPBlocks(contents: file, mode: terms.mode, blockSize: terms.blockSize)
    state = terms.acknowledged.isEmpty ? .sending(Window(acknowledged: 0, sent: 1)) : .offering
    retry = TFTPRetry(first: terms.retransmission, isPinned: terms.isRetransmissionPinned, at: now)
  }

  // MARK: Packets to send

  package var opening: TFTPEffect { terms.acknowledged.isEmpty ? .send(1...1) : .offer }

  package var offerDatagram: [UInt8] {
    TFTPPacket.optionAcknowledgment(terms.acknowledged).datagram
  }

  /// The DATA packet of a block as an array, for tests and simulations; empty when its bytes are not
  /// in memory. The server sends with `TFTPBlocks+train`.
  package mutating func datagram(of block: Int) -> [UInt8] {
    blocks.datagram(of: block) ?? []
  }

  // MARK: What is true now

  /// The bytes of the file in the mode of the transfer.
  package var size: Int { blocks.size }

  package var lastBlock: Int { blocks.last }

  /// When `tick` has something to do; nil when the transfer is over.
  package var deadline: Instant? {
    if case .ended = state { nil } else { retry.deadline }
  }

  package var lastProgress: Instant { retry.lastProgress }

  /// Whether the client has shown that it receives what we send. Until then it may be somebody
  /// whose address was forged, and gets next to nothing.
  package var isAnswered: Bool {
    switch state {
    case .offering: false
    case .sending(let window): window.acknowledged > 0 || !terms.acknowledged.isEmpty
    case .ended: true
    }
  }

  // MARK: Events

  package mutating func receive(
    _ packet: TFTPPacket, from source: Endpoint, at now: Instant
  ) -> TFTPEffect {
    guard source == peer else {
      switch packet {
      case .acknowledgment, .data: return .rejectStranger
      default: return .ignore(.stranger)
      }
    }
    switch (packet, state) {
    case (_, .ended): return .ignore(.isOver)
    case (.error, .offering): return end(.probed)
    case (.error(let code, let message), .sending): return end(.failed(.client(code, message)))
    case (.acknowledgment(0), .offering): return advance(to: 0, at: now)
    case (.acknowledgment, .offering): return .ignore(.acknowledgmentOutsideWindow)
    case (.acknowledgment(let number), .sending(let window)):
      // Numbers wrap from 65535 to 0; a window is never longer than half the circle.
      let ahead = Int(number &- UInt16(truncatingIfNeeded: window.acknowledged))
      if ahead == 0 { return .ignore(.duplicateAcknowledgment) }
      guard ahead <= window.sent - window.acknowledged else {
        return .ignore(.acknowledgmentOutsideWindow)
      }
      return advance(to: window.acknowledged + ahead, at: now)
    default: return .ignore(.unexpectedPacket)
    }
  }

  /// The client's request came again, from the same port. It lost our first packet, and gets it
  /// again; or the network delivered the request twice; or the machine was reset and begins anew
  /// (ROMs use the same port each time), then this transfer ends and the caller starts another.
  package mutating func receiveRequestAgain(at now: Instant) -> TFTPEffect {
    switch state {
    case .ended: return .ignore(.isOver)
    case .offering:
      retransmissions += 1
      retry.sentAgain(at: now, isAmbiguous: true)
      return .offer
    case .sending where !isAnswered:
      retransmissions += 1
      retry.sentAgain(at: now, isAmbiguous: true)
      return .send(1...1)
    case .sending:
      if now - retry.lastProgress < terms.retransmission { return .ignore(.duplicateRequest) }
      return end(.failed(.restarted))
    }
  }

  /// The client asks for something else from the same port, or the server needs the place.
  package mutating func replace(because failure: TFTPFailure) -> TFTPEffect {
    switch state {
    case .ended: return .ignore(.isOver)
    case .offering where failure == .restarted: return end(.probed)
    default: return end(.failed(failure))
    }
  }

  package mutating func tick(at now: Instant) -> TFTPEffect {
    guard let deadline else { return .ignore(.isOver) }
    guard now >= deadline else { return .ignore(.timerIsEarly) }
    if !isAnswered, retry.attempts >= Self.unansweredAttempts || retry.isExhausted(at: now) {
      return end(.failed(.neverAnswered))
    }
    guard case .sending(var window) = state else {
      retry.retry(at: now)
      retransmissions += 1
      return .offer
    }
    if retry.isExhausted(at: now) {
      let isAllSent = window.sent == blocks.last
      return end(isAllSent ? .finished(lastAcknowledgment: false) : .failed(.stalled))
    }
    retry.retry(at: now)
    window.sent = windowEnd(after: window.acknowledged)
    state = .sending(window)
    retransmissions += window.sent - window.acknowledged
    return .send((window.acknowledged + 1)...window.sent)
  }

  /// The packets could not leave when the effect said so, because the file had to be read first.
  package mutating func sentLate(at now: Instant) {
    retry.sentAgain(at: now, isAmbiguous: false)
  }

  /// How often the timer repeats the first packet to a client that has never answered. With one
  /// packet for each request this bounds what a forged source address can bring upon a victim: for
  /// each request at most five packets, whatever the window; a request without options at most
  /// 5 × 516 bytes of UDP payload (DATA 1 in blocks of 512), one with options five OACKs, each
  /// at most 20 bytes longer for each option than the request was (`unansweredBytes`). A full server gives the
  /// place to the next request before the repeats are sent.
  package static let unansweredAttempts = 4

  /// Bytes of UDP payload that one request can cause if nobody ever answers.
  package var unansweredBytes: Int {
    let first = terms.acknowledged.isEmpty ? 4 + min(terms.blockSize, size) : offerDatagram.count
    return first * (1 + Self.unansweredAttempts)
  }

  // MARK: -

  private func windowEnd(after block: Int) -> Int {
    min(block + terms.windowSize, blocks.last)
  }

  /// The client has all blocks up to `block`. If that is the middle of the window, a block after it
  /// was lost and the window starts again behind it (RFC 7440 §4).
  private mutating func advance(to block: Int, at now: Instant) -> TFTPEffect {
    acknowledgedBlocks = block
    let again: Bool
    if case .sending(let old) = state { again = old.sent > block } else { again = false }
    retry.progress(at: now, again: again)
    if block == blocks.last { return end(.finished(lastAcknowledgment: true)) }
    let next = Window(acknowledged: block, sent: windowEnd(after: block))
    if case .sending(let old) = state { retransmissions += max(0, old.sent - block) }
    state = .sending(next)
    return .send((block + 1)...next.sent)
  }

  private mutating func end(_ outcome: TFTPOutcome) -> TFTPEffect {
    state = .ended
    return .end(outcome)
  }
}
