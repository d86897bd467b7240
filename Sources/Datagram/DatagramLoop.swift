/// Datagram: one thread that waits for sockets and timers and runs what they wake.

import CSockets
import Foundation
import Synchronization

/// One thread with an epoll. Sockets and timers call back on that thread; it is a `SerialExecutor`,
/// so that an actor can live on it and reach its own state from a callback with `assumeIsolated`,
/// without a hop and without a lock.
package final class DatagramLoop: SerialExecutor, Sendable {
  /// Called on the loop's thread when a descriptor can be read, with the thread's receive buffers.
  typealias Ready = @Sendable (borrowing ReceiveBatch) -> Void
  /// Called on the loop's thread once a round, with the tokens of the watched ports that can be read
  /// (perhaps none). Answers when it wants the next round at the latest; nil: when something arrives.
  package typealias Attendant = @Sendable (ArraySlice<UInt64>) -> ContinuousClock.Instant?

  private struct State {
    var jobs: [UnownedJob] = []
    var tasks: [@Sendable () -> Void] = []
    var attendant: Attendant?
    var ready: [Int32: Ready] = [:]
    var timers = TimerQueue()
    var stopping = false

    mutating func takeAttendant() -> Attendant? {
      defer { attendant = nil }
      return attendant
    }
  }

  private let name: String
  private let epoll: Int32
  private let wake: Int32
  private let state = Mutex(State())
  private let thread = Mutex<pthread_t?>(nil)

  /// Starts the thread.
  package init(name: String) throws(SocketError) {
    self.name = name
    epoll = fino_epoll_new()
    wake = fino_wake_new()
    guard epoll >= 0, wake >= 0, fino_epoll_add(epoll, wake, UInt64(wake)) == 0 else {
      throw SocketError("start the event loop \(name)", code: EMFILE)
    }
    Thread { self.loop() }.start()
  }

  // MARK: Executor

  package func enqueue(_ job: consuming ExecutorJob) {
    let unowned = UnownedJob(job)
    let isFirst = state.withLock { state in
      defer { state.jobs.append(unowned) }
      return state.jobs.isEmpty
    }
    if isFirst { fino_wake(wake) }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  /// An actor's `assumeIsolated` asks here; a call from another thread is a mistake in our own code.
  package func checkIsolated() {
    precondition(isCurrentThread, "not on the event loop \(name)")
  }

  private var isCurrentThread: Bool {
    thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
  }

  // MARK: Timers

  /// Runs `job` on the loop's thread after `delay`, unless it is cancelled before.
  @discardableResult
  package func schedule(
    after delay: Duration, _ job: @escaping @Sendable () -> Void
  ) -> LoopTimer {
    let id = state.withLock { $0.timers.add(at: .now.advanced(by: delay), job) }
    if !isCurrentThread { fino_wake(wake) }
    return LoopTimer(id: id, loop: self)
  }

  func cancelTimer(_ id: UInt64) {
    state.withLock { $0.timers.cancel(id) }
  }

  /// Runs `job` on the loop's thread as soon as it can.
  package func execute(_ job: @escaping @Sendable () -> Void) {
    let isFirst = state.withLock { state in
      defer { state.tasks.append(job) }
      return state.tasks.isEmpty
    }
    // Before it waits, the loop looks for tasks that it gave itself.
    if isFirst, !isCurrentThread { fino_wake(wake) }
  }

  // MARK: Watched ports

  /// Who is told about watched ports; one for each loop.
  package func attend(_ attendant: @escaping Attendant) {
    state.withLock { $0.attendant = attendant }
    fino_wake(wake)
  }

  /// Tells the attendant `token`, whose highest bit is not looked at, whenever the port can be read,
  /// until it is closed.
  package func watch(_ port: DatagramPort, token: UInt64) throws(SocketError) {
    let result = port.use { fino_epoll_add(epoll, $0, token | Self.watched) }
    guard result == 0 else { throw SocketError("watch a socket on \(name)", code: -result) }
  }

  /// The bit that tells tokens of watched ports from descriptors.
  private static let watched: UInt64 = 1 << 63
  /// What one round takes from the kernel.
  private static let most = 256

  // MARK: Descriptors

  /// Takes a descriptor out of the loop and closes it: at once on the loop's own thread, so that
  /// whoever opens the same port next gets it; from elsewhere on that thread, so that the number is
  /// not reused while a callback holds it. An event of this round that is left for a number in use
  /// again finds nothing to read.
  func close(_ descriptor: Int32) {
    remove(descriptor)
    if isCurrentThread {
      Glibc.close(descriptor)
    } else {
      execute { Glibc.close(descriptor) }
    }
  }

  func add(_ descriptor: Int32, _ ready: @escaping Ready) throws(SocketError) {
    state.withLock { $0.ready[descriptor] = ready }
    let result = fino_epoll_add(epoll, descriptor, UInt64(descriptor))
    guard result == 0 else {
      state.withLock { $0.ready[descriptor] = nil }
      throw SocketError("watch a socket on \(name)", code: -result)
    }
  }

  func remove(_ descriptor: Int32) {
    state.withLock { $0.ready[descriptor] = nil }
    _ = fino_epoll_remove(epoll, descriptor)
  }

  // MARK: The thread

  /// Ends the thread once the present round is over. Jobs that actors enqueue later never run, so
  /// this is for the very end.
  package func shutdown() {
    state.withLock { $0.stopping = true }
    fino_wake(wake)
  }

  private func loop() {
    thread.withLock { $0 = pthread_self() }
    fino_name_thread(name)
    guard let batch = ReceiveBatch() else { return }
    var tokens = [UInt64](repeating: 0, count: Self.most)
    var attendant: Attendant?
    var wanted: ContinuousClock.Instant?
    var eagerness = Eagerness()
    while true {
      let (isBusy, timer) = state.withLock { state in
        (!state.jobs.isEmpty || !state.tasks.isEmpty || state.stopping, state.timers.next)
      }
      let alarm = timer.map { min($0, wanted ?? $0) } ?? wanted
      let wait =
        isBusy ? .zero : alarm.map { max(.zero, ContinuousClock.now.duration(to: $0)) }
      var count: Int32 = 0
      if attendant != nil, wait != .zero, eagerness.isWorthwhile() {
        count = fino_epoll_spin(epoll, &tokens, Int32(Self.most), Eagerness.nanoseconds)
        eagerness.note(count > 0)
      }
      if count == 0 {
        count = fino_epoll_wait(epoll, &tokens, Int32(Self.most), Self.milliseconds(wait))
      }
      let watched = sort(&tokens, Int(max(count, 0)), batch)
      if let fresh = state.withLock({ $0.takeAttendant() }) { attendant = fresh }
      wanted = attendant?(tokens[..<watched])
      if runWhatIsDue() { break }
    }
  }

  /// Serves the descriptors with a closure, and leaves the tokens of watched ports at the front; how
  /// many these are.
  private func sort(_ tokens: inout [UInt64], _ count: Int, _ batch: borrowing ReceiveBatch) -> Int
  {
    var watched = 0
    for index in 0..<count {
      let token = tokens[index]
      if token & Self.watched != 0 {
        tokens[watched] = token & ~Self.watched
        watched += 1
      } else if token == UInt64(wake) {
        fino_wake_clear(wake)
      } else if let ready = state.withLock({ $0.ready[Int32(truncatingIfNeeded: token)] }) {
        ready(batch)
      }
    }
    return watched
  }

  /// Timers, tasks and jobs; whether the loop is over.
  private func runWhatIsDue() -> Bool {
    let (timers, tasks, jobs) = state.withLock { state in
      defer {
        state.jobs.removeAll(keepingCapacity: true)
        state.tasks.removeAll(keepingCapacity: true)
      }
      return (
        state.timers.next == nil ? [] : state.timers.takeDue(at: .now), state.tasks, state.jobs
      )
    }
    for timer in timers { timer() }
    for task in tasks { task() }
    for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
    return state.withLock { $0.stopping && $0.jobs.isEmpty && $0.tasks.isEmpty }
  }

  /// Not before: whoever still holds the loop may wake it, and the numbers must not be another's then.
  deinit {
    close(epoll)
    close(wake)
  }

  /// Rounded up, so that a timer is never early; -1 waits for ever.
  private static func milliseconds(_ duration: Duration?) -> Int32 {
    guard let duration else { return -1 }
    let (seconds, attoseconds) = duration.components
    let rounded = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: min(seconds, 3600) * 1000 + rounded)
  }
}
