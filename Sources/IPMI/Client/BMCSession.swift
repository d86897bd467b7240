/// IPMI: drives the login and the session of one BMC over a socket.

import Datagram
import Wire

/// Lives on the event loop's thread, so that a datagram reaches the state machines without a hop.
/// One command at a time. Made and closed by `IPMIClient.withSession`.
package actor BMCSession: CommandExchange {
  private enum Phase {
    case idle
    case login(Handshake)
    case open(Session)
    case closed
  }

  /// What the one waiting caller is told.
  private enum Outcome {
    case resolved(IPv4Address)
    case established
    case answer(Answer)
    case pauseOver
    case failed(IPMIError)
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  private let loop: DatagramLoop
  private let address: BMCAddress
  private let login: IPMILogin
  private let patience: Patience
  private let limit: Duration
  private var random = SystemRandomNumberGenerator()
  private var phase = Phase.idle
  private var socket: DatagramSocket?
  private var waiter: CheckedContinuation<Outcome, Never>?
  /// Why nothing more can be sent: time limit, cancellation, or the network.
  private var failure: IPMIError?
  private var timer: LoopTimer?
  /// Tells a timer that was cancelled too late from the present one.
  private var timerNumber = 0
  private var limitTimer: LoopTimer?

  init(
    loop: DatagramLoop, address: BMCAddress, login: IPMILogin, patience: Patience, limit: Duration
  ) {
    self.loop = loop
    self.address = address
    self.login = login
    self.patience = patience
    self.limit = limit
  }

  // MARK: Life

  /// Resolves the name, logs in and raises the privilege.
  func open() async throws(IPMIError) {
    limitTimer = loop.schedule(after: limit) { [weak self, limit] in
      self?.assumeIsolated { $0.interrupt(.timeLimit(limit)) }
    }
    try connect(to: try await resolved())
    let outcome = await outcome {
      var handshake = Handshake(login, patience: patience)
      let effect = handshake.start()
      phase = .login(handshake)
      act(on: effect)
    }
    if case .failed(let error) = outcome { throw error }
    try await raisePrivilege()
  }

  /// Gives the session back, whatever happened before; waits shortly for the BMC to agree.
  func close() async {
    switch phase {
    case .login(let handshake):
      if isAlive { handshake.farewell(random: &random).forEach(transmit) }
    case .open(var session) where isAlive:
      let datagram = session.close(random: &random)
      phase = .open(session)
      if case .timeLimit = failure {
        transmit(datagram)
      } else {
        _ = await wait {
          arm(patience.closing)
          transmit(datagram)
        }
      }
    default:
      break
    }
    phase = .closed
    limitTimer?.cancel()
    timer?.cancel()
    socket?.close()
  }

  /// False when the network itself failed: then there is nobody to say goodbye to.
  private var isAlive: Bool {
    switch failure {
    case .refused, .network: false
    default: true
    }
  }

  // MARK: Commands

  package func exchange(_ request: CommandRequest) async throws(IPMIError) -> Answer {
    guard case .open(var session) = phase, waiter == nil else {
      throw failure ?? .network("the session is not open, or another command is under way")
    }
    let outcome = await outcome {
      let effect = session.begin(request, random: &random)
      phase = .open(session)
      act(on: effect)
    }
    switch outcome {
    case .answer(let answer): return answer
    case .failed(let error): throw error
    case .resolved, .established, .pauseOver: return .unanswered
    }
  }

  package func pause(_ duration: Duration) async throws(IPMIError) {
    let outcome = await outcome { arm(duration, then: { $0.finish(.pauseOver) }) }
    if case .failed(let error) = outcome { throw error }
  }

  /// A session begins at `user` (IPMI 2.0 §13.17). Some boards want exactly the user's own level, so
  /// one that is refused the highest asks for what the commands need.
  private func raisePrivilege() async throws(IPMIError) {
    guard case .open(let session) = phase, session.privilege > .user else { return }
    var level = session.privilege
    while true {
      let command = SetSessionPrivilegeLevel(level)
      do throws(IPMIError) {
        _ = try await run(command)
        return
      } catch {
        guard case .failed(_, let code, _) = error, [0x80, 0x81].contains(code.rawValue) else {
          throw error
        }
        guard level > .operator else { throw .privilegeRefused(level) }
        level = .operator
      }
    }
  }

  // MARK: Before the login

  private func resolved() async throws(IPMIError) -> IPv4Address {
    if let known = address.address { return known }
    let outcome = await outcome {
      HostName.resolve(address.host) { [weak self, loop] result in
        loop.execute { [weak self] in
          self?.assumeIsolated { session in
            // A late answer must not end another wait.
            guard case .idle = session.phase else { return }
            switch result {
            case .success(let address): session.finish(.resolved(address))
            case .failure(let error): session.finish(.failed(error))
            }
          }
        }
      }
    }
    switch outcome {
    case .resolved(let address): return address
    case .failed(let error): throw error
    case .established, .answer, .pauseOver: throw .unknownHost(address.host, "no answer")
    }
  }

  private func connect(to ip: IPv4Address) throws(IPMIError) {
    do throws(SocketError) {
      socket = try DatagramSocket.connect(
        on: loop, to: Endpoint(ip, address.port),
        receive: { [weak self] datagram in self?.assumeIsolated { $0.received(datagram) } },
        failure: { [weak self] error in self?.assumeIsolated { $0.networkFailed(error) } })
    } catch {
      throw .network("\(error)")
    }
  }

  // MARK: Waiting

  /// Starts something and waits for what becomes of it. Ends early when the task is cancelled.
  private func outcome(_ start: () -> Void) async -> Outcome {
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

  private func finish(_ outcome: Outcome) {
    timer?.cancel()
    timerNumber += 1
    let continuation = waiter
    waiter = nil
    continuation?.resume(returning: outcome)
  }

  private func interrupt(_ error: IPMIError) {
    failure = failure ?? error
    finish(.failed(error))
  }

  private func networkFailed(_ error: SocketError) {
    interrupt(error.isRefused ? .refused : .network("\(error)"))
  }

  private func arm(
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

  // MARK: Events and effects

  private func received(_ datagram: [UInt8]) {
    switch phase {
    case .login(var handshake):
      let effect = handshake.receive(datagram, random: &random)
      phase = .login(handshake)
      act(on: effect)
    case .open(var session):
      let effect = session.receive(datagram)
      phase = .open(session)
      act(on: effect)
    case .idle, .closed: break
    }
  }

  private func waitExpired() {
    switch phase {
    case .login(var handshake):
      let effect = handshake.waitExpired(random: &random)
      phase = .login(handshake)
      act(on: effect)
    case .open(var session):
      let effect = session.waitExpired(random: &random)
      phase = .open(session)
      act(on: effect)
    case .idle, .closed: break
    }
  }

  private func act(on effect: Handshake.Effect) {
    switch effect {
    case .send(let datagrams, let wait):
      arm(wait)
      datagrams.forEach(transmit)
    case .established(let session):
      phase = .open(session)
      finish(.established)
    case .failed(let error, let farewell):
      farewell.forEach(transmit)
      finish(.failed(error))
    case .ignore: break
    }
  }

  private func act(on effect: Session.Effect) {
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
    case .ignore: break
    }
  }

  private func transmit(_ datagram: [UInt8]) {
    if let error = socket?.send(datagram) { networkFailed(error) }
  }
}
