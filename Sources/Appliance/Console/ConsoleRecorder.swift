/// Appliance: records the serial consoles of machines that are reimaged, over their BMCs.

import Datagram
import Foundation
import IPMI
import Inventory
import Synchronization
import Wire

/// Beside everything else: it begins after the power command, has places of its own for sessions, never
/// takes a console from anybody, and whatever fails is a line in the boot's story.
final class ConsoleRecorder: Sendable {
  /// A machine whose console is wanted.
  struct Request: Sendable {
    var mac: MACAddress
    var address: BMCAddress
    /// Read when it begins; it may have to look into a file.
    var login: @Sendable () throws -> IPMILogin
    /// Whether somebody says that the machine is installed; asked every few seconds.
    var isDone: @Sendable () -> Bool = { false }
  }

  private struct Running: Sendable {
    var id: Int
    var address: BMCAddress
    var recording: ConsoleRecording
    var console: SerialConsole
    var isDone: @Sendable () -> Bool
  }

  private struct State {
    var lastID = 0
    var running: [MACAddress: Running] = [:]
    /// By boot. 64 times 288 KiB at most.
    var texts = RecentlyUsed<Int, ConsoleText>(limit: 64)
  }

  private let loop: DatagramLoop
  private let journal: BootJournal
  private let story: Storyteller
  /// The longest that one is recorded.
  private let limit: Duration
  private let patience: Patience
  private let pauses: [Duration]
  /// Apart from that of the power commands, which never wait for a place behind a recording.
  private let fleet = BMCFleet(sessions: 256)
  private let state = Mutex(State())
  private let requests: AsyncStream<Request>
  private let ask: AsyncStream<Request>.Continuation

  /// `pauses`: between two tries; the last one repeats.
  init(
    loop: DatagramLoop, journal: BootJournal, story: Storyteller, limit: Duration,
    patience: Patience = Patience(),
    pauses: [Duration] = [1, 2, 4, 8, 15, 30].map(Duration.seconds)
  ) {
    self.loop = loop
    self.journal = journal
    self.story = story
    self.limit = limit
    self.patience = patience
    self.pauses = pauses
    (requests, ask) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(10_000))
  }

  /// Returns at once.
  func record(_ request: Request) { ask.yield(request) }

  /// What was recorded during a boot; nil for nothing at all.
  func text(of boot: Int) -> [UInt8]? {
    state.withLock { $0.texts.peek(boot)?.contents }
  }

  /// How many consoles are listened to.
  var count: Int { state.withLock { $0.running.count } }

  /// Until it is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      let events = journal.events(buffer: 4096)
      group.addTask { for await event in events { self.receive(event) } }
      group.addTask {
        while (try? await Task.sleep(for: .seconds(2))) != nil { self.pass(to: Date()) }
      }
      for await request in requests { group.addTask { await self.follow(request) } }
      group.cancelAll()
    }
  }

  // MARK: One console

  private func follow(_ request: Request) async {
    let boot = (try? await journal.boots(mac: request.mac, limit: 1))?.first?.id
    let until = Date() + Double(limit.components.seconds)
    let login: IPMILogin
    do {
      login = try request.login()
    } catch {
      let recording = ConsoleRecording(bmc: "\(request.address)", boot: boot, until: until)
      return tell(recording.failed("\(error)"), request.mac)
    }
    guard let running = begin(request, login, boot: boot, until: until) else { return }
    let console = running.console
    async let end = Self.problem(of: console)
    for await event in console.events { take(event, request.mac, running.id) }
    let problem = await end
    let last = state.withLock { state in
      guard state.running[request.mac]?.id == running.id else { return nil as Running? }
      return state.running.removeValue(forKey: request.mac)
    }
    if let problem, problem != .cancelled, let last, !last.recording.isOver {
      tell(last.recording.failed("\(problem)"), request.mac)
    }
  }

  private static func problem(of console: SerialConsole) async -> IPMIError? {
    do throws(IPMIError) {
      try await console.run()
      return nil
    } catch {
      return error
    }
  }

  /// nil: the one that runs goes on for this request too.
  private func begin(
    _ request: Request, _ login: IPMILogin, boot: Int?, until: Date
  ) -> Running? {
    let console = SerialConsole(
      client: IPMIClient(loop: loop, login: login, patience: patience, fleet: fleet),
      address: request.address, isPatient: true, pauses: pauses)
    let (begun, former) = state.withLock { state -> (Running?, Running?) in
      let former = state.running[request.mac]
      if var running = former, running.address == request.address, !running.recording.isOver {
        running.recording.extend(boot: boot, until: until)
        running.isDone = request.isDone
        state.running[request.mac] = running
        return (nil, nil)
      }
      state.lastID += 1
      let running = Running(
        id: state.lastID, address: request.address,
        recording: ConsoleRecording(bmc: "\(request.address)", boot: boot, until: until),
        console: console, isDone: request.isDone)
      state.running[request.mac] = running
      return (running, former)
    }
    if let former { Task { await former.console.close() } }
    return begun
  }

  private func take(_ event: SerialConsole.Event, _ mac: MACAddress, _ id: Int) {
    let remark = state.withLock { state -> ConsoleRecording.Remark? in
      guard var running = state.running[mac], running.id == id else { return nil }
      defer { state.running[mac] = running }
      var remark: ConsoleRecording.Remark?
      var gap: String?
      var characters: [UInt8] = []
      switch event {
      case .connected: (remark, gap) = running.recording.connected(at: Date())
      case .characters(let written):
        running.recording.heard(at: Date())
        characters = written
      case .overrun: gap = "the machine wrote faster than the BMC could keep"
      case .lost(let error): remark = running.recording.lost("\(error)")
      }
      guard let boot = running.recording.boot else { return remark }
      switch event {
      case .lost: break
      default:
        state.texts.use(boot, initial: ConsoleText()) { text, _ in
          if let gap { text.note(gap) }
          text.append(characters)
        }
      }
      return remark
    }
    tell(remark, mac)
  }

  // MARK: What else happens

  private func receive(_ event: BootEvent) {
    guard let mac = event.mac else { return }
    end(mac) { $0.recording.receive(event.kind, boot: event.boot) }
  }

  private func pass(to now: Date) {
    for (mac, running) in state.withLock({ $0.running }) {
      // Asked outside of the lock.
      let until = running.isDone() ? Date.distantPast : nil
      end(mac) { current in
        guard current.id == running.id else { return }
        current.recording.pass(to: until == nil ? now : .distantFuture)
      }
    }
  }

  /// Closes the console where the change ends the recording.
  private func end(_ mac: MACAddress, _ change: (inout Running) -> Void) {
    let console = state.withLock { state -> SerialConsole? in
      guard var running = state.running[mac] else { return nil }
      change(&running)
      state.running[mac] = running
      return running.recording.isOver ? running.console : nil
    }
    if let console { Task { await console.close() } }
  }

  private func tell(_ remark: ConsoleRecording.Remark?, _ mac: MACAddress) {
    if let remark { story.tell(remark.kind, mac: mac, remark.text) }
  }
}
