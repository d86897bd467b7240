/// FinoBench: the ratios of a report as bars, in SVG: self-contained, for a README.

import Foundation

struct Chart {
  private struct Bar {
    var label: String
    var ratio: Double
    var isMet: Bool?
  }

  private var bars: [Bar] = []
  private var sections: [(title: String, first: Int)] = []
  private var machine: Machine?

  /// Each row with a ratio that is a heading of its own, or of which a ratio is wanted.
  init(_ reports: [Report]) {
    for report in reports {
      var heading = ""
      let first = bars.count
      for row in report.rows {
        let isDetail = row.what.hasPrefix(" ")
        let name = row.what.trimmingCharacters(in: .whitespaces)
        if !isDetail { heading = name }
        guard let ratio = row.ratio, ratio.isFinite, ratio > 0 else { continue }
        guard !isDetail || row.wanted?.hasPrefix("ratio") == true else { continue }
        bars.append(
          Bar(
            label: isDetail ? "\(heading): \(name)" : name, ratio: ratio, isMet: row.isMet))
      }
      guard bars.count > first else { continue }
      let title = report.peerName.map { "\(report.name), beside \($0)" } ?? report.name
      sections.append((title, first))
      machine = report.machine
    }
  }

  static func write(_ reports: [Report], to path: String) throws {
    let file = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(Chart(reports).text.utf8).write(to: file)
  }

  // MARK: The drawing

  private static let width = 920.0
  private static let labels = 470.0
  private static let right = 70.0
  private static let rowHeight = 22.0
  private static let sectionHeight = 34.0
  private static let top = 52.0

  /// The scale is logarithmic, so that twice as fast and half as fast are the same length.
  var text: String {
    let limits = limits
    func place(_ ratio: Double) -> Double {
      let share = (log(ratio) - log(limits.low)) / (log(limits.high) - log(limits.low))
      return Self.labels + share * (Self.width - Self.labels - Self.right)
    }
    var lines: [String] = []
    var y = Self.top
    for (index, section) in sections.enumerated() {
      y += Self.sectionHeight
      lines.append(
        #"<text x="16" y="\#(Self.number(y - 12))" font-weight="600">\#(Self.escaped(section.title))</text>"#
      )
      let end = index + 1 < sections.count ? sections[index + 1].first : bars.count
      for bar in bars[section.first..<end] {
        lines += drawing(of: bar, y, place)
        y += Self.rowHeight
      }
    }
    let one = Self.number(place(1))
    let axis = limits.marks.map { mark in
      """
      <line x1="\(Self.number(place(mark)))" y1="\(Self.number(Self.top))" x2="\(Self.number(place(mark)))" \
      y2="\(Self.number(y))" stroke="#e2e5e9"/>
      <text x="\(Self.number(place(mark)))" y="\(Self.number(Self.top - 6))" text-anchor="middle" \
      fill="#5a6470">\(Report.text(mark))x</text>
      """
    }
    let place = machine.map { "\($0.processor), \($0.processors) processors, Linux \($0.kernel)" }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(Self.width))" \
      height="\(Self.number(y + 40))" viewBox="0 0 \(Self.number(Self.width)) \(Self.number(y + 40))" \
      font-family="system-ui, sans-serif" font-size="13" fill="#1c2229">
      <rect width="100%" height="100%" fill="#ffffff"/>
      <text x="16" y="22" font-size="15" font-weight="600">Fino, times its peer (right of 1x is better)</text>
      \(axis.joined(separator: "\n"))
      \(lines.joined(separator: "\n"))
      <line x1="\(one)" y1="\(Self.number(Self.top))" x2="\(one)" y2="\(Self.number(y))" stroke="#1c2229"/>
      <text x="16" y="\(Self.number(y + 26))" fill="#5a6470">\(Self.escaped(place ?? ""))</text>
      </svg>

      """
  }

  private func drawing(of bar: Bar, _ y: Double, _ place: (Double) -> Double) -> [String] {
    let from = min(place(1), place(bar.ratio))
    let length = abs(place(bar.ratio) - place(1))
    // Blue is better, orange is worse: readable without red and green.
    let color = bar.ratio >= 1 ? "#2b6cb0" : "#c05621"
    let mark = bar.isMet == false ? " (missed)" : ""
    return [
      #"<text x="\#(Self.number(Self.labels - 12))" y="\#(Self.number(y + 13))" text-anchor="end">\#(Self.escaped(bar.label))\#(mark)</text>"#,
      #"<rect x="\#(Self.number(from))" y="\#(Self.number(y + 2))" width="\#(Self.number(max(1, length)))" height="14" rx="2" fill="\#(color)"/>"#,
      #"<text x="\#(Self.number(max(place(1), place(bar.ratio)) + 6))" y="\#(Self.number(y + 13))">\#(Report.text(bar.ratio))x</text>"#,
    ]
  }

  /// What the axis shows, 1 among it.
  private var limits: (low: Double, high: Double, marks: [Double]) {
    let all = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    let ratios = bars.map(\.ratio)
    let low = all.last { $0 <= min(0.5, ratios.min() ?? 1) } ?? 0.01
    let high = all.first { $0 >= max(2, ratios.max() ?? 1) } ?? max(1000, ratios.max() ?? 1)
    return (min(low, ratios.min() ?? low), high, all.filter { (low...high).contains($0) })
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
