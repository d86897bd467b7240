/// JinjaTests: no template can hang the program or exhaust it.

import Synchronization
import Testing

@testable import Jinja

@Suite struct LimitsTests {
  /// Reached soon, also by a debug build; only the clock and the stack are as usual.
  private static let small: JinjaLimits = {
    var limits = JinjaLimits()
    limits.memory = 16 << 20
    limits.steps = 2_000_000
    limits.loopRounds = 300_000
    limits.time = .seconds(600)
    return limits
  }()

  private func failure(
    _ template: String, _ limits: JinjaLimits? = nil, files: [String: String] = [:]
  ) -> JinjaError? {
    let limits = limits ?? Self.small
    let environment = JinjaEnvironment(limits: limits) { files[$0] }
    do throws(JinjaError) {
      _ = try environment.compile(template, name: "t").render()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "{{ 'x' * 10**9 }}", "{{ [0] * 10**9 }}", "{{ 'x'|center(10**9) }}", "{{ 'x'.ljust(10**9) }}",
    "{{ range(10**9)|list }}", "{{ range(10**9)|sum }}", "{% for x in range(10**9) %}{% endfor %}",
    "{{ 10 ** (10 ** 9) }}", "{{ 2 ** (2 ** 40) }}", "{{ 'x'.zfill(10**12) }}",
    "{{ '%1000000000d' % 1 }}", "{{ '{:1000000}'.format(1) * 1000 }}", "{{ '%.1000000f' % 1.5 }}",
    "{{ 'ab'|replace('', 'x' * 10**7) }}", "{{ ('x' * 10**6).join(['a'] * 10**6) }}",
    "{{ 'a'|indent(10**10, true) }}", "{{ [1]|batch(10**10, 0)|list }}",
    "{{ [1]|tojson(10**10) }}", "{{ ['a' * 10**6] * 10**6 }}",
    "{% set ns = namespace(s='ab') %}{% for x in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    "{% set ns = namespace(l=[1]) %}{% for x in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
    "{% set ns = namespace(n=2) %}{% for x in range(64) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "{% set ns = namespace(l=[]) %}{% for x in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
    "{% set l = [1] %}{% for x in l %}{% set _ = l.append(x) %}{% endfor %}",
    "{% set l = [1] %}{% for x in l %}{{ l.extend(l) or '' }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% block a %}{{ self.a() }}{% endblock %}",
    "{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}",
    "{{ ('a' * 10**5 ~ 'b')|wordwrap(1)|length * 0 }}{% for i in range(10**6) %}{{ 'aaaaaaaaaaaaaaaa' * 100 }}{% endfor %}",
  ])
  func `greed ends with a clear error`(template: String) throws {
    let error = try #require(failure(template), "\(template) went through")
    #expect(error.kind == .limit || error.kind == .overflow, "\(error)")
    #expect(error.template == "t")
  }

  @Test func `templates that include, import or extend themselves end`() throws {
    for template in ["{% include 't' %}", "{% import 't' as t %}", "{% extends 't' %}"] {
      let error = try #require(failure(template, files: ["t": template]))
      #expect(error.kind == .limit)
    }
  }

  @Test func `sources nested too deep are refused`() throws {
    let deep = 100_000
    let sources = [
      "{{ " + String(repeating: "(", count: deep) + "1",
      "{{ " + String(repeating: "[", count: deep),
      "{{ " + String(repeating: "-", count: deep) + "1 }}",
      "{{ " + String(repeating: "not ", count: deep) + "1 }}",
      "{{ 1" + String(repeating: " + 1", count: deep) + " }}",
      "{{ x" + String(repeating: "|upper", count: deep) + " }}",
      "{{ x" + String(repeating: ".a", count: deep) + " }}",
      "{{ x" + String(repeating: "()", count: deep) + " }}",
      "{{ 1" + String(repeating: " if 1 else 1", count: deep) + " }}",
      "{{ 1" + String(repeating: " ** 1", count: deep) + " }}",
      String(repeating: "{% if 1 %}", count: deep),
      String(repeating: "{% for x in y %}", count: deep),
      String(repeating: "{% set x %}", count: deep),
      String(repeating: "{% block a %}", count: deep),
      "{% set " + String(repeating: "(", count: deep) + "x",
      "{{ " + String(repeating: "{1:", count: deep),
      "{{ x" + String(repeating: "[0]", count: deep) + "}}",
    ]
    for source in sources {
      let error = try #require(failure(source), "\(source.prefix(40))")
      #expect(error.kind == .syntax)
    }
  }

  @Test func `the deepest allowed nesting ends before the stack does`() {
    let deep = [
      "{% if 1 %}": "{% endif %}", "{% for x in [1] %}": "{% endfor %}",
      "{% filter upper %}": "{% endfilter %}", "{% with a = 1 %}": "{% endwith %}",
    ]
    for (open, close) in deep {
      let source =
        "{% macro m(n) %}" + String(repeating: open, count: 80)
        + "{{ " + String(repeating: "(", count: 70) + "m(n + 1)" + String(repeating: ")", count: 70)
        + " }}" + String(repeating: close, count: 80) + "{% endmacro %}{{ m(0) }}"
      #expect(failure(source)?.kind == .limit)
    }
  }

  @Test func `time is bounded by the clock that was given`() throws {
    let ticks = Atomic<Int>(0)
    let clock: @Sendable () -> Duration = {
      .milliseconds(ticks.add(1, ordering: .relaxed).newValue)
    }
    var limits = JinjaLimits(clock: clock)
    limits.time = .milliseconds(20)
    let error = try #require(
      failure("{% for x in range(900000) %}{{ x }}{% endfor %}", limits))
    #expect(error.kind == .limit)
    #expect(error.message.contains("longer than"))
  }

  @Test func `circles of values are printed, compared and freed`() throws {
    let environment = JinjaEnvironment()
    let source = """
      {% set l = [1] %}{% set _ = l.append(l) %}{{ l }}{% set d = {} %}{% set _ = d.update(d=d) %}{{ d }}\
      {% set ns = namespace() %}{% set ns.self = ns %}{% macro m() %}{{ m }}{% endmacro %}{{ m() }}
      """
    #expect(
      try environment.compile(source, name: "t").render()
        == "[1, [...]]{'d': {...}}<Macro 'm'>")
    #expect(failure("{% set l = [] %}{% set _ = l.append(l) %}{{ l|tojson }}")?.kind == .value)
    let comparing =
      "{% set a = [] %}{% set b = [] %}{% set _ = a.append(b) %}{% set _ = b.append(a) %}{{ a == b }}"
    #expect(failure(comparing)?.kind == .limit)
  }

  @Test func `a chain of a hundred thousand values is freed without recursion`() throws {
    let source = """
      {% set ns = namespace(l=[]) %}{% for x in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}\
      {% set ns.g = [] %}{% for x in range(1000) %}{% set ns.g = [ns.g]|map('first') %}{% endfor %}ok
      """
    #expect(try JinjaEnvironment().compile(source, name: "t").render() == "ok")
    #expect(failure(source + "{{ ns.l }}")?.kind == .limit)
    #expect(failure(source + "{{ ns.g|list }}")?.kind == .limit)
  }
}
