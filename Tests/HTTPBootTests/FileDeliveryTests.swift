/// Tests of HTTPBoot: files that change while they are sent, and machines that go away.

import Foundation
import Testing

@testable import HTTPBoot

@Suite(.serialized) struct FileDeliveryTests {
  /// More than the kernel takes at once.
  private static let size = 48 << 20

  private static func write(_ byte: UInt8, _ count: Int, to path: String) throws {
    try Data(repeating: byte, count: count).write(to: URL(filePath: path))
  }

  @Test func aFileThatIsReplacedMeanwhileIsSentToItsOldEnd() async throws {
    try await BootTestServer.with { server in
      let path = server.root + "/initrd"
      try Self.write(1, Self.size, to: path)
      let connection = try RawConnection(port: server.port, receiveBuffer: 64 << 10)
      try connection.request("GET", "/images/initrd")
      let old = try connection.head()
      var bytes = try connection.exactly(1 << 20)
      try Self.write(2, Self.size + 5, to: path + ".new")
      #expect(rename(path + ".new", path) == 0)
      bytes += try connection.exactly(Self.size - bytes.count)
      #expect(bytes.count == Self.size && bytes.allSatisfy { $0 == 1 })
      // The next request on the connection gets the new one.
      try connection.request("GET", "/images/initrd", ["Range: bytes=-3"])
      let new = try connection.answer()
      #expect(new.body == [2, 2, 2])
      let size = Self.size + 5
      #expect(new.value("Content-Range") == "bytes \(size - 3)-\(size - 1)/\(size)")
      #expect(new.value("ETag") != old.value("ETag"))
    }
  }

  @Test func aFileThatIsCutMeanwhileEndsTheConnection() async throws {
    try await BootTestServer.withAsync { server in
      try await RawConnection.run {
        let path = server.root + "/initrd"
        try Self.write(1, Self.size, to: path)
        let connection = try RawConnection(port: server.port, receiveBuffer: 64 << 10)
        try connection.request("GET", "/images/initrd")
        _ = try connection.head()
        #expect(truncate(path, 20 << 20) == 0)
        let bytes = try connection.toEnd()
        #expect(bytes.count < Self.size && bytes.allSatisfy { $0 == 1 })
      }
      #expect(
        try await server.waits {
          if case .broken(_, let reason)? = $0.last {
            reason.hasPrefix("the file was cut")
          } else {
            false
          }
        })
    }
  }

  @Test func whatWasOnlySentIsNotDelivered() async throws {
    try await BootTestServer.withAsync { server in
      try await RawConnection.run {
        // Few enough bytes for our kernel to take them all; the machine takes none and goes.
        try Self.write(1, 100_000, to: server.root + "/initrd")
        let connection = try RawConnection(port: server.port, receiveBuffer: 4 << 10)
        try connection.request("GET", "/images/initrd")
        #expect(server.waitsBriefly { !$0.isEmpty })
        Thread.sleep(forTimeInterval: 0.3)
        #expect(server.told.count == 1, "the kernel has all of it, the machine has not")
      }
      #expect(
        try await server.waits { if case .broken? = $0.last { true } else { false } })
      #expect(!server.told.contains { if case .delivered = $0 { true } else { false } })
    }
  }

  @Test func whatTheMachineHasIsDeliveredThoughItAsksForNothingMore() async throws {
    try await BootTestServer.withAsync { server in
      let connection = try await RawConnection.run {
        let connection = try RawConnection(port: server.port)
        try connection.request("GET", "/images/debian/vmlinuz")
        #expect(try connection.answer().body == server.kernel)
        return connection
      }
      #expect(
        try await server.waits { if case .delivered? = $0.last { true } else { false } })
      withExtendedLifetime(connection) {}
    }
  }

  @Test func whoLeavesAtOnceWithAllOfItHasIt() async throws {
    try await BootTestServer.withAsync { server in
      try await RawConnection.run {
        let connection = try RawConnection(port: server.port)
        try connection.request("GET", "/images/debian/vmlinuz", ["Connection: close"])
        _ = try connection.head()
        #expect(try connection.toEnd() == server.kernel)
      }
      #expect(
        try await server.waits { if case .delivered? = $0.last { true } else { false } })
    }
  }

  // MARK: The end of the appliance

  /// A stop lets an image go out, tells that it has, and closes the connection then.
  @Test(arguments: [[], ["Connection: close"]])
  func aStopWaitsForAnImageAndForNothingElse(_ headers: [String]) async throws {
    let (results, result) = AsyncThrowingStream.makeStream(of: Int.self)
    let (servers, share) = AsyncStream.makeStream(of: BootTestServer.self)
    try await BootTestServer.withAsync { server in
      share.yield(server)
      let connection = try await RawConnection.run {
        try Self.write(1, Self.size, to: server.root + "/initrd")
        let connection = try RawConnection(port: server.port, receiveBuffer: 64 << 10)
        try connection.request("GET", "/images/initrd", headers)
        _ = try connection.head()
        return connection
      }
      // The server is stopped when this closure ends.
      Thread {
        do {
          while (try? RawConnection(port: server.port)) != nil { usleep(20_000) }
          let bytes = try connection.exactly(Self.size)
          guard try connection.isAtEnd else { throw RawConnection.Failure(what: "more came") }
          result.yield(bytes.count)
          result.finish()
        } catch {
          result.finish(throwing: error)
        }
      }.start()
    }
    for try await count in results { #expect(count == Self.size) }
    for await server in servers {
      #expect(server.told.last.map { if case .delivered = $0 { true } else { false } } ?? false)
      break
    }
  }
}
