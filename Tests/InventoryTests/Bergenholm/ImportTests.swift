/// InventoryTests: folders in, folders out.

import Foundation
import Jinja
import Testing

@testable import Inventory

@Suite struct ImportTests {
  let directory: StateDirectory
  let catalogue: Catalogue

  init() throws {
    directory = try StateDirectory()
    catalogue = try directory.open().catalogue
  }

  private var folder: String { directory.path + "/folder" }

  private func write(_ path: String, _ text: String) throws {
    let url = URL(filePath: folder + "/" + path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func imported(replacing: Bool = false) async throws -> ImportReport {
    try await catalogue.importRecords(BergenholmFiles(reading: folder), replacing: replacing)
  }

  @Test func `what was exported is imported the same`() async throws {
    _ = try await catalogue.importRecords(BergenholmFiles(reading: BergenholmFixture.folder))
    for name in ["a/b", ".hidden", "50%", "x.json", "back~", "%41", "caf\u{e9}"] {
      try await catalogue.create(.host, name, text: #"{"x_password": "secret"}"#)
      try await catalogue.create(.template, name, [0, 0xff, 10])
    }
    let count = try catalogue.snapshot.export(to: folder)
    #expect(count == 24 + 14)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/hosts/default")
    #expect(attributes[.posixPermissions] as? Int == 0o600)

    let other = try StateDirectory()
    let second = try other.open().catalogue
    let report = try await second.importRecords(BergenholmFiles(reading: folder))
    #expect(report.problems == [])
    #expect(report.created.count == count)
    let (a, b) = (catalogue.snapshot, second.snapshot)
    #expect(a.hosts.names == b.hosts.names)
    #expect(a.templates.names == b.templates.names)
    for name in a.hosts.names {
      #expect(a.hosts[name]?.parameters == b.hosts[name]?.parameters)
      #expect(a.hosts[name]?.parameters.keys == b.hosts[name]?.parameters.keys)
    }
    for name in a.groups.names {
      #expect(a.groups[name]?.parameters == b.groups[name]?.parameters)
    }
    for name in a.templates.names {
      #expect(a.templates[name]?.bytes == b.templates[name]?.bytes)
    }
    let again = try await second.importRecords(BergenholmFiles(reading: folder))
    #expect(again.unchanged.count == count)
    #expect(throws: ExportError.self) { try a.export(to: folder) }
  }

  @Test func `one mistake and nothing is imported`() async throws {
    try write("hosts/good", "{}")
    try write("hosts/bad", "{\n\"a\" 1}")
    try write("groups/list.json", "[]")
    try write("templates/t", "x")
    let report = try await imported()
    #expect(!report.isDone)
    #expect(
      report.problems == [
        "hosts/bad: This is not JSON: line 2, column 5 (byte 6) should be a colon.",
        """
        groups/list.json: This is not JSON: line 1, column 1 (byte 0) should be an object in braces.
        """,
      ])
    #expect(report.description.hasPrefix("Nothing was imported"))
    #expect(catalogue.snapshot.hosts.names == [])
    #expect(catalogue.snapshot.templates.names == [])
  }

  @Test func `with and without .json, and never both`() async throws {
    try write("hosts/a.json", "{}")
    try write("hosts/b", "{}")
    try write("groups/centos.amd64", "{}")
    try write("templates/t.json", "x")
    let report = try await imported()
    #expect(
      report.created == ["hosts/a.json", "hosts/b", "groups/centos.amd64", "templates/t.json"])
    #expect(catalogue.snapshot.hosts.names == ["a", "b"])
    #expect(catalogue.snapshot.groups.names == ["centos.amd64"])
    #expect(catalogue.snapshot.templates.names == ["t.json"])
    try write("hosts/a", "{}")
    #expect(try await imported().problems == ["hosts/a and hosts/a.json are the same host."])
  }

  @Test func `what is there and different is replaced only when asked for`() async throws {
    try await catalogue.create(.host, "same", text: #"{"a":1}"#)
    try await catalogue.create(.host, "other", text: #"{"a": 1, "ipmi_password": "kept"}"#)
    try write("hosts/same", #"{ "a" : 1 }"#)
    try write("hosts/other", #"{"a": 2, "ipmi_password": "***"}"#)
    try write("hosts/new", #"{"ipmi_password": "***"}"#)
    let refused = try await imported()
    #expect(
      refused.problems == [
        """
        hosts/other: there is a host "other" already, and it is different. Ask for it to be \
        replaced, or delete it first.
        """
      ])
    #expect(catalogue.snapshot.hosts["new"] == nil)
    let report = try await imported(replacing: true)
    #expect(report.created == ["hosts/new"])
    #expect(report.replaced == ["hosts/other"])
    #expect(report.unchanged == ["hosts/same"])
    #expect(
      report.warnings == [
        "There is no folder groups.", "There is no folder templates.",
        "hosts/new has \"***\" in the place of a password: write the password anew.",
      ])
    #expect(catalogue.snapshot.hosts["other"]?.parameters["ipmi_password"] == "kept")
    #expect(report.description.hasPrefix("Imported: 1 new, 1 replaced, 1 unchanged.\nwarning: "))
  }

  @Test func `what will not work is told`() async throws {
    try write("hosts/h", #"{"groups": ["a"], "ipxe_script": "none.ipxe"}"#)
    try write("groups/a", #"{"groups": ["b"]}"#)
    try write("templates/old~", "x")
    try write("templates/.swp", "x")
    try write("templates/deep/x", "x")
    let report = try await imported()
    #expect(report.problems == [])
    #expect(
      report.warnings == [
        "templates/.swp was skipped: it is hidden.",
        "templates/deep was skipped: it is a folder.",
        "templates/old~ was skipped: it is hidden.",
        """
        hosts/h: Host h: there is no group b, which is named by the key "groups" \
        (host h → group a → group b). Make the group, or take its name out.
        """,
        "hosts/h: there is no template \"none.ipxe\" for its ipxe_script.",
        """
        groups/a: Group a: there is no group b, which is named by the key "groups" \
        (group a → group b). Make the group, or take its name out.
        """,
      ])
  }

  @Test func `folders that are none`() async throws {
    #expect(try await imported().problems == ["There is no folder \(folder)."])
    try write("other/x", "")
    #expect(
      try await imported().problems
        == ["\(folder) has none of the folders hosts, groups and templates."])
  }
}
