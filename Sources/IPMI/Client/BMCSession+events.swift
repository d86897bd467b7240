/// IPMI: what wakes a session: datagrams, timers, the network, the caller; and what it does then.

import Datagram

extension BMCSession {
  /// Watches over sessions that are held open.
  struct KeepAlive {
    var timer: LoopTimer?
    /// Of the session, when it was last looked at.
    var heardCount: UInt64 = 0
    var isAsked = false
    var missed = 0
  }

  // MARK: Waiting

  /// Starts something and waits for what becomes of it. Ends early when the task is cancelled.
  func outcome(_ start: () -> Void) async -> Outcome {
    if let failure { return .failed(failure) }
    return await withTaskCancellationHandler {
      await wait(start)
    } onCancel: { [loop] in
      loop.execute { self.assumeIsolated { $0.interrupt(.cancelled) } }
    }
  }

  private func wait(_ start: () -> Void) async -> Outcome {
    await withCheckedContinuation { continuation in
      waiter = continuation
      start()
    }
  }

  func finish(_ outcome: Outcome) {
    timer?.cancel()
    timerNumber += 1
    let continuation = waiter
    waiter = nil
    continuation?.resume(returning: outcome)
  }

  func interrupt(_ error: IPMIError) {
    switch phase {
    case .closing, .closed: return
    case .idle, .login, .open: break
    }
    failure = failure ?? error
    endSerial()
    finish(.failed(error))
  }

  func networkFailed(_ error: SocketError) {
    if case .closing = phase {
      shut()
    } else if case .open = phase {
      // Something may have been done already: nothing that may be tried another way.
      interrupt(.network("\(error)"))
    } else {
      interrupt(error.isRefused ? .refused : .network("\(error)"))
    }
  }

  func arm(
    _ duration: Duration,
    then job: @escaping @Sendable (isolated BMCSession) -> Void = { $0.waitExpired() }
  ) {
    timer?.cancel()
    timerNumber += 1
    timer = loop.schedule(after: duration) { [weak self, timerNumber] in
      self?.assumeIsolated { session in
        if session.timerNumber == timerNumber { job(session) }
      }
    }
  }

  // MARK: Silence

  /// Asks a BMC that was not talked to for a while something, so that it keeps the session; three
  /// such questions without an answer end it.
  func watchOverSilence() {
    guard case .open(var session) = phase else { return }
    if session.heardCount != keepAlive.heardCount || !keepAlive.isAsked {
      keepAlive.missed = 0
    } else {
      keepAlive.missed += 1
    }
    guard keepAlive.missed < 3 else {
      interrupt(.unanswered(command: GetDeviceID.name))
      return
    }
    let wasActive = session.heardCount != keepAlive.heardCount && !keepAlive.isAsked
    keepAlive.heardCount = session.heardCount
    keepAlive.isAsked = false
    // Not at the very beginning, and not where there was traffic just now.
    if keepAlive.timer != nil, !wasActive, let datagram = session.keepAlive(random: &random) {
      phase = .open(session)
      keepAlive.isAsked = true
      transmit(datagram)
    }
    let next =
      keepAlive.missed > 0
      ? min(patience.keepAlive, .seconds(2)) : patience.keepAlive / (wasActive ? 2 : 1)
    keepAlive.timer = loop.schedule(after: next) { [weak self] in
      self?.assumeIsolated { $0.watchOverSilence() }
    }
  }

  // MARK: Events and effects

  func received(_ datagram: [UInt8]) {
    switch phase {
    case .login(var handshake):
      let effect = handshake.receive(datagram, random: &random)
      phase = .login(handshake)
      act(on: effect)
    case .open(var session):
      let effect = session.receive(datagram)
      phase = .open(session)
      act(on: effect)
    case .closing(var session, _):
      if case .answered = session.receive(datagram) { shut() }
    case .idle, .closed: break
    }
  }

  func waitExpired() {
    switch phase {
    case .login(var handshake):
      let effect = handshake.waitExpired(random: &random)
      phase = .login(handshake)
      act(on: effect)
    case .open(var session):
      let effect = session.waitExpired(random: &random)
      phase = .open(session)
      act(on: effect)
    case .idle, .closing, .closed: break
    }
  }

  func act(on effect: Handshake.Effect) {
    switch effect {
    case .send(let datagrams, let wait):
      arm(wait)
      datagrams.forEach(transmit)
    case .established(let session):
      if case .login(let handshake) = phase {
        established(session, handshake)
      }
      finish(.established)
    case .failed(let error, let farewell):
      farewell.forEach(transmit)
      finish(.failed(error))
    case .ignore: break
    }
  }

  func act(on effect: Session.Effect) {
    switch effect {
    case .send(let datagram, let wait):
      arm(wait)
      transmit(datagram)
    case .wait(let duration):
      arm(duration)
    case .answered(let code, let data):
      finish(.answer(.completed(code, data)))
    case .unanswered:
      finish(.answer(.unanswered))
    case .serial(let payload):
      receivedSerial(payload)
    case .ignore: break
    }
  }

  func transmit(_ datagram: [UInt8]) {
    if let error = socket?.send(datagram) { networkFailed(error) }
  }
}
