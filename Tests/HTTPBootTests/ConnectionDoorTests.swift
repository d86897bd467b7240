/// Tests of HTTPBoot: limits of connections, over raw sockets.

import Foundation
import Testing

@testable import HTTPBoot

@Suite struct ConnectionDoorTests {
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
    let limits = Self.limits { $0.idleTime = .milliseconds(300) }
    try await BootTestServer.with(limits) { server in
      let (silent, asking) = (
        try RawConnection(port: server.port), try RawConnection(port: server.port)
      )
      for _ in 0..<4 {
        try asking.request("GET", "/images/boot.efi")
        #expect(try asking.answer().body == [1, 2, 3])
        Thread.sleep(forTimeInterval: 0.15)
      }
      #expect(try silent.isAtEnd)
      #expect(try asking.isAtEnd)
    }
  }

  @Test func aSlowDownloadIsNotIdle() async throws {
    let limits = Self.limits { $0.idleTime = .milliseconds(200) }
    try await BootTestServer.with(limits) { server in
      let path = server.root + "/initrd"
      try Data(repeating: 7, count: 24 << 20).write(to: URL(filePath: path))
      let connection = try RawConnection(port: server.port, receiveBuffer: 16 << 10)
      try connection.request("GET", "/images/initrd")
      _ = try connection.head()
      Thread.sleep(forTimeInterval: 0.8)
      #expect(try connection.exactly(24 << 20).count == 24 << 20)
    }
  }

  @Test func oneAddressMayNotHaveAllConnections() async throws {
    let limits = Self.limits { $0.connectionsPerAddress = 3 }
    try await BootTestServer.with(limits) { server in
      var held = try (0..<3).map { _ in try RawConnection(port: server.port, source: "127.0.0.9") }
      for connection in held {
        try connection.request("GET", "/images/boot.efi")
        #expect(try connection.answer().status == 200)
      }
      let tooMany = try RawConnection(port: server.port, source: "127.0.0.9")
      try tooMany.request("GET", "/images/boot.efi")
      let refusal = try tooMany.answer()
      #expect(refusal.status == 503 && !refusal.body.isEmpty)
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
}
