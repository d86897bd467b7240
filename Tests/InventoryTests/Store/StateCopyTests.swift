/// Tests of Inventory: copies of the state for those who only look.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct StateCopyTests {
  private let state =
    FileManager.default.temporaryDirectory.appending(path: "copied-\(UUID())").path

  @Test func aStateThatIsNotThereIsAnEmptyCopyAndStaysAway() throws {
    let copy = try StateCopy(of: state)
    #expect(try FileManager.default.contentsOfDirectory(atPath: copy.directory).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: state))
    copy.remove()
    #expect(!FileManager.default.fileExists(atPath: copy.directory))
  }

  /// What is still in the write-ahead log is copied, too, and a change of the copy stays there.
  @Test func aStateInUseIsCopiedAsItIsNow() async throws {
    defer { try? FileManager.default.removeItem(atPath: state) }
    let inventory = try Inventory.open(state: state)
    let mac = MACAddress(value: 0x5254_0000_0001)
    _ = try await inventory.jobs.createJob(
      ReimageRequest(mac: mac, obm: "10.0.1.1", location: "debian", kernelOptions: ""), at: Date())
    let copy = try StateCopy(of: state + "/")
    defer { copy.remove() }
    let copied = try Inventory.open(state: copy.directory)
    #expect(copied.knows(mac, nil))
    let other = MACAddress(value: 0x5254_0000_0002)
    _ = try await copied.jobs.createJob(
      ReimageRequest(mac: other, obm: "10.0.1.1", location: "debian", kernelOptions: ""), at: Date()
    )
    #expect(!inventory.knows(other, nil))
    await copied.close()
    await inventory.close()
    let again = try Inventory.open(state: state)
    #expect(again.knows(mac, nil) && !again.knows(other, nil))
    await again.close()
  }

  @Test func whatIsNoDatabaseIsCopiedAndRefusedWhenOpened() throws {
    defer { try? FileManager.default.removeItem(atPath: state) }
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    try Data(repeating: 7, count: 5000).write(to: URL(filePath: "\(state)/fino.db"))
    let copy = try StateCopy(of: state)
    defer { copy.remove() }
    #expect(throws: InventoryError.self) { try Inventory.open(state: copy.directory) }
  }
}
