/// TFTPTests: the ways in which a server can deliver: workers, ports, large files.

import Datagram
import Foundation
import TFTP
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct TFTPDeliveryTests {
  private let asked = [TFTPOption("blksize", "600"), TFTPOption("windowsize", "3")]

  private func fetch(
    _ station: Station, _ options: [TFTPOption], window: Int, blockSize: Int
  ) async throws -> (bytes: [UInt8], port: UInt16) {
    let client = try Client(station)
    client.ask("file", options, station.endpoints[0])
    let (offer, transfer) = try await client.next()
    #expect(offer == .optionAcknowledgment(options))
    return (
      try await client.fetch(from: transfer, blockSize: blockSize, window: window),
      transfer.port
    )
  }

  @Test func `several workers share the clients`() async throws {
    let station = try await Station(workers: 3)
    let asked = asked
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<24 {
        group.addTask { try await fetch(station, asked, window: 3, blockSize: 600).bytes }
      }
      for try await bytes in group { #expect(bytes == Station.file) }
    }
    #expect(await station.server.transferCount == 0)
  }

  @Test(arguments: [1, 3])
  func `a port that somebody has is not shared with them`(workers: Int) async throws {
    let first = try await Station(workers: workers)
    let loop = first.loop
    await #expect(throws: SocketError.self) {
      _ = try await Station(workers: workers) { $0.port = first.endpoints[0].port }
    }
    _ = loop
  }

  @Test(arguments: [1, 2])
  func `with a single port everything comes from the port that was asked`(
    workers: Int
  ) async throws {
    let station = try await Station(workers: workers) { $0.singlePort = true }
    let asked = asked
    try await withThrowingTaskGroup(of: UInt16.self) { group in
      for _ in 0..<16 {
        group.addTask {
          let (bytes, port) = try await fetch(station, asked, window: 3, blockSize: 600)
          #expect(bytes == Station.file)
          return port
        }
      }
      for try await port in group { #expect(port == station.endpoints[0].port) }
    }
  }

  @Test func `with a single port a stranger's packet is ignored, and the same client goes on`()
    async throws
  {
    let station = try await Station { $0.singlePort = true }
    let client = try Client(station)
    let stranger = try Client(station)
    client.ask("file", asked, station.endpoints[0])
    let transfer = try await client.next().from
    stranger.send(.acknowledgment(block: 0), to: transfer)
    let event = await station.event { $0 == .ignored(.notARequest) }
    #expect(event?.client.port == stranger.socket.local.port)
    let bytes = try await client.fetch(from: transfer, blockSize: 600, window: 3)
    #expect(bytes == Station.file)
    // The same port asks again, now without options.
    client.ask("file", [], station.endpoints[0])
    guard case .data(1, let payload) = try await client.next().packet else {
      Issue.record("no DATA 1")
      return
    }
    #expect(Array(payload) == Array(Station.file.prefix(512)))
  }

  @Test func `transfers keep to a range of ports, which are used again`() async throws {
    let range: ClosedRange<UInt16> = 43_300...43_303
    let station = try await Station { $0.ports = range }
    for _ in 0..<10 {
      let (bytes, port) = try await fetch(station, asked, window: 3, blockSize: 600)
      #expect(bytes == Station.file)
      #expect(range.contains(port))
    }
  }

  @Test func `a range full of clients that never answer makes place for the next`() async throws {
    let station = try await Station { $0.ports = 24_310...24_311 }
    for _ in 0..<6 {
      let silent = try Client(station)
      silent.ask("file", asked, station.endpoints[0])
      _ = try await silent.next()
    }
    #expect(await station.server.transferCount == 2)
    #expect(
      try await fetch(station, asked, window: 3, blockSize: 600).bytes == Station.file)
  }

  @Test func `places come and go while transfers go on`() async throws {
    let station = try await Station()
    let client = try Client(station)
    client.ask("file", asked, station.endpoints[0])
    let transfer = try await client.next().from
    await station.server.update([])
    #expect(
      try await client.fetch(from: transfer, blockSize: 600, window: 3) == Station.file)
    await station.server.update([.init(interface: nil, address: .loopback)])
    let again = try await station.server.listen()
    client.ask("file", asked, again[0])
    let second = try await client.next().from
    #expect(try await client.fetch(from: second, blockSize: 600, window: 3) == Station.file)
  }

  // MARK: Large files

  /// 1.5 MB of a file below a folder of its own.
  private func withLargeFile(
    _ body: (_ directory: TFTPDirectory, _ path: String, _ bytes: [UInt8]) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "tftp-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bytes = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 13 ^ $0 >> 9) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/file"))
    try await body(TFTPDirectory(root: folder), folder + "/file", bytes)
  }

  @Test func `a large file is read while it goes out`() async throws {
    try await withLargeFile { directory, _, bytes in
      let station = try await Station(files: { directory.file(named: $0.name) })
      let options = [TFTPOption("blksize", "1400"), TFTPOption("windowsize", "16")]
      for _ in 0..<2 {
        let got = try await fetch(station, options, window: 16, blockSize: 1400).bytes
        #expect(got == bytes)
      }
    }
  }

  @Test func `a file that changes in the middle ends the transfer`() async throws {
    try await withLargeFile { directory, path, bytes in
      let station = try await Station(files: { directory.file(named: $0.name) })
      let client = try Client(station)
      client.ask("file", [TFTPOption("blksize", "1400")], station.endpoints[0])
      let transfer = try await client.next().from
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      try handle.truncate(atOffset: 100)
      try handle.close()
      client.send(.acknowledgment(block: 0), to: transfer)
      #expect(
        try await client.next().packet
          == .error(code: .notDefined, message: "The file was changed"))
      let event = await station.event { if case .failed = $0 { true } else { false } }
      guard case .failed(.fileChanged, _)? = event?.kind else {
        Issue.record("\(String(describing: event))")
        return
      }
    }
  }
}
