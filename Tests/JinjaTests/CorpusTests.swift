/// JinjaTests: the cases of Fixtures/jinja against what Jinja2 answered.

import Fixtures
import Testing

@testable import Jinja

@Suite struct CorpusTests {
  @Test func `every case answers as Jinja2 did, but for the listed differences`() throws {
    let known = try KnownDifference.all()
    var used = Set<String>()
    var count = 0
    for section in try ReferenceCase.sections() {
      for reference in try ReferenceCase.all(in: section) {
        count += 1
        guard let difference = reference.difference else { continue }
        if let entry = known.first(where: { $0.covers(reference.template) }) {
          used.insert(entry.reason)
        } else {
          Issue.record("\(section): \(difference)")
        }
      }
    }
    #expect(count >= 7_400)
    for entry in known where entry.part != nil {
      #expect(
        used.contains(entry.reason), "no case shows this difference any more: \(entry.reason)")
    }
  }

  @Test func `the documentation's cases are at least 600`() throws {
    var count = 0
    for section in try ReferenceCase.sections() where section != "generated" {
      count += try ReferenceCase.all(in: section).count
    }
    #expect(count >= 600)
  }

  @Test func `a difference list stays short`() throws {
    let known = try KnownDifference.all()
    #expect(known.count <= 12)
    #expect(known.allSatisfy { !$0.reason.isEmpty })
  }
}
