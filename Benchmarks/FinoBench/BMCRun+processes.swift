/// FinoBench: `ipmi`, whole processes: Fino, ipmitool and ipmipower ask the same BMCs.

import BMCStub
import Datagram
import Foundation
import IPMI
import Lab
import Wire

extension BMCRun {
  enum Program: String, CaseIterable {
    case fino, ipmitool, ipmipower

    var path: String {
      switch self {
      case .fino: ""
      case .ipmitool: "/usr/bin/ipmitool"
      case .ipmipower: "/usr/sbin/ipmipower"
      }
    }

    var isInstalled: Bool { path.isEmpty || FileManager.default.isExecutableFile(atPath: path) }
  }

  /// One run: its wall time in seconds, and how many BMCs said "on" or "off".
  struct Run {
    var seconds: Double
    var answers: Int
  }

  // MARK: One BMC

  func processes() throws -> [Report] {
    let loop = try DatagramLoop(name: "bench-bmc")
    defer { loop.shutdown() }
    let stub = try StubBMCServer(on: loop, Self.stub([.suite3]))
    defer { stub.close() }
    // Takes all and says nothing.
    let dead = try StubBMCServer(on: loop, Self.stub(), weather: Weather(loss: 100, seed: 1))
    defer { dead.close() }
    var reports = try Program.allCases.filter { $0 != .fino && $0.isInstalled }.map {
      try compare(
        $0, [stub.endpoint], "one BMC (stub, suite 3)", atLeast: $0 == .ipmitool ? 2.5 : 1.25)
    }
    var report = Report("a BMC that does not answer")
    for program in Program.allCases where program.isInstalled {
      let run = try run(program, [dead.endpoint])
      report.add(
        "\(program.rawValue) gives up after", "s", fino: run.seconds, better: .less,
        wanted: program == .fino ? .below(4) : nil)
    }
    reports.append(report)
    return reports
  }

  private func compare(
    _ peer: Program, _ targets: [Endpoint], _ what: String, atLeast: Double
  ) throws -> Report {
    var report = Report("power status, whole process: \(what)", peer: peer.rawValue)
    var ours = Sample()
    var theirs = Sample()
    for _ in 0..<(measure.rounds * 4) {
      let fino = try run(.fino, targets)
      let other = try run(peer, targets)
      guard fino.answers == targets.count, other.answers == targets.count else {
        throw LabError("\(what): Fino had \(fino.answers) answers, the peer \(other.answers)")
      }
      ours.add(fino.seconds * 1e3)
      theirs.add(other.seconds * 1e3)
    }
    report.add(
      what, "ms", fino: ours.median, peer: theirs.median, better: .less,
      wanted: .ratio(atLeast: atLeast))
    return report
  }

  // MARK: A hundred

  func fleets() throws -> [Report] {
    let loop = try DatagramLoop(name: "bench-fleet")
    let network = try DatagramLoop(name: "bench-relay")
    defer {
      loop.shutdown()
      network.shutdown()
    }
    let stubs = try (0..<100).map { _ in try StubBMCServer(on: loop, Self.stub([.suite3])) }
    defer {
      for stub in stubs { stub.close() }
    }
    var reports: [Report] = []
    for (loss, name) in [(0, "20 ms round trip"), (5, "20 ms, 5 % lost each way")] {
      var report = Report(
        "power status of 100 BMCs, \(name)",
        peer: Program.ipmipower.isInstalled ? "ipmipower" : nil)
      var ours: [Run] = []
      var theirs: [Run] = []
      for round in 0..<(loss == 0 ? measure.rounds : max(3, measure.rounds)) {
        for program in [Program.fino, .ipmipower] where program.isInstalled {
          // The slow peer is measured once where packets are lost.
          if loss > 0, program == .ipmipower, round > 0 { continue }
          let relay = DatagramRelay(
            on: network, delay: .milliseconds(10),
            weather: Weather(loss: loss, seed: UInt64(round + 1)))
          let run = try run(program, try stubs.map { try relay.door(to: $0.endpoint) })
          relay.close()
          if program == .fino { ours.append(run) } else { theirs.append(run) }
        }
      }
      let peer = theirs.isEmpty ? nil : Sample(theirs.map(\.seconds)).median
      report.add(
        "until the last answer", "s", fino: Sample(ours.map(\.seconds)).median, peer: peer,
        better: .less, wanted: loss == 0 ? .ratio(atLeast: 1) : .atMost(4))
      report.add(
        "the slowest round", "s", fino: ours.map(\.seconds).max() ?? .nan,
        peer: theirs.map(\.seconds).max(), better: .less, wanted: loss == 0 ? nil : .atMost(4))
      report.add(
        "answers in the worst round", "", fino: Double(ours.map(\.answers).min() ?? 0),
        peer: theirs.map(\.answers).min().map(Double.init), wanted: .atLeast(100))
      reports.append(report)
    }
    return reports
  }

  // MARK: Running

  private func run(_ program: Program, _ targets: [Endpoint]) throws -> Run {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fino-bench-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let secret = folder.appending(path: "password").path
    try Data("\(Self.password)\n".utf8).write(to: URL(filePath: secret))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
    let output = folder.appending(path: "output").path
    _ = FileManager.default.createFile(atPath: output, contents: nil)

    let process = Process()
    switch program {
    case .fino:
      process.executableURL = URL(filePath: fino)
      process.arguments =
        ["power", "status"] + targets.map(\.description)
        + ["--user", "admin", "--password-file", secret]
    case .ipmitool:
      process.executableURL = URL(filePath: program.path)
      process.arguments = [
        "-I", "lanplus", "-C", "3", "-H", "\(targets[0].address)", "-p", "\(targets[0].port)",
        "-U", "admin", "-f", secret, "power", "status",
      ]
    case .ipmipower:
      // Its list of hosts and its password from a file, as an operator would have it.
      let settings = folder.appending(path: "freeipmi.conf").path
      try Data(
        "username admin\npassword \(Self.password)\ndriver-type LAN_2_0\ncipher-suite-id 3\n".utf8
      ).write(to: URL(filePath: settings))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: settings)
      process.executableURL = URL(filePath: program.path)
      process.arguments = [
        "--config-file", settings, "-h", targets.map(\.description).joined(separator: ","),
        "--stat",
      ]
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle.nullDevice
    let start = ContinuousClock.now
    try process.run()
    // `waitUntilExit` looks every 50 ms only.
    while process.isRunning { usleep(200) }
    let seconds = start.duration(to: .now).inSeconds
    let text = try String(contentsOfFile: output, encoding: .utf8)
    let answers = text.split(separator: "\n").count {
      $0.hasSuffix(" on") || $0.hasSuffix(" off") || $0.hasSuffix(": on") || $0.hasSuffix(": off")
    }
    return Run(seconds: seconds, answers: answers)
  }
}
