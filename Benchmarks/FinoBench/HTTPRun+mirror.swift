/// FinoBench: a mirror's file, asked for by 64 clients before the appliance has it.

import Foundation
import Lab

extension HTTPRun {
  private static let mirrorPort: UInt16 = 8081
  private static let clients = 64

  /// Beside nginx with `proxy_cache` and `proxy_cache_lock`. The mirror is a third web server, at the
  /// clients' end of the cable.
  func mirror(_ stage: Stage, _ report: inout Report) throws {
    let count = min(3, measure.rounds)
    let log = "\(stage.folder)/mirror.log"
    let mirror = try WebServer.nginx(
      "mirror", port: Self.mirrorPort, at: .clients, workers: 1, root: stage.folder,
      server: """
        access_log \(log) asked;
        rewrite ^/turn/[^/]+/(.*)$ /$1 break;
        """, http: "log_format asked '$request_method $request_uri $status $body_bytes_sent';",
      work: stage.folder, stage.network, pinned: !http.spread)
    defer { mirror.stop() }
    let state = try importHosts(count, stage)
    try with(stage, state: state, server: Self.proxy, http: Self.cache(stage.folder)) { servers in
      let values = try rounds(count) { kind, round in
        let path = kind == .fino ? "/ipxe/kernel/host\(round)" : Self.turn(round, of: .nginx)
        let measured = try run(
          HTTPClients(
            port: servers.port(kind), paths: [path], connections: Self.clients, seconds: 900,
            requests: Self.clients, verify: round == 0), of: servers.processID(kind), stage)
        let outcome = measured.outcome
        try outcome.check("\(kind), a mirror's file")
        guard outcome.bytes == Double(Self.clients * stage.files.largeSize) else {
          throw LabError("\(kind): \(outcome.bytes) bytes of a mirror's file")
        }
        return (measured: measured, asked: Self.asked(log, Self.turn(round, of: kind)))
      }
      add(values, count, &report)
    }
  }

  private func add(
    _ values: [Kind: [(measured: Measured, asked: Int)]], _ count: Int,
    _ report: inout Report
  ) {
    let most = values.mapValues { $0.map { Double($0.asked) }.max() ?? .nan }
    report.add(
      "a mirror's \(http.fileSize) MiB for \(Self.clients): it was asked", "times",
      fino: most[.fino] ?? .nan, peer: most[.nginx], better: .less, wanted: .atMost(1))
    // The first round looks at every byte.
    let timed = count > 1 ? values.mapValues { Array($0.dropFirst()) } : values
    report.add(
      "  until all have all of it", "s", timed, better: .less, wanted: .ratio(atLeast: 1 / 1.15)
    ) { $0.measured.outcome.seconds }
    report.add("  processor time of a GB", "ms", timed, better: .less) {
      $0.measured.processorOfGigabyte * 1e3
    }
    report.add("  the first byte, half of the clients", "ms", timed, better: .less) {
      $0.measured.outcome.first.percentile(50) * 1e3
    }
    report.add(
      "  the first byte, the last client", "ms", timed, better: .less, wanted: .below(500)
    ) { $0.measured.outcome.slowestFirst * 1e3 }
    report.add("  the clients' thread worked", "%", timed, better: .less) {
      $0.measured.outcome.busy * 100
    }
  }

  /// Another URL each time for the same bytes: nothing is cached.
  private static func turn(_ round: Int, of kind: Kind) -> String {
    "/turn/\(kind)\(round)\(HTTPFiles.large)"
  }

  /// How often the mirror was asked for a URL.
  private static func asked(_ log: String, _ path: String) -> Int {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").count { $0.hasPrefix("GET \(path) ") }
  }

  /// A host for each round, whose kernel is the mirror's file; in a state of their own.
  private func importHosts(_ count: Int, _ stage: Stage) throws -> String {
    let records = "\(stage.folder)/records"
    let state = "\(stage.folder)/mirror-state"
    for kind in ["hosts", "groups", "templates"] {
      try FileManager.default.createDirectory(
        atPath: "\(records)/\(kind)", withIntermediateDirectories: true)
    }
    let mirror = "http://\(BenchNetwork.firstClientAddress):\(Self.mirrorPort)"
    for round in 0..<count {
      let host = #"{"kernel": "\#(mirror)\#(Self.turn(round, of: .fino))"}"#
      try Data(host.utf8).write(to: URL(filePath: "\(records)/hosts/host\(round)"))
    }
    let child = try ChildProcess.start(
      [appliance.fino, "import", "bergenholm", records, "--state", state],
      output: "\(stage.folder)/import.log")
    while child.isRunning { usleep(10_000) }
    guard child.ended == .status(0) else { throw LabError("fino import: \(child.outputText)") }
    return state
  }

  private static func cache(_ folder: String) -> String {
    "proxy_cache_path \(folder)/proxy levels=1:2 keys_zone=bench:10m max_size=100g inactive=1h use_temp_path=off;"
  }

  /// Whoever comes second waits for the first one, however long that takes.
  private static let proxy = """
    location /turn/ {
      proxy_pass http://\(BenchNetwork.firstClientAddress):\(mirrorPort);
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache bench;
      proxy_cache_valid 200 1h;
      proxy_cache_lock on;
      proxy_cache_lock_timeout 1h;
      proxy_cache_lock_age 1h;
    }
    """
}
