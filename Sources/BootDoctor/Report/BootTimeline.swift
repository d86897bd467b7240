/// BootDoctor: one boot as a picture, each step a bar over time.

import Wire

/// SVG for a page of HTML. A long silence would press all steps together, so each gap of more than a
/// tenth of the busy time is drawn short, with its length beside it.
struct BootTimeline {
  private struct Bar {
    var kind: String
    var from: UInt64
    var to: UInt64
    var text: String
    var isTrouble: Bool
  }

  private static let width = 1000.0
  private static let margin = 90.0
  private static let row = 22.0
  private static let kinds = ["dhcp", "boot-server", "arp", "dns", "tftp", "tcp", "http"]
  private static let colors = [
    "dhcp": "#3b6fb6", "boot-server": "#6a51a3", "arp": "#8c959f", "dns": "#b8860b",
    "tftp": "#2d7d46", "tcp": "#8c6d46", "http": "#0f8a8a",
  ]

  private var bars: [Bar] = []
  private var gaps: [(from: UInt64, to: UInt64)] = []
  private let begin: UInt64
  private let end: UInt64

  init(_ boot: BootRecord) {
    begin = boot.begin.time
    end = max(boot.end.time, boot.begin.time)
    for step in boot.steps {
      guard let first = step.lines.first else { continue }
      bars.append(
        Bar(
          kind: first.kind, from: max(step.begin.time, begin), to: max(step.end.time, begin),
          text: first.text, isTrouble: step.lines.contains(where: \.isTrouble)))
    }
    bars.sort { $0.from < $1.from }
    var busy: UInt64 = 0
    var reached = begin
    var silences: [(UInt64, UInt64)] = []
    for bar in bars {
      if bar.from > reached { silences.append((reached, bar.from)) }
      busy &+= Span.between(max(reached, bar.from), bar.to)
      reached = max(reached, bar.to)
    }
    let limit = max(busy / 10, 200_000_000)
    gaps = silences.filter { $0.1 - $0.0 > limit }
  }

  /// Time as it is drawn, in nanoseconds from the begin.
  private func drawn(_ time: UInt64) -> UInt64 {
    var length = Span.between(begin, time)
    for gap in gaps where gap.from < time {
      let inside = min(gap.to, time) - gap.from
      let share = Double(inside) / Double(max(gap.to - gap.from, 1))
      let short = min(inside, UInt64(Double(min(shortGap, 1 << 60)) * share))
      length -= min(length, inside - short)
    }
    return length
  }

  private var shortGap: UInt64 { max(Span.between(begin, end) / 2000, 50_000_000) }

  private func x(_ time: UInt64) -> Double {
    let total = Double(max(drawn(end), 1))
    return Self.margin + (Self.width - Self.margin - 10) * Double(drawn(time)) / total
  }

  private static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  var svg: String {
    let used = Self.kinds.filter { kind in bars.contains { $0.kind == kind } }
    let height = Double(used.count) * Self.row + 34
    var out =
      "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(height))\" role=\"img\" "
      + "aria-label=\"Timeline of this boot\" font-family=\"system-ui, sans-serif\" "
      + "font-size=\"12\">\n"
    for (index, kind) in used.enumerated() {
      let y = Double(index) * Self.row + 4
      out += "<text x=\"0\" y=\"\(Self.number(y + 14))\" fill=\"#59636e\">\(kind)</text>\n"
      out +=
        "<line x1=\"\(Int(Self.margin))\" x2=\"\(Int(Self.width) - 10)\" "
        + "y1=\"\(Self.number(y + 20))\" y2=\"\(Self.number(y + 20))\" stroke=\"#eceef1\"/>\n"
      for bar in bars where bar.kind == kind { out += draw(bar, y) }
    }
    out += axis(height)
    return out + "</svg>\n"
  }

  private func draw(_ bar: Bar, _ y: Double) -> String {
    let left = x(bar.from)
    let width = max(x(bar.to) - left, 3)
    let color = bar.isTrouble ? "#c4302b" : Self.colors[bar.kind] ?? "#59636e"
    return
      "<rect x=\"\(Self.number(left))\" y=\"\(Self.number(y + 3))\" "
      + "width=\"\(Self.number(width))\" "
      + "height=\"14\" rx=\"2\" fill=\"\(color)\" fill-opacity=\"0.85\">"
      + "<title>\(HTMLText.escaped(bar.text))</title></rect>\n"
  }

  private func axis(_ height: Double) -> String {
    var out = ""
    for gap in gaps {
      let left = x(gap.from)
      let right = x(gap.to)
      out +=
        "<rect x=\"\(Self.number(left))\" y=\"0\" width=\"\(Self.number(max(right - left, 2)))\" "
        + "height=\"\(Self.number(height - 24))\" fill=\"#8c959f\" fill-opacity=\"0.18\">"
        + "<title>nothing for \(StoryText.duration(gap.to - gap.from))</title></rect>\n"
    }
    let y = Self.number(height - 8)
    let last = HTMLText.escaped(StoryText.duration(Span.between(begin, end)))
    out += "<text x=\"\(Int(Self.margin))\" y=\"\(y)\" fill=\"#59636e\">0 s</text>\n"
    out +=
      "<text x=\"\(Int(Self.width) - 10)\" y=\"\(y)\" fill=\"#59636e\" "
      + "text-anchor=\"end\">\(last)</text>\n"
    return out
  }
}
