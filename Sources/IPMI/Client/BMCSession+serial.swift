/// IPMI: the serial console of a session.

import Datagram
import Wire

/// What comes out of a serial console.
package enum SerialEvent: Equatable, Sendable {
  case characters([UInt8])
  case news(SerialLink.News)
}

extension BMCSession {
  struct Serial {
    var link = SerialLink()
    var timer: LoopTimer?
    var timerNumber = 0
    var events: AsyncStream<SerialEvent>.Continuation
  }

  /// Switches the console on. With `take`, also where another session has it. The events end with
  /// the console; `serialFailure` says why.
  package func openSerial(take: Bool) async throws(IPMIError) -> AsyncStream<SerialEvent> {
    guard case .open(let session) = phase, let suite = session.suite else {
      throw failure ?? .serialNeedsRMCPPlus
    }
    let (stream, continuation) = AsyncStream<SerialEvent>.makeStream()
    // Before the answer: characters may come together with it.
    serial = Serial(events: continuation)
    let command = ActivatePayload(
      isEncrypted: suite.encrypts, isAuthenticated: suite.authenticates)
    var answer = try await exchange(command.request)
    if take, case .completed(let code, _) = answer, code.rawValue == 0x80 {
      _ = try await attempt(DeactivatePayload())
      answer = try await exchange(command.request)
    }
    switch answer {
    case .unanswered:
      throw .unanswered(command: ActivatePayload.name)
    case .completed(.ok, let data):
      // What some BMCs say about sizes is not worth a failure.
      var reader = ByteReader(data)
      let sizes = try? ActivatePayload.Response(parsing: &reader)
      serial?.link.activated(inboundSize: sizes?.inboundSize ?? 0)
    case .completed(let code, _):
      throw .serialRefused(code)
    }
    return stream
  }

  /// Switches the console off and ends its events.
  package func closeSerial() async {
    guard serial != nil, case .open = phase else { return }
    _ = try? await attempt(DeactivatePayload())
    endSerial()
  }

  /// Why the events ended; nil: somebody closed the console.
  package var serialFailure: IPMIError? { failure }

  /// Returns at once; what is written first is sent first.
  package nonisolated func write(serial characters: [UInt8]) {
    loop.execute { [weak self] in
      self?.assumeIsolated { session in
        guard let effect = session.serial?.link.write(characters) else { return }
        session.act(on: effect)
      }
    }
  }

  package nonisolated func sendSerialBreak() {
    loop.execute { [weak self] in
      self?.assumeIsolated { session in
        guard let effect = session.serial?.link.sendBreak() else { return }
        session.act(on: effect)
      }
    }
  }

  // MARK: Events

  func receivedSerial(_ payload: [UInt8]) {
    guard let effect = serial?.link.receive(payload) else { return }
    act(on: effect)
  }

  func endSerial() {
    serial?.timer?.cancel()
    serial?.events.finish()
    serial = nil
  }

  private func act(on effect: SerialLink.Effect) {
    if !effect.received.isEmpty { serial?.events.yield(.characters(effect.received)) }
    for payload in effect.send {
      guard case .open(var session) = phase else { return }
      let datagram = session.serial(payload, random: &random)
      phase = .open(session)
      transmit(datagram)
    }
    if effect.isQuiet { serial?.timer?.cancel() }
    if let wait = effect.wait { armSerial(wait) }
    for news in effect.news {
      serial?.events.yield(.news(news))
      switch news {
      case .deactivated: interrupt(.serialLost("the BMC ended it"))
      case .silent: interrupt(.serialLost("the BMC does not take what was written"))
      case .overrun, .breakSeen: break
      }
    }
  }

  private func armSerial(_ wait: Duration) {
    serial?.timer?.cancel()
    serial?.timerNumber += 1
    let number = serial?.timerNumber
    serial?.timer = loop.schedule(after: wait) { [weak self] in
      self?.assumeIsolated { session in
        guard session.serial?.timerNumber == number,
          let effect = session.serial?.link.waitExpired()
        else { return }
        session.act(on: effect)
      }
    }
  }
}
