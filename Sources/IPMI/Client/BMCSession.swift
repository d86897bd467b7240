/// IPMI: drives the login and the session of one BMC over a socket.

import Datagram
import Wire

/// Lives on the event loop's thread, so that a datagram reaches the state machines without a hop.
/// One command at a time. Made and closed by `IPMIClient.withSession`.
package actor BMCSession: CommandExchange {
  // What is not private is for BMCSession+commands.swift, +events.swift and +serial.swift.

  enum Phase {
    case idle
    case login(Handshake)
    case open(Session)
    /// Close Session was sent, so often.
    case closing(Session, Int)
    case closed
  }

  /// What the one waiting caller is told.
  enum Outcome {
    case resolved([IPAddress])
    case established
    case answer(Answer)
    case pauseOver
    case failed(IPMIError)
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  let loop: DatagramLoop
  private let address: BMCAddress
  private let login: IPMILogin
  let patience: Patience
  private let fleet: BMCFleet
  private let limit: Duration?
  /// What is left of the limit.
  private let rest: Duration?
  var random = SystemRandomNumberGenerator()
  var phase = Phase.idle
  var privilege: SessionPrivilege
  var socket: DatagramSocket?
  var waiter: CheckedContinuation<Outcome, Never>?
  /// Why nothing more can be sent: time limit, cancellation, or the network.
  var failure: IPMIError?
  var timer: LoopTimer?
  /// Tells a timer that was cancelled too late from the present one.
  var timerNumber = 0
  private var limitTimer: LoopTimer?
  /// When the last answer came, for the pace.
  var lastAnswer: ContinuousClock.Instant?
  var keepAlive = KeepAlive()
  var serial: Serial?

  init(
    loop: DatagramLoop, address: BMCAddress, login: IPMILogin, patience: Patience,
    privilege: PrivilegeLevel, fleet: BMCFleet, limit: Duration?, rest: Duration?
  ) {
    self.loop = loop
    self.address = address
    self.login = login
    self.patience = patience
    self.privilege = SessionPrivilege(ceiling: privilege)
    self.fleet = fleet
    self.limit = limit
    self.rest = rest
  }

  // MARK: Life

  /// Resolves the name and logs in, at the first of its addresses where somebody answers.
  func open() async throws(IPMIError) {
    if let rest, let limit {
      limitTimer = loop.schedule(after: rest) { [weak self] in
        self?.assumeIsolated { $0.interrupt(.timeLimit(limit)) }
      }
    }
    var addresses = try await resolved()
    while !addresses.isEmpty {
      let ip = addresses.removeFirst()
      do throws(IPMIError) {
        try await logIn(at: ip)
        watchOverSilence()
        return
      } catch {
        let mayBeElsewhere =
          switch error {
          case .noAnswer, .refused, .network: true
          default: false
          }
        if error == .noAnswer || mayBeElsewhere || error.isSilence { fleet.forget(self.address) }
        guard mayBeElsewhere, !addresses.isEmpty else { throw error }
        failure = nil
        socket?.close()
        socket = nil
      }
    }
  }

  private func logIn(at ip: IPAddress) async throws(IPMIError) {
    try connect(to: ip)
    let outcome = await outcome {
      var handshake = Handshake(
        login, patience: patience, privilege: privilege.ceiling, traits: fleet.traits(of: address))
      let effect = handshake.start(random: &random)
      phase = .login(handshake)
      act(on: effect)
    }
    if case .failed(let error) = outcome { throw error }
  }

  func established(_ session: Session, _ handshake: Handshake?) {
    if let traits = handshake?.traits, session.suite != nil {
      fleet.remember(traits, of: address)
    }
    privilege = SessionPrivilege(ceiling: session.privilege)
    phase = .open(session)
  }

  /// Gives the session back, whatever happened before. Nobody waits for the BMC to agree; where it
  /// does not answer it is told once more.
  func close() {
    limitTimer?.cancel()
    keepAlive.timer?.cancel()
    endSerial()
    switch phase {
    case .login(let handshake):
      if isAlive { handshake.farewell(random: &random).forEach(transmit) }
      shut()
    case .open(let session) where isAlive:
      failure = failure ?? .cancelled
      sayGoodbye(session, 1)
    default:
      shut()
    }
  }

  private func sayGoodbye(_ session: Session, _ number: Int) {
    var session = session
    let datagram = session.close(random: &random)
    phase = .closing(session, number)
    transmit(datagram)
    timer?.cancel()
    timerNumber += 1
    // Keeps the actor alive until the end.
    timer = loop.schedule(after: patience.closing) { [timerNumber] in
      self.assumeIsolated { actor in
        guard actor.timerNumber == timerNumber, case .closing(let session, let number) = actor.phase
        else { return }
        if number < 2 { actor.sayGoodbye(session, number + 1) } else { actor.shut() }
      }
    }
  }

  func shut() {
    phase = .closed
    timer?.cancel()
    timerNumber += 1
    socket?.close()
  }

  /// False when the network itself failed: then there is nobody to say goodbye to.
  private var isAlive: Bool {
    switch failure {
    case .refused, .network: false
    default: true
    }
  }

  // MARK: Before the login

  private func resolved() async throws(IPMIError) -> [IPAddress] {
    if let known = address.address { return [known] }
    let outcome = await outcome {
      HostName.resolve(address.host) { [weak self, loop] result in
        loop.execute { [weak self] in
          self?.assumeIsolated { session in
            // A late answer must not end another wait.
            guard case .idle = session.phase else { return }
            switch result {
            case .success(let addresses): session.finish(.resolved(addresses))
            case .failure(let error): session.finish(.failed(error))
            }
          }
        }
      }
    }
    switch outcome {
    case .resolved(let addresses): return addresses
    case .failed(let error): throw error
    case .established, .answer, .pauseOver: throw .unknownHost(address.host, "no answer")
    }
  }

  private func connect(to ip: IPAddress) throws(IPMIError) {
    do throws(SocketError) {
      socket = try DatagramSocket.connect(
        on: loop, to: Endpoint(ip, address.port),
        receive: { [weak self] datagram in self?.assumeIsolated { $0.received(datagram) } },
        failure: { [weak self] error in self?.assumeIsolated { $0.networkFailed(error) } })
    } catch {
      throw .network("\(error)")
    }
  }
}

extension IPMIError {
  /// The BMC fell silent in the middle of a login.
  fileprivate var isSilence: Bool {
    if case .silentLogin = self { true } else { false }
  }
}
