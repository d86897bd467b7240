/// FinoBench: the parts of `tftp`: one client, many, windows, a crowd.

import Foundation

extension TFTPRun {
  /// Rounds in turn.
  func rounds(
    of kinds: [TFTPServer.Kind], _ file: String, _ load: TFTPLoad, _ stage: Stage, atMost: Int = 100
  ) throws -> [TFTPServer.Kind: [Round]] {
    var all: [TFTPServer.Kind: [Round]] = [:]
    for _ in 0..<min(measure.rounds, atMost) {
      for kind in kinds where kind == .fino || !options.alone {
        all[kind, default: []].append(try round(kind, file, load, stage))
      }
    }
    return all
  }

  func load(_ clients: Int, window: Int) -> TFTPLoad {
    TFTPLoad(
      file: .init(name: "", content: []), clients: clients, window: window,
      seconds: measure.seconds)
  }

  func single(_ stage: Stage, _ report: inout Report) throws {
    let all = try rounds(of: [.fino, .dnsmasq], Self.image, load(1, window: 1), stage)
    compare("1 client, window 1", all, [.dnsmasq: 1.2], &report)
  }

  func many(_ stage: Stage, _ report: inout Report) throws {
    for clients in [64, 512] {
      let all = try rounds(
        of: TFTPServer.Kind.allCases, Self.image, load(clients, window: 1), stage)
      compare("\(clients) clients, window 1", all, [.dnsmasq: 1.5, .tftpd: 3], &report)
    }
  }

  func window(_ stage: Stage, _ report: inout Report) throws {
    let all = try rounds(of: [.fino, .dnsmasq], Self.image, load(64, window: 16), stage)
    compare("64 clients, window 16", all, [.dnsmasq: 5], &report)
    report.add(
      "  99 % of the transfers, of half of them", "times",
      fino: median(all[.fino]) { $0.outcome.p99 / $0.outcome.p50 },
      peer: all[.dnsmasq].map { median($0) { $0.outcome.p99 / $0.outcome.p50 } }, better: .less,
      wanted: .atMost(2))
  }

  /// Each fetches once; nobody may be left without.
  func crowd(_ stage: Stage, _ report: inout Report) throws {
    var load = load(options.crowd, window: 1)
    load.transfers = options.crowd
    load.seconds = 120
    let all = try rounds(of: TFTPServer.Kind.allCases, Self.loader, load, stage, atMost: 3)
    let title = "\(Report.text(Double(options.crowd))) clients at once"
    for peer in peers(all) {
      report.add(
        "\(title), the last one has all after\(beside(peer))", "s",
        fino: median(all[.fino]) { $0.outcome.seconds },
        peer: peer.map { median(all[$0]) { $0.outcome.seconds } }, better: .less)
      report.add(
        "  without the file", "clients", fino: most(all[.fino]) { Double($0.outcome.failed) },
        peer: peer.map { most(all[$0]) { Double($0.outcome.failed) } }, better: .less,
        wanted: .atMost(0))
      report.add(
        "  asked again", "times", fino: median(all[.fino]) { Double($0.outcome.repeats) },
        peer: peer.map { median(all[$0]) { Double($0.outcome.repeats) } }, better: .less)
      rest(all, peer, &report)
    }
  }

  /// Throughput, fairness, and what it costs.
  private func compare(
    _ title: String, _ all: [TFTPServer.Kind: [Round]], _ wanted: [TFTPServer.Kind: Double],
    _ report: inout Report
  ) {
    for peer in peers(all) {
      report.add(
        title + beside(peer), "MB/s", fino: median(all[.fino]) { $0.outcome.rate / 1e6 },
        peer: peer.map { median(all[$0]) { $0.outcome.rate / 1e6 } },
        wanted: peer.flatMap { wanted[$0] }.map { .ratio(atLeast: $0) })
      report.add(
        "  half of the transfers within", "ms", fino: median(all[.fino]) { $0.outcome.p50 * 1e3 },
        peer: peer.map { median(all[$0]) { $0.outcome.p50 * 1e3 } }, better: .less)
      report.add(
        "  99 % of the transfers within", "ms", fino: median(all[.fino]) { $0.outcome.p99 * 1e3 },
        peer: peer.map { median(all[$0]) { $0.outcome.p99 * 1e3 } }, better: .less)
      report.add(
        "  transfers that failed", "", fino: most(all[.fino]) { Double($0.outcome.failed) },
        peer: peer.map { most(all[$0]) { Double($0.outcome.failed) } }, better: .less,
        wanted: .atMost(0))
      rest(all, peer, &report)
    }
  }

  private func rest(
    _ all: [TFTPServer.Kind: [Round]], _ peer: TFTPServer.Kind?, _ report: inout Report
  ) {
    func cost(_ round: Round) -> Double { round.processor / max(round.outcome.delivered, 1) * 1e9 }
    // tftpd-hpa lets the kernel forget its children, one for each transfer, and what they used.
    let known = peer == .tftpd ? nil : peer
    report.add(
      "  processor time for each GB", "s", fino: median(all[.fino], cost),
      peer: known.map { median(all[$0], cost) }, better: .less,
      wanted: peer == .dnsmasq ? .ratio(atLeast: 2) : nil)
    report.add(
      "  memory at its highest", "MB", fino: most(all[.fino]) { $0.memory / 1e6 },
      peer: known.map { most(all[$0]) { $0.memory / 1e6 } }, better: .less)
    report.add(
      "  the load had nothing to do", "% of time",
      fino: median(all[.fino]) { $0.outcome.idle * 100 },
      peer: peer.map { median(all[$0]) { $0.outcome.idle * 100 } })
  }

  func median(_ rounds: [Round]?, _ value: (Round) -> Double) -> Double {
    Sample((rounds ?? []).map(value)).median
  }

  /// The worst of all rounds.
  func most(_ rounds: [Round]?, _ value: (Round) -> Double) -> Double {
    (rounds ?? []).map(value).max() ?? .nan
  }

  /// One table for each peer; one without, when Fino is alone.
  private func peers(_ all: [TFTPServer.Kind: [Round]]) -> [TFTPServer.Kind?] {
    options.alone ? [nil] : TFTPServer.Kind.allCases.filter { $0 != .fino && all[$0] != nil }
  }

  private func beside(_ peer: TFTPServer.Kind?) -> String { peer.map { ", \($0.title)" } ?? "" }
}
