/// FinoBench: `jinja`: how often a second a template is rendered, beside CPython's Jinja2.

import ArgumentParser
import Foundation
import Jinja
import Lab

struct Rendering: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jinja",
    abstract: "Render kickstarts: one thread, compiled once, by processor time.",
    discussion: "FINO_PYTHON names a Python that has Jinja2; else `python3` is tried.")

  @OptionGroup var measure: MeasureOptions

  func run() throws {
    try measure.finish([try RenderingRun(measure: measure).report()])
  }
}

struct RenderingRun {
  var measure: MeasureOptions

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  func report() throws -> Report {
    let peer = try RenderingPeer()
    var report = Report("renders of a template", peer: peer.name)
    let fixtures = Self.folder.appending(path: "Fixtures/jinja/bench")
    let context = fixtures.appending(path: "kickstart.json").path
    for name in ["kickstart-plain", "kickstart-rich"] {
      let template = fixtures.appending(path: "\(name).j2").path
      var ours = Sample()
      var theirs = Sample()
      for round in 0..<measure.rounds {
        let fino = try render(template, context)
        let python = try peer.render(template, context, seconds: measure.seconds)
        if round == 0 {
          guard fino.text == python.text else {
            throw LabError("\(name).j2: the two do not render the same text")
          }
        }
        ours.add(fino.rate)
        theirs.add(python.rate)
      }
      report.add(
        "\(name).j2", "1/s", fino: ours.median, peer: theirs.median,
        wanted: .ratio(atLeast: 5))
    }
    return report
  }

  private func render(
    _ template: String, _ context: String
  ) throws -> (rate: Double, text: [UInt8]) {
    let source = try String(contentsOfFile: template, encoding: .utf8)
    let json = try String(contentsOfFile: context, encoding: .utf8)
    guard case .dict(let variables) = try JinjaValue(parsingJSON: json) else {
      throw LabError("\(context) is no JSON object")
    }
    let compiled = try JinjaEnvironment().compile(source, name: template)
    let text = try compiled.render(variables)
    let start = Self.processorTime
    var renders = 0
    var elapsed = 0.0
    while elapsed < measure.seconds {
      for _ in 0..<20 { renders += try compiled.render(variables).isEmpty ? 0 : 1 }
      elapsed = Self.processorTime - start
    }
    return (Double(renders) / elapsed, Array(text.utf8))
  }

  /// Of this thread, in seconds, so that what else runs on this machine counts less; the peer counts
  /// the same.
  private static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
