/// FinoBench: numbers as a table for people and as JSON for programs.

import Foundation

struct Report: Codable {
  /// One number of Fino's, with the same of a peer where there is one.
  struct Row: Codable {
    var what: String
    var unit: String
    var fino: Double
    var peer: Double?
    /// How many times better Fino is; below 1 it is worse.
    var ratio: Double?
    var wanted: String?
    var isMet: Bool?
  }

  enum Wanted {
    case ratio(atLeast: Double)
    case atLeast(Double)
    case below(Double)
    case atMost(Double)
  }

  enum Better {
    case more
    case less
  }

  var name: String
  var peerName: String?
  var machine = Machine()
  var rows: [Row] = []

  init(_ name: String, peer: String? = nil) {
    self.name = name
    peerName = peer
    let title = peer.map { "\(name), beside \($0)" } ?? name
    print("\n\(title)")
    print(
      Self.line("", "unit", "Fino", peer == nil ? "" : "peer", peer == nil ? "" : "ratio", "wanted")
    )
  }

  /// Also prints the row: a long run shows what it has.
  mutating func add(
    _ what: String, _ unit: String, fino: Double, peer: Double? = nil, better: Better = .more,
    wanted: Wanted? = nil
  ) {
    var row = Row(what: what, unit: unit, fino: fino, peer: peer)
    if let peer, peer > 0, fino > 0 { row.ratio = better == .more ? fino / peer : peer / fino }
    switch wanted {
    case .ratio(let least):
      row.wanted = "ratio >= \(Self.text(least))"
      row.isMet = (row.ratio ?? 0) >= least
    case .atLeast(let least):
      row.wanted = ">= \(Self.text(least))"
      row.isMet = fino >= least
    case .below(let limit):
      row.wanted = "< \(Self.text(limit))"
      row.isMet = fino < limit
    case .atMost(let limit):
      row.wanted = "<= \(Self.text(limit))"
      row.isMet = fino <= limit
    case nil:
      break
    }
    rows.append(row)
    let verdict = row.isMet.map { $0 ? ": yes" : ": MISSED" } ?? ""
    print(
      Self.line(
        what, unit, Self.text(fino), peer.map(Self.text) ?? "",
        row.ratio.map { Self.text($0) + "x" } ?? "", (row.wanted ?? "") + verdict))
    fflush(nil)
  }

  static func write(_ reports: [Report], to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(reports).write(to: file)
  }

  private static func line(_ cells: String...) -> String {
    let widths = [49, 12, 10, 10, 8, 0]
    return zip(cells, widths).enumerated().map { index, cell in
      let (text, width) = cell
      let space = String(repeating: " ", count: max(0, width - text.count))
      return index < 2 ? text + space : index < 5 ? space + text : "  " + text
    }.joined()
  }

  /// Three digits that matter; whole numbers with separators of thousands from 100 on.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if value == value.rounded(), value < 100 { return String(Int(value)) }
    if value >= 100 {
      return Int(value.rounded()).formatted(.number.locale(Locale(identifier: "en_US")))
    }
    return String(format: value < 10 ? "%.2f" : "%.1f", value)
  }
}

/// Where the numbers come from: numbers of two machines must not be compared.
struct Machine: Codable {
  var processor: String
  var processors: Int
  var kernel: String
  var date: String

  init() {
    let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    processor =
      cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }
      .map { $0.drop { $0 != ":" }.dropFirst(2) }.map(String.init) ?? "unknown"
    processors = ProcessInfo.processInfo.activeProcessorCount
    kernel =
      (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    date = Date().formatted(.iso8601)
  }
}
