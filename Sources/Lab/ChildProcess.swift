/// Lab: a process of the laboratory: start it, look at it, end it.

internal import FoundationEssentials
internal import Glibc
internal import Synchronization

package final class ChildProcess: Sendable {
  package enum Exit: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)
  }

  package let command: [String]
  package let processID: Int32
  /// The file that has what the process wrote to its standard output and standard error.
  package let output: String
  private let exit = Mutex<Exit?>(nil)

  private init(command: [String], processID: Int32, output: String) {
    self.command = command
    self.processID = processID
    self.output = output
  }

  /// glibc's POSIX_SPAWN_SETSID: a session of its own, so that a Ctrl-C in our terminal is ours alone.
  private static let newSession: Int16 = 0x80
  /// One start at a time: no child inherits a descriptor that is meant for another, nor, for a moment,
  /// one by which a program is being written: who starts that program then is told "Text file busy".
  private static let starting = Mutex(())

  static func whileNothingStarts<Failure: Error>(
    _ work: () throws(Failure) -> Void
  ) throws(Failure) {
    try starting.withLock { _ throws(Failure) in try work() }
  }

  /// Starts `command[0]`, found by PATH, with `environment` over our own. Signals are as in a
  /// fresh shell, whatever this process has blocked or ignored.
  package static func start(
    _ command: [String], environment: [String: String] = [:], output: String
  ) throws(LabError) -> ChildProcess {
    try start(command, environment: environment, output: output, input: nil)
  }

  /// Also hands over the reading end of a pipe as standard input, and answers its writing end,
  /// which ends when we close it and when we die.
  static func startLeashed(
    _ command: [String], output: String
  ) throws(LabError) -> (ChildProcess, leash: Int32) {
    var pipeEnds: [Int32] = [-1, -1]
    guard pipe(&pipeEnds) == 0 else { throw LabError("no pipe: \(systemError(errno))") }
    for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(pipeEnds[0]) }
    do {
      let child = try start(command, environment: [:], output: output, input: pipeEnds[0])
      return (child, pipeEnds[1])
    } catch {
      close(pipeEnds[1])
      throw error
    }
  }

  private static func start(
    _ command: [String], environment: [String: String], output: String, input: Int32?
  ) throws(LabError) -> ChildProcess {
    guard let program = command.first else { throw LabError("an empty command cannot be started") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let merged = ProcessInfo.processInfo.environment.merging(environment) { _, ours in ours }
    let arguments = command.map { strdup($0) } + [nil]
    let variables = merged.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var processID: Int32 = 0
    let problem = starting.withLock { _ in
      posix_spawnp(&processID, program, &actions, &attributes, arguments, variables)
    }
    guard problem == 0 else {
      throw LabError("cannot start \(program): \(systemError(problem))")
    }
    return ChildProcess(command: command, processID: processID, output: output)
  }

  /// How it ended; nil while it runs.
  package var ended: Exit? {
    exit.withLock { exit in
      if exit == nil {
        var raw: Int32 = 0
        if waitpid(processID, &raw, WNOHANG) == processID { exit = Self.exit(raw) }
      }
      return exit
    }
  }

  package var isRunning: Bool { ended == nil }

  /// Sends a signal, unless the process has ended (its number may be another's by now).
  package func signal(_ number: Int32) {
    exit.withLock { exit in
      if exit == nil { _ = Glibc.kill(processID, number) }
    }
  }

  /// SIGKILL, and waits until it is gone.
  package func kill() {
    signal(SIGKILL)
    waitUntilEnded()
  }

  /// SIGTERM, and SIGKILL after `grace`.
  package func terminate(grace: Duration = .seconds(5)) async {
    signal(SIGTERM)
    if await waitForExit(timeout: grace) == nil { kill() }
  }

  /// How it ended, or nil when it still runs after `timeout`.
  package func waitForExit(timeout: Duration) async -> Exit? {
    let deadline = ContinuousClock.now + timeout
    while ended == nil, ContinuousClock.now < deadline {
      guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { break }
    }
    return ended
  }

  /// Blocks; for commands that are known to be short.
  @discardableResult
  func waitUntilEnded() -> Exit {
    exit.withLock { exit in
      if let exit { return exit }
      var raw: Int32 = 0
      while waitpid(processID, &raw, 0) < 0, errno == EINTR {}
      let now = Self.exit(raw)
      exit = now
      return now
    }
  }

  /// All that it has written so far.
  package var outputText: String {
    String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
  }

  /// wait(2)'s status word.
  private static func exit(_ raw: Int32) -> Exit {
    raw & 0x7f == 0 ? .status(raw >> 8 & 0xff) : .signal(raw & 0x7f)
  }

  static func systemError(_ code: Int32) -> String { String(cString: strerror(code)) }
}
