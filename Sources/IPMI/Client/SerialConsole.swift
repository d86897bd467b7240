/// IPMI: a machine's serial console over its BMC, taken up again after every loss.

import Synchronization

/// `run()` connects and stays connected; `events` are what the machine writes and what happens to the
/// connection. Characters that are written while there is none are dropped: typed into the dark,
/// they would come to a machine in another state.
package final class SerialConsole: Sendable {
  package enum Event: Equatable, Sendable {
    case connected(again: Bool)
    case characters([UInt8])
    /// The machine wrote faster than the BMC could keep.
    case overrun
    /// The connection is being taken up again.
    case lost(IPMIError)
  }

  private struct State {
    var session: BMCSession?
    var isClosed = false
  }

  package let events: AsyncStream<Event>
  private let yield: AsyncStream<Event>.Continuation
  private let client: IPMIClient
  private let address: BMCAddress
  private let takes: Bool
  private let isPatient: Bool
  private let state = Mutex(State())
  /// After a loss; the last one repeats.
  private let pauses: [Duration]

  /// `takes`: also where another session has the console, which then loses it. `isPatient`, for who
  /// only listens: never takes it, not even back after a loss; waits while another session has it, and
  /// also tries the first connection again.
  package init(
    client: IPMIClient, address: BMCAddress, takes: Bool = false, isPatient: Bool = false,
    pauses: [Duration] = [1, 2, 4, 8, 15].map(Duration.seconds)
  ) {
    (events, yield) = AsyncStream.makeStream()
    self.client = client
    self.address = address
    self.takes = takes
    self.isPatient = isPatient
    self.pauses = pauses
  }

  /// Until `close()`, cancellation, or an error that trying again does not mend; the first
  /// connection must succeed at once, unless this console is patient.
  package func run() async throws(IPMIError) {
    defer { yield.finish() }
    var wasConnected = false
    var losses = 0
    while !isClosed {
      do throws(IPMIError) {
        let again = wasConnected
        try await client.withSession(to: address, limit: nil) {
          session async throws(IPMIError) in
          try await serve(session, again: again)
        }
        return
      } catch {
        wasConnected = wasConnected || state.withLock { $0.session != nil }
        if state.withLock({ $0.session != nil }) { losses = 0 }
        state.withLock { $0.session = nil }
        if isClosed { return }
        guard wasConnected || isPatient, error.mayPass || isPatient && error.isInUse else {
          throw error
        }
        yield.yield(.lost(error))
        let pause = pauses.isEmpty ? .seconds(1) : pauses[min(losses, pauses.count - 1)]
        losses += 1
        guard (try? await Task.sleep(for: pause)) != nil else { throw .cancelled }
      }
    }
  }

  /// In the order of the calls. Returns at once.
  package func write(_ characters: [UInt8]) {
    state.withLock { $0.session }?.write(serial: characters)
  }

  package func sendBreak() {
    state.withLock { $0.session }?.sendSerialBreak()
  }

  /// Ends `run()`, which gives console and session back.
  package func close() async {
    let session = state.withLock { state in
      state.isClosed = true
      return state.session
    }
    await session?.closeSerial()
  }

  private var isClosed: Bool { state.withLock { $0.isClosed } }

  private func serve(_ session: BMCSession, again: Bool) async throws(IPMIError) {
    // What has the console after a loss is our own lost session.
    let serial = try await session.openSerial(take: !isPatient && (takes || again))
    let isWanted = state.withLock { state in
      state.session = session
      return !state.isClosed
    }
    guard isWanted else {
      await session.closeSerial()
      return
    }
    yield.yield(.connected(again: again))
    for await event in serial {
      switch event {
      case .characters(let characters): yield.yield(.characters(characters))
      case .news(.overrun): yield.yield(.overrun)
      case .news: break
      }
    }
    if let failure = await session.serialFailure { throw failure }
    if Task.isCancelled { throw .cancelled }
  }
}

extension IPMIError {
  /// Somebody else has the console, or as many sessions as there may be (IPMI 2.0 §24.1).
  fileprivate var isInUse: Bool {
    if case .serialRefused(let code) = self { return [0x80, 0x82].contains(code.rawValue) }
    return false
  }

  /// A reset of the BMC or a bad network: it may be well again in a while.
  fileprivate var mayPass: Bool {
    switch self {
    case .noAnswer, .refused, .network, .silentLogin, .sessionTableFull, .unanswered, .serialLost,
      .timeLimit, .unknownHost:
      true
    default:
      false
    }
  }
}
