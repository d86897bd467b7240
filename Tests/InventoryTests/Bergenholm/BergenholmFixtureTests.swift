/// InventoryTests: a whole installation of Bergenholm, against what Jinja2 made of it.

import Foundation
import Jinja
import Testing

@testable import Inventory

enum BergenholmFixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/bergenholm").path
}

@Suite struct BergenholmFixtureTests {
  let directory: StateDirectory

  init() throws { directory = try StateDirectory() }

  @Test func `parameters and templates are what they were`() async throws {
    let catalogue = try directory.open().catalogue
    let report = try await catalogue.importRecords(
      BergenholmFiles(reading: BergenholmFixture.folder))
    #expect(report.problems == [])
    #expect(report.warnings == [])
    #expect(report.created.count == 24)
    let golden = try Data(
      contentsOf: URL(filePath: BergenholmFixture.folder + "/parameters.json"))
    for (id, expected) in try JSONParser.parameters(Array(golden)) {
      guard case .dict(let expected) = expected, case .dict(let every)? = expected["parameters"],
        case .dict(let templates)? = expected["templates"]
      else {
        Issue.record("\(id) has no parameters")
        continue
      }
      let made = try catalogue.parameters(of: id, .real)
      #expect(made == every, "\(id)")
      #expect(made["groups"] == every["groups"])
      for (name, text) in templates {
        #expect(try .string(catalogue.render(template: name, for: id)) == text, "\(name) of \(id)")
      }
    }
  }
}
