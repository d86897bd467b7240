/// InventoryTests: records as callers see them, on a real disk.

import Foundation
import Jinja
import Testing
import Wire

@testable import Inventory

/// The sentence of a failing call; nil where it did not fail.
func sentence(_ call: () async throws -> Void) async -> String? {
  do {
    try await call()
    return nil
  } catch {
    return "\(error)"
  }
}

extension Catalogue {
  func create(_ kind: RecordKind, _ name: String, text: String) async throws {
    try await create(kind, name, Array(text.utf8))
  }

  func replace(_ kind: RecordKind, _ name: String, text: String) async throws {
    try await replace(kind, name, Array(text.utf8))
  }

  nonisolated func json(_ id: String, _ view: ParameterView = .real) throws -> String {
    JSONWriter.text(.dict(try parameters(of: id, view)))
  }
}

@Suite struct CatalogueTests {
  static let uuid = "4c4c4544-0042-3510-8054-b7c04f4d3732"

  let directory: StateDirectory
  let catalogue: Catalogue

  init() throws {
    directory = try StateDirectory()
    catalogue = try directory.open().catalogue
  }

  @Test func `the life of a record`() async throws {
    for kind in RecordKind.allCases {
      try await catalogue.create(kind, "a", text: #"{"b": 1, "a": 1.0}"#)
      #expect(
        await sentence { try await catalogue.create(kind, "a", text: "{}") } == """
          There is a \(kind.rawValue) "a" already. Replace it with PUT, or delete it first.
          """)
      try await catalogue.replace(kind, "a", text: #"{"c": 2}"#)
      try await catalogue.delete(kind, "a")
      for call in [
        { try await catalogue.delete(kind, "a") },
        { try await catalogue.replace(kind, "a", text: "{}") },
      ] as [() async throws -> Void] {
        #expect(await sentence(call) == "There is no \(kind.rawValue) \"a\".")
      }
      try await catalogue.create(kind, "a", text: "{}")
    }
    let after = try directory.open().catalogue.snapshot
    #expect(after.hosts.names == ["a"])
    #expect(after.groups.names == ["a"])
    #expect(after.templates["a"]?.bytes == Array("{}".utf8))
    #expect(after.revision == catalogue.snapshot.revision)
  }

  @Test func `a write is in memory when it is answered`() async throws {
    for number in 0..<50 {
      try await catalogue.create(.host, "h\(number)", text: #"{"n": \#(number)}"#)
      #expect(catalogue.snapshot.hosts["h\(number)"]?.parameters["n"] == .int(number))
    }
    #expect(catalogue.snapshot.hosts.names == (0..<50).map { "h\($0)" }.sorted())
  }

  @Test func `templates are bytes`() async throws {
    let bytes: [UInt8] = [0, 0xff, 13, 10, 10]
    try await catalogue.create(.template, "t", bytes)
    #expect(try directory.open().catalogue.snapshot.templates["t"]?.bytes == bytes)
    #expect(
      await sentence { _ = try catalogue.render(template: "t", for: "x") }
        == "The template \"t\" can't be rendered: it is not text in UTF-8.")
    try await catalogue.create(.template, "empty", [])
    #expect(try catalogue.render(template: "empty", for: "x") == "")
  }

  @Test func `what is no JSON object is not stored`() async throws {
    #expect(
      await sentence { try await catalogue.create(.host, "h", text: "{\"a\": 1,\n \"b\" 2}") }
        == """
        The host "h" was not stored. This is not JSON: line 2, column 6 (byte 14) should be a colon.
        """)
    await #expect(throws: CatalogueError.self) {
      try await catalogue.create(.group, "g", text: "[]")
    }
    try await catalogue.create(.group, "g", text: "{}")
    await #expect(throws: CatalogueError.self) {
      try await catalogue.replace(.group, "g", text: "null")
    }
    #expect(catalogue.snapshot.hosts.names == [])
    let large = [UInt8](repeating: 32, count: Catalogue.maximumSize + 1)
    await #expect(throws: CatalogueError.self) { try await catalogue.create(.template, "t", large) }
  }

  @Test(arguments: [
    "", "a\nb", "{{ ipmi_password }}", "{% x", "{#", String(repeating: "x", count: 256),
  ])
  func `names that can't be`(_ name: String) async throws {
    for kind in RecordKind.allCases {
      await #expect(throws: CatalogueError.self) {
        try await catalogue.create(kind, name, text: "{}")
      }
    }
    #expect(throws: CatalogueError.self) { try catalogue.parameters(of: name, .real) }
    #expect(throws: CatalogueError.self) { try catalogue.explanation(of: name) }
  }

  @Test func `a host is found by id, UUID and MAC address in any spelling`() async throws {
    try await catalogue.create(
      .host, Self.uuid, text: #"{"mac": ["52:54:00:aa:00:01", "nonsense", "525400AA0002"]}"#)
    try await catalogue.create(
      .host, "web1",
      text: #"{"mac": "52-54-00-AA-00-03", "uuid": "9F2E7C1A-6D54-4B8E-A9D1-03C7B5E81F20"}"#)
    try await catalogue.create(.host, "5254.00aa.0004", text: "{}")
    let snapshot = catalogue.snapshot
    for name in [Self.uuid, Self.uuid.uppercased(), "5254.00aa.0001", "52:54:00:AA:00:02"] {
      #expect(snapshot.host(name)?.id == Self.uuid, "\(name)")
    }
    for name in ["web1", "9f2e7c1a-6d54-4b8e-a9d1-03c7b5e81f20", "525400aa0003"] {
      #expect(snapshot.host(name)?.id == "web1", "\(name)")
    }
    #expect(snapshot.host("52:54:00:aa:00:04")?.id == "5254.00aa.0004")
    for name in ["WEB1", "52:54:00:aa:00:05", "nonsense", ""] {
      #expect(snapshot.host(name) == nil, "\(name)")
    }
    #expect(
      await sentence { try await catalogue.create(.host, Self.uuid.uppercased(), text: "{}") }
        != nil)

    #expect(
      try catalogue.parameters(of: Self.uuid.uppercased(), .real)["uuid"]
        == .string(Self.uuid.uppercased()))
    #expect(try catalogue.parameters(of: "525400aa0001", .real)["uuid"] == .string(Self.uuid))
    #expect(
      try catalogue.parameters(of: "525400aa0003", .real)["uuid"]
        == "9F2E7C1A-6D54-4B8E-A9D1-03C7B5E81F20")
    #expect(try catalogue.parameters(of: "web1", .real)["uuid"] == "web1")

    try await catalogue.replace(.host, "web1", text: #"{"mac": []}"#)
    #expect(catalogue.snapshot.host("525400aa0003") == nil)
    try await catalogue.delete(.host, "525400aa0001")
    #expect(catalogue.snapshot.host(Self.uuid) == nil)
    #expect(catalogue.snapshot.host("525400aa0002") == nil)
  }

  @Test func `an unknown machine gets what register has`() async throws {
    #expect(try catalogue.json("new") == #"{"groups": [], "uuid": "new"}"#)
    try await catalogue.create(.group, "register", text: #"{"x": "{{uuid}}"}"#)
    try await catalogue.create(.host, "register", text: #"{"groups": ["register"]}"#)
    #expect(
      try catalogue.json("new") == #"{"x": "new", "groups": ["register"], "uuid": "new"}"#)
  }

  @Test func `two views`() async throws {
    try await catalogue.create(
      .group, "g", text: #"{"ipmi_password": "s3cret", "groups": [], "t": "{{ ipmi_password }}"}"#)
    try await catalogue.create(.host, "h", text: #"{"groups": "g", "vmware_password": "t0p"}"#)
    try await catalogue.create(.template, "t", text: "{{ ipmi_password }} {{ vmware_password }}\n")
    #expect(catalogue.snapshot.host("h")?.shown["vmware_password"] == "***")
    #expect(catalogue.snapshot.groups["g"]?.shown["ipmi_password"] == "***")
    #expect(
      try catalogue.json("h", .shown)
        == #"{"ipmi_password": "***", "groups": ["g"], "t": "***", "vmware_password": "***", "uuid": "h"}"#
    )
    #expect(try catalogue.parameters(of: "h", .real)["ipmi_password"] == "s3cret")
    #expect(
      try catalogue.parameters(ofGroup: "g", .shown)
        == ["ipmi_password": "***", "groups": [], "t": "{{ ipmi_password }}"])
    #expect(try catalogue.parameters(ofGroup: "g", .real)["ipmi_password"] == "s3cret")
    #expect(try catalogue.render(template: "t", for: "h") == "s3cret t0p")
    #expect(!JSONWriter.text(try catalogue.explanation(of: "h").json).contains("s3cret"))
    // Read, changed, written back.
    var shown = try #require(catalogue.snapshot.host("h")?.shown)
    shown["x"] = 1
    try await catalogue.replace(.host, "h", JSONWriter.bytes(.dict(shown)))
    #expect(catalogue.snapshot.host("h")?.parameters["vmware_password"] == "t0p")
    #expect(catalogue.snapshot.host("h")?.parameters["x"] == 1)
  }

  @Test func `scripts`() async throws {
    try await catalogue.create(.host, "h", text: #"{"ipxe_script": "{{name}}.ipxe", "name": "x"}"#)
    let script = { try catalogue.render(templateIn: "ipxe_script", of: "h") }
    #expect(await sentence { _ = try script() } == "There is no template \"x.ipxe\".")
    try await catalogue.create(.template, "x.ipxe", text: "#!ipxe\r\nboot\n")
    #expect(try script() == "#!ipxe\nboot")
    try await catalogue.replace(
      .template, "x.ipxe", text: "{% include 'head' %}\necho {{ uuid }} ${ip}\n")
    #expect(await sentence { _ = try script() }?.contains("for host \"h\". Line 1 of") == true)
    try await catalogue.create(.template, "head", text: "#!ipxe\n")
    #expect(try script() == "#!ipxe\necho h ${ip}")
    #expect(
      await sentence { _ = try catalogue.render(templateIn: "kickstart", of: "h") }
        == "The host \"h\" has no parameter \"kickstart\".")
    #expect(
      await sentence { _ = try catalogue.render(template: "nobody", for: "h") }
        == "There is no template \"nobody\".")
    #expect(
      await sentence { _ = try catalogue.parameters(ofGroup: "nobody", .real) }
        == "There is no group \"nobody\".")
  }

  @Test func `errors name the host, the key and who set it`() async throws {
    try await catalogue.create(.group, "g", text: #"{"k": "{{ 1 + }}", "grows": "{{grows}}."}"#)
    try await catalogue.create(.host, "h", text: #"{"groups": ["g"]}"#)
    let rendering = await sentence { _ = try catalogue.parameters(of: "h", .real) }
    #expect(
      rendering?.hasPrefix(
        """
        Host h: the parameter "k", set by group g, can't be rendered (host h → group g). Line 1 of k:
        """) == true)
    try await catalogue.replace(.group, "g", text: #"{"grows": "{{more}}.", "more": "{{grows}}"}"#)
    let text = await sentence { _ = try catalogue.parameters(of: "h", .real) }
    #expect(
      text == """
        Host h: the parameter "grows", set by group g, still changes after ten rounds of rendering \
        (grows → more → grows). Let no parameter use itself, not even by another one.
        """)
    #expect(try catalogue.explanation(of: "h").failure == text)
  }
}
