/// JinjaTests: broken sources throw, and never trap.

import Fixtures
import Testing

@testable import Jinja

@Suite struct SourceSweepTests {
  private func render(_ reference: ReferenceCase, _ source: String) {
    var limits = JinjaLimits()
    limits.steps = 20_000
    limits.loopRounds = 2_000
    limits.memory = 4 << 20
    limits.output = 1 << 20
    let templates = reference.templates
    let environment = JinjaEnvironment(settings: reference.environment.settings, limits: limits) {
      templates[$0]
    }
    do throws(JinjaError) {
      _ = try environment.compile(source, name: "t").render(reference.context)
    } catch {
      #expect(error.line >= 1)
    }
  }

  @Test func `every proper prefix of every documented case`() throws {
    for section in try ReferenceCase.sections() where section != "generated" {
      for reference in try ReferenceCase.all(in: section) where reference.template.utf8.count < 120
      {
        let scalars = Array(reference.template.unicodeScalars)
        for end in 0..<scalars.count {
          var prefix = String.UnicodeScalarView()
          prefix.append(contentsOf: scalars[..<end])
          render(reference, String(prefix))
        }
      }
    }
  }

  @Test func `cases cut and mixed by chance`() throws {
    var state: UInt64 = 0x5EED
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(1, bound)))
    }
    var cases: [ReferenceCase] = []
    for section in try ReferenceCase.sections() { cases += try ReferenceCase.all(in: section) }
    let spices = [
      "{{", "}}", "{%", "%}", "{#", "#}", "-", "(", ")", "[", "]", "|", ":", "::", "-1", "**", "'",
      "\"",
      "\\", "9223372036854775807", "-9223372036854775808", "1e308", "0", "none", "loop", "self",
      "x",
      "|list", "|length", "is", "in", "not", "if", "else", "for", ".", ",", "~", "%", "\u{0}", "é",
      "🏳️‍🌈",
      "|slice(-3)", "|batch(0)", "|round(-400)", "|center(-5)", "[::-1]", "|indent('x')",
      "|truncate(3)",
      "|format(1)", "|int(0,36)", "*", "//", "99999999999999999999999",
    ]
    for _ in 0..<4_000 {
      let reference = cases[random(cases.count)]
      var scalars = Array(reference.template.unicodeScalars)
      for _ in 0...random(4) {
        let place = random(scalars.count + 1)
        switch random(4) {
        case 0: scalars.insert(contentsOf: spices[random(spices.count)].unicodeScalars, at: place)
        case 1: scalars.removeSubrange(place..<min(scalars.count, place + random(6)))
        case 2:
          let other = Array(cases[random(cases.count)].template.unicodeScalars)
          let from = random(other.count)
          scalars.insert(contentsOf: other[from..<min(other.count, from + random(30))], at: place)
        default:
          let end = min(scalars.count, place + random(12))
          scalars.insert(contentsOf: Array(scalars[place..<end]), at: random(scalars.count))
        }
      }
      var source = String.UnicodeScalarView()
      source.append(contentsOf: scalars.prefix(5_000))
      render(reference, String(source))
    }
  }
}
