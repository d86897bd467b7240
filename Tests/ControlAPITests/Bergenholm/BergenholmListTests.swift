/// Tests of ControlAPI: the lists of records, byte for byte.

import Foundation
import Hummingbird
import HummingbirdTesting
import Inventory
import Testing

@testable import ControlAPI

@Suite struct BergenholmListTests {
  @Test func listsAreOneLineOfJSON() async throws {
    let state = NSTemporaryDirectory() + "fino-lists-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: state) }
    let inventory = try Inventory.open(state: state)
    let router = Router(context: BasicRequestContext.self)
    BergenholmRoutes<BasicRequestContext>(
      catalogue: inventory.catalogue,
      power: HostPower(status: { _ in "unknown" }, change: { _, _ in })
    ).add(to: router)
    for (id, text) in [("b\"/é", #"{"groups": ["g"], "n": 1}"#), ("a", #"{"n": 1}"#)] {
      try await inventory.catalogue.create(.host, id, Array(text.utf8))
    }
    try await inventory.catalogue.create(.group, "g", Array("{}".utf8))
    let expected = [
      ("/hosts", #"{"hosts":["a","b\"/é"]}"#), ("/hosts/", #"{"hosts":["a","b\"/é"]}"#),
      ("/hosts?n=1", #"{"hosts":["a","b\"/é"]}"#), ("/hosts/?groups=g", #"{"hosts":["b\"/é"]}"#),
      ("/hosts?n=1&groups=g", #"{"hosts":["b\"/é"]}"#), ("/hosts?n=2", #"{"hosts":[]}"#),
      ("/groups", #"{"groups":["g"]}"#), ("/templates", #"{"templates":[]}"#),
    ]
    try await Application(router: router).test(.router) { client in
      for (path, text) in expected {
        try await client.execute(uri: "/api/1.0" + path, method: .get) { response in
          #expect(response.status == .ok)
          #expect(response.headers[.contentType] == "application/json")
          #expect(response.headers[.cacheControl] == "no-store")
          #expect(String(buffer: response.body) == text + "\n", "\(path)")
        }
      }
    }
    await inventory.close()
  }
}
