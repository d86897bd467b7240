/// HouseTests: the plan of the house holds: arrows go down, every file says whose it is.

import Foundation
import Testing

/// SwiftPM lets a target import what it does not depend on; this reads the imports.
@Suite struct RoomTests {
  private static let layers: [[String]] = [
    ["Wire", "Jinja", "CSockets", "CBootLoaders", "CProcess", "CZlib"],
    ["Datagram", "PacketCapture", "Inventory"],
    ["DHCPProxy", "DHCPv6Proxy", "TFTP", "IPMI", "Images"],
    ["Power", "BootDoctor"],
    ["HTTPBoot", "ControlAPI"],
    ["Appliance", "Lab"],
    ["fino"],
  ]

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func layer(_ room: String) -> Int? { layers.firstIndex { $0.contains(room) } }

  /// Room, path and text of each source file.
  private static func sources() throws -> [(room: String, path: String, text: String)] {
    let folder = root.appending(path: "Sources")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      return (path.split(separator: "/").first.map(String.init) ?? "", path, text)
    }
  }

  @Test func aRoomImportsOnlyRoomsBelowIt() throws {
    let sources = try Self.sources()
    #expect(sources.count > 100)
    for source in sources {
      let own = try #require(Self.layer(source.room), "\(source.room) has no layer")
      for line in source.text.split(separator: "\n") where line.contains("import ") {
        let words = line.split(separator: " ")
        guard let verb = words.firstIndex(of: "import"), verb <= 1, verb + 1 < words.count,
          let imported = Self.layer(String(words[verb + 1]))
        else { continue }
        #expect(imported < own, "\(source.path) imports \(words[verb + 1])")
      }
    }
  }

  @Test func theProtocolsDoNotKnowTheStore() throws {
    for source in try Self.sources()
    where ["DHCPProxy", "DHCPv6Proxy", "TFTP", "HTTPBoot", "IPMI"].contains(source.room) {
      #expect(!source.text.contains("import Inventory"), "\(source.path)")
    }
  }

  @Test func sqlStaysInTheStore() throws {
    for source in try Self.sources() where source.text.contains("import GRDB") {
      #expect(source.path.hasPrefix("Inventory/Store/"), "\(source.path)")
    }
  }

  @Test func everyFileSaysWhoseItIs() throws {
    for source in try Self.sources() {
      #expect(source.text.hasPrefix("/// \(source.room): "), "\(source.path)")
    }
  }

  @Test func namesSayWhatAThingIs() throws {
    for source in try Self.sources() {
      let name = source.path.split(separator: "/").last.map(String.init) ?? ""
      for word in ["Util", "Helper", "Manager", "Common", "Misc"] {
        #expect(!name.contains(word), "\(source.path)")
      }
    }
  }
}
