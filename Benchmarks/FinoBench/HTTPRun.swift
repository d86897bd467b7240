/// FinoBench: Fino and nginx at one end of a cable, their clients at the other.

import CLoad
import Foundation
import Lab

struct HTTPRun {
  var measure: MeasureOptions
  var appliance: ApplianceOptions
  var http: HTTPOptions

  enum Kind: CaseIterable {
    case fino, nginx
  }

  /// What each part works with.
  struct Stage {
    var folder: String
    var network: BenchNetwork
    var files: HTTPFiles
  }

  /// What a run cost: the answers, and the processor time of the server.
  struct Measured {
    var outcome: HTTPClients.Outcome
    var processor: Double

    var processorOfGigabyte: Double { processor / max(outcome.bytes / 1e9, 1e-9) }
    var processorOfAnswer: Double { processor / Double(max(1, outcome.answered)) }
  }

  func reports() throws -> [Report] {
    guard geteuid() == 0 else { throw LabError("HTTP needs root for its namespaces") }
    guard http.spread || ProcessInfo.processInfo.activeProcessorCount > 1 else {
      throw LabError("the clients need a second processor")
    }
    Self.allowDescriptors()
    // A little before what else runs here; the servers and the clients inherit it.
    let own = __priority_which_t(PRIO_PROCESS.rawValue)
    if getpriority(own, 0) > -5 { setpriority(own, 0, -5) }
    return try appliance.withFolder { name in
      // nginx has a folder of its own to which relative names belong.
      let folder = URL(filePath: name).standardizedFileURL.path
      let network = try BenchNetwork(work: folder)
      defer { network.close() }
      try network.addressClients(apart: !http.spread)
      let files = HTTPFiles(folder: folder, largeSize: http.fileSize << 20)
      try files.write()
      return try reports(Stage(folder: folder, network: network, files: files))
    }
  }

  private func reports(_ stage: Stage) throws -> [Report] {
    var report = Report("HTTP", peer: WebServer.nginxVersion(stage.folder))
    if http.has(.files) { try files(stage, &report) }
    if http.has(.ranges) { try ranges(stage, &report) }
    if http.has(.memory) { try memory(stage, &report) }
    if http.has(.mirror) { try mirror(stage, &report) }
    if http.has(.hostile) { try hostile(stage, &report) }
    if http.has(.scripts) { return [report] + [try scripts(stage, &report)] }
    return [report]
  }

  /// Thousands of connections; the servers inherit it.
  private static func allowDescriptors() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  // MARK: The servers

  /// Both servers at once, as the one that nobody asks costs nothing.
  struct Servers {
    var fino: BootServer
    var nginx: WebServer

    func port(_ kind: Kind) -> UInt16 { kind == .fino ? 80 : nginx.port }
    func processID(_ kind: Kind) -> Int32 { kind == .fino ? fino.processID : nginx.processID }
    /// Of the script.
    func script(_ kind: Kind) -> String { kind == .fino ? HTTPFiles.scripts : HTTPFiles.script }

    func stop() {
      fino.stop()
      nginx.stop()
    }
  }

  /// Fresh ones, stopped in the end. `state` is Fino's, else an empty one.
  func with<Result>(
    _ stage: Stage, state: String? = nil, server: String = "", http block: String = "",
    _ body: (Servers) throws -> Result
  ) throws -> Result {
    let fino = try BootServer(
      .fino, stage.network, fino: appliance.fino, work: stage.folder, state: state,
      pinned: !http.spread)
    defer { fino.stop() }
    let nginx = try WebServer.nginx(
      "nginx", port: 81, at: .server,
      workers: http.spread ? ProcessInfo.processInfo.activeProcessorCount : 1,
      root: stage.folder, server: server, http: block, work: stage.folder, stage.network,
      pinned: !http.spread)
    let servers = Servers(fino: fino, nginx: nginx)
    defer { servers.stop() }
    let result = try body(servers)
    guard fino.isRunning else {
      throw LabError("Fino ended \(fino.ending): \(fino.output.suffix(1000))")
    }
    return result
  }

  // MARK: A measurement

  func start(_ clients: HTTPClients, _ stage: Stage) throws -> HTTPLoad {
    try HTTPLoad(
      clients, in: stage.network.clientHost.processID, processor: http.spread ? nil : 1)
  }

  func run(_ clients: HTTPClients, of process: Int32, _ stage: Stage) throws -> Measured {
    let before = ProcessUse(session: process).processor
    let outcome = try start(clients, stage).outcome()
    return Measured(
      outcome: outcome, processor: ProcessUse(session: process).processor - before)
  }

  /// In turn, `count` times.
  func rounds<Value>(
    _ count: Int? = nil, _ body: (Kind, Int) throws -> Value
  ) throws -> [Kind: [Value]] {
    var values: [Kind: [Value]] = [:]
    for round in 0..<(count ?? measure.rounds) {
      for kind in Kind.allCases { values[kind, default: []].append(try body(kind, round)) }
    }
    return values
  }
}

extension Report {
  /// The medians of both.
  mutating func add<Value>(
    _ what: String, _ unit: String, _ values: [HTTPRun.Kind: [Value]], better: Better = .more,
    wanted: Wanted? = nil, _ number: (Value) -> Double
  ) {
    add(
      what, unit, fino: Sample((values[.fino] ?? []).map(number)).median,
      peer: Sample((values[.nginx] ?? []).map(number)).median, better: better, wanted: wanted)
  }
}
