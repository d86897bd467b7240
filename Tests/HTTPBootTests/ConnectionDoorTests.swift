/// Tests of HTTPBoot: limits of connections, over raw sockets.

import Foundation
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPBoot

@Suite(.serialized) struct ConnectionDoorTests {
  private static func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
    var limits = HTTPLimits()
    change(&limits)
    return limits
  }

  @Test func halfAHeaderIsRefusedInTime() async throws {
    let limits = Self.limits { $0.headerTime = .milliseconds(300) }
    try await BootTestServer.with(limits) { server in
      let connection = try RawConnection(port: server.port)
      try connection.send("GET /images/boot.efi HTTP/1.1\r\nHos")
      #expect(try connection.answer().status == 408)
      #expect(try connection.isAtEnd)
    }
  }

  @Test func headersWithoutAnEndAreRefused() async throws {
    let limits = Self.limits { $0.headerSize = 2000 }
    try await BootTestServer.with(limits) { server in
      for line in ["GET /" + String(repeating: "x", count: 3000), "GET / HTTP/1.1\r\nA: b"] {
        let connection = try RawConnection(port: server.port)
        try connection.send(line)
        if line.utf8.count < 3000 {
          for _ in 0..<60 { try? connection.send("\r\nX: " + String(repeating: "y", count: 40)) }
        }
        let status = try connection.head().status
        #expect(status == 431 || status == 400, "\(status)")
      }
    }
  }

  @Test func aConnectionThatForgotUsIsClosed() async throws {
    let limits = Self.limits { $0.idleTime = .seconds(1) }
    try await BootTestServer.with(limits) { server in
      let (silent, asking) = (
        try RawConnection(port: server.port), try RawConnection(port: server.port)
      )
      for _ in 0..<4 {
        try asking.request("GET", "/images/boot.efi")
        #expect(try asking.answer().body == [1, 2, 3])
        Thread.sleep(forTimeInterval: 0.4)
      }
      #expect(try silent.isAtEnd)
      #expect(try asking.isAtEnd)
    }
  }

  /// Its answers would fill the memory.
  @Test func whoeverTakesNoAnswersIsNotHeard() throws {
    let limits = HTTPLimits()
    let reads = ReadCount()
    let door = ConnectionDoor(limits, ConnectionCounts(limits), of: nil)
    let channel = EmbeddedChannel(handlers: [reads, door])
    try channel.connect(to: .init(ipAddress: "127.0.0.1", port: 1)).wait()
    channel.pipeline.read()
    let before = reads.count
    channel.isWritable = false
    channel.pipeline.fireChannelWritabilityChanged()
    channel.pipeline.read()
    channel.pipeline.read()
    #expect(reads.count == before)
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    #expect(reads.count == before + 1)
    channel.pipeline.fireChannelWritabilityChanged()
    #expect(reads.count == before + 1)
    _ = try? channel.finish()
  }

  private final class ReadCount: ChannelOutboundHandler {
    typealias OutboundIn = Any

    var count = 0

    func read(context: ChannelHandlerContext) {
      count += 1
      context.read()
    }
  }

  @Test func aSlowDownloadIsNotIdle() async throws {
    let limits = Self.limits { $0.idleTime = .seconds(1) }
    try await BootTestServer.with(limits) { server in
      let path = server.root + "/initrd"
      try Data(repeating: 7, count: 24 << 20).write(to: URL(filePath: path))
      let connection = try RawConnection(port: server.port, receiveBuffer: 16 << 10)
      try connection.request("GET", "/images/initrd")
      _ = try connection.head()
      Thread.sleep(forTimeInterval: 2)
      #expect(try connection.exactly(24 << 20).count == 24 << 20)
    }
  }

  /// The router hands over all of a boot program at once; the machine needs longer for it.
  @Test func aSlowMachineIsNotIdleWhileSomethingWaitsForIt() async throws {
    let limits = Self.limits { $0.idleTime = .seconds(1) }
    try await BootTestServer.with(limits) { server in
      let connection = try RawConnection(port: server.port, receiveBuffer: 16 << 10)
      try connection.request("GET", "/boot/x64/large.efi")
      _ = try connection.head()
      var count = 0
      for _ in 0..<15 {
        count += try connection.exactly(256 << 10).count
        Thread.sleep(forTimeInterval: 0.2)
      }
      count += try connection.exactly((12 << 20) - count).count
      #expect(count == 12 << 20)
    }
  }

  @Test func oneAddressMayNotHaveAllConnections() async throws {
    let limits = Self.limits { ($0.connectionsPerAddress, $0.exemptsLoopback) = (3, false) }
    try await BootTestServer.with(limits) { server in
      var held = try (0..<3).map { _ in try RawConnection(port: server.port, source: "127.0.0.9") }
      for connection in held {
        try connection.request("GET", "/images/boot.efi")
        #expect(try connection.answer().status == 200)
      }
      let tooMany = try RawConnection(port: server.port, source: "127.0.0.9")
      try tooMany.request("GET", "/images/boot.efi")
      let refusal = try tooMany.answer()
      #expect(refusal.status == 503)
      #expect(
        String(decoding: refusal.body, as: UTF8.self).contains(
          "from 127.0.0.9: http.connections-per-address allows 3"))
      #expect(refusal.value("Retry-After") == "5", "iPXE tries again by itself")
      let other = try RawConnection(port: server.port, source: "127.0.0.10")
      try other.request("GET", "/images/boot.efi")
      #expect(try other.answer().status == 200)
      held.removeAll()
      // The server learns of it a moment later.
      var status = 503
      for _ in 0..<100 where status == 503 {
        Thread.sleep(forTimeInterval: 0.05)
        let again = try RawConnection(port: server.port, source: "127.0.0.9")
        try again.request("GET", "/images/boot.efi")
        status = try again.answer().status
      }
      #expect(status == 200)
    }
  }

  // MARK: Peers that take nothing

  @Test(arguments: ["/endless", "/boot/x64/large.efi", "/images/initrd"])
  func whoTakesNothingOfAnAnswerIsLetGo(_ path: String) async throws {
    let limits = Self.limits { $0.stallTime = .milliseconds(500) }
    try await BootTestServer.withAsync(limits) { server in
      try await RawConnection.run {
        try Data(repeating: 7, count: 12 << 20).write(to: URL(filePath: server.root + "/initrd"))
        let connection = try RawConnection(port: server.port, receiveBuffer: 16 << 10)
        try connection.request("GET", path)
        _ = try connection.head()
        // Nothing is read meanwhile.
        #expect(try connection.isClosedByPeer())
        #expect(try connection.exactly(12 << 20).count < 12 << 20)
      }
    }
  }

  /// An answer that waits for its own source is no fault of the peer.
  @Test func whoHasAllThatThereIsMayWait() async throws {
    let limits = Self.limits { $0.stallTime = .milliseconds(500) }
    try await BootTestServer.with(limits) { server in
      let connection = try RawConnection(port: server.port)
      try connection.request("GET", "/pause", ["Connection: close"])
      _ = try connection.head()
      let text = String(decoding: try connection.toEnd(), as: UTF8.self)
      #expect(text.contains("some") && text.contains("text"))
    }
  }
}
