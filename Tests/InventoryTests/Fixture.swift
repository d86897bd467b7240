/// InventoryTests: machines, a clock that is moved by hand, and a state directory for one test.

import Foundation
import GRDB
import Wire

@testable import Inventory

/// Seconds after the start of every test.
func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + seconds) }

let machineA = MACAddress(value: 0x5254_00aa_0001)
let machineB = MACAddress(value: 0x5254_00aa_0002)
let addressA = IPAddress.v4(IPv4Address(10, 77, 0, 50))
let addressB = IPAddress.v4(IPv4Address(10, 77, 0, 51))
let desk = IPAddress.v4(IPv4Address(10, 77, 0, 9))

func request(_ mac: MACAddress = machineA, location: String = "debian") -> ReimageRequest {
  ReimageRequest(
    mac: mac, obm: "10.77.1.1", location: location, kernelOptions: "console=ttyS0",
    parameters: ["role": "web"])
}

extension InventorySettings {
  /// 10 minutes of lease, 2 hours in all: the defaults.
  static let plain = InventorySettings()
}

/// A directory that goes with the test.
final class StateDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/fino-inventory-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var state: String { path + "/state" }
  var file: String { state + "/fino.db" }

  func open(_ settings: InventorySettings = .plain) throws -> Inventory {
    try Inventory.open(state: state, settings: settings)
  }

  /// Another program at the same file.
  func sql(_ statements: String) throws {
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    var configuration = Configuration()
    configuration.busyMode = .timeout(60)
    try DatabaseQueue(path: file, configuration: configuration).write { db in
      try db.execute(sql: statements)
    }
  }
}
