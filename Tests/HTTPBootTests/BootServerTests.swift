/// Tests of HTTPBoot: what firmware insists on, byte by byte over a raw socket.

import Foundation
import Testing

@testable import HTTPBoot

@Suite struct BootServerTests {
  // MARK: iPXE

  /// `GET` on a kept connection, one file after the other; a digits-only length and no chunks.
  @Test func ipxeFetchesScriptKernelAndInitrdOnOneConnection() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      let agent = ["User-Agent: iPXE/1.21.1", "Connection: keep-alive"]
      try connection.request("GET", "/pxe/525400aa0001", agent)
      let script = try connection.answer()
      #expect(script.lines[0] == "HTTP/1.1 200 OK")
      #expect(script.body.starts(with: "#!ipxe\n".utf8))
      for _ in 0..<3 {
        try connection.request("GET", "/images/debian/vmlinuz", agent)
        let answer = try connection.answer()
        #expect(answer.status == 200)
        #expect(answer.value("Content-Length") == "300000")
        #expect(answer.value("Transfer-Encoding") == nil)
        #expect(answer.value("Content-Encoding") == nil)
        #expect(answer.body == server.kernel)
      }
    }
  }

  /// `sanboot http://`: HEAD for the capacity, then ranges of whole sectors, up to 64 KiB.
  @Test func sanbootReadsADiskByRanges() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      try connection.request("HEAD", "/images/debian/vmlinuz")
      let size = try connection.head().value("Content-Length").flatMap { Int($0) }
      #expect(size == 300_000)
      for range in [0..<512, 512..<66048, 65536..<131072, 131072..<196608, 299_520..<300_000] {
        try connection.request(
          "GET", "/images/debian/vmlinuz",
          ["Range: bytes=\(range.lowerBound)-\(range.upperBound - 1)"])
        let answer = try connection.answer()
        #expect(answer.status == 206)
        #expect(
          answer.value("Content-Range")
            == "bytes \(range.lowerBound)-\(range.upperBound - 1)/300000")
        #expect(answer.body == Array(server.kernel[range]))
      }
      // They are told of as one.
      #expect(server.waitsBriefly { $0.contains { if case .started = $0 { true } else { false } } })
      let started = server.told.filter { if case .started = $0 { true } else { false } }
      #expect(started.count == 1)
    }
  }

  /// Each request is answered inside the end of the answer before it.
  @Test func aBurstOfThousandsOfRequestsIsAnswered() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      let count = 4000
      let head = "HEAD /images/debian/vmlinuz HTTP/1.1\r\nHost: f\r\n\r\n"
      try connection.send(
        "GET /pxe/chain.pxe HTTP/1.1\r\nHost: f\r\n\r\n"
          + String(repeating: head, count: count))
      #expect(try connection.answer().status == 200)
      for _ in 0..<count { #expect(try connection.head().status == 200) }
    }
  }

  /// As `nc -N` and other simple clients do.
  @Test func whoSendsNothingMoreStillGetsTheAnswer() async throws {
    try await BootTestServer.with { server in
      for path in ["/pxe/525400aa0001", "/images/debian/vmlinuz"] {
        let connection = try RawConnection(port: server.port)
        try connection.send("GET \(path) HTTP/1.1\r\nHost: f\r\n\r\n")
        connection.endSending()
        let answer = try connection.answer()
        #expect(answer.status == 200 && !answer.body.isEmpty)
      }
    }
  }

  @Test func aRefusalHasABodyAndKeepsTheConnection() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      for (path, status) in [("/pxe/zz", 400), ("/images/none", 404), ("/boot/x64/none", 404)] {
        try connection.request("GET", path)
        let answer = try connection.answer()
        #expect(answer.status == status && !answer.body.isEmpty, "\(path)")
      }
      try connection.request("GET", "/images/boot.efi", ["Range: bytes=3-"])
      let answer = try connection.answer()
      #expect(answer.status == 416 && !answer.body.isEmpty)
      #expect(answer.value("Content-Range") == "bytes */3")
    }
  }

  // MARK: EDK2

  /// HEAD, then GET on the same connection; the type exactly, the length in both, no redirect.
  @Test func edk2AsksForTheHeadFirst() async throws {
    try await BootTestServer.with { server in
      for path in ["/images/boot.efi", "/boot/x64/snponly.efi"] {
        let connection = try RawConnection(port: server.port)
        let agent = ["Accept: */*", "User-Agent: UefiHttpBoot/1.0"]
        for method in ["HEAD", "GET"] {
          try connection.request(method, path, agent)
          var answer = try connection.head()
          #expect(answer.status == 200, "\(path)")
          #expect(answer.value("Content-Type") == "application/efi")
          #expect(answer.value("Content-Length") == "3")
          if method == "GET" { answer.body = try connection.exactly(3) }
          #expect(answer.body == (method == "GET" ? [1, 2, 3] : []))
        }
      }
    }
  }

  /// It resumes a broken download so, and must not glue two files together.
  @Test func aResumedDownloadIsOfTheSameFile() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      let path = "/images/debian/vmlinuz"
      try connection.request("HEAD", path)
      let head = try connection.head()
      let tag = try #require(head.value("ETag"))
      let date = try #require(head.value("Last-Modified"))
      #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
      for (condition, status) in [
        ("If-Match: \(tag)", 206), ("If-Match: \"x\"", 412), ("If-Unmodified-Since: \(date)", 206),
        ("If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 412), ("If-Range: \(tag)", 206),
        ("If-Range: \(date)", 206), ("If-Range: \"x\"", 200), ("If-None-Match: \(tag)", 304),
        ("If-Modified-Since: \(date)", 304),
      ] {
        try connection.request("GET", path, ["Range: bytes=299990-", condition])
        let answer = try connection.answer()
        #expect(answer.status == status, "\(condition)")
        if status == 206 { #expect(answer.body == Array(server.kernel[299_990...])) }
      }
    }
  }

  // MARK: Frames

  @Test func severalRangesComeInParts() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      try connection.request(
        "GET", "/images/debian/vmlinuz", ["Range: bytes=0-1,1000-80000,299999-"])
      let answer = try connection.answer()
      #expect(answer.status == 206)
      let type = try #require(answer.value("Content-Type"))
      let boundary = try #require(type.components(separatedBy: "boundary=").last)
      var expected: [UInt8] = []
      for range in [0..<2, 1000..<80001, 299_999..<300_000] {
        expected += Array(
          ("\r\n--\(boundary)\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes "
            + "\(range.lowerBound)-\(range.upperBound - 1)/300000\r\n\r\n").utf8)
        expected += server.kernel[range]
      }
      #expect(answer.body == expected + Array("\r\n--\(boundary)--\r\n".utf8))
    }
  }

  @Test func headOfAScriptClaimsNothingAndHasNoBody() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      for path in ["/pxe/525400aa0001", "/grub/525400aa0001", "/boot/x64/grub.cfg"] {
        try connection.request("HEAD", path)
        let head = try connection.head()
        #expect(head.status == 200, "\(path)")
        #expect(head.value("Transfer-Encoding") == nil)
      }
      #expect(server.claims == 0)
      // Not a byte came between.
      try connection.request("GET", "/pxe/525400aa0001")
      #expect(try connection.answer().status == 200)
      #expect(server.claims == 1)
    }
  }

  @Test func oldClientsReadToTheEndOfTheConnection() async throws {
    try await BootTestServer.with { server in
      for (path, body) in [
        ("/images/debian/vmlinuz", server.kernel), ("/unknown-length", Array("some text".utf8)),
      ] {
        let connection = try RawConnection(port: server.port)
        try connection.send("GET \(path) HTTP/1.0\r\n\r\n")
        let head = try connection.head()
        #expect(head.value("Connection") == "close")
        #expect(head.value("Transfer-Encoding") == nil)
        #expect(try connection.toEnd() == body)
      }
    }
  }

  @Test func oldClientsMayKeepTheConnection() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      for path in ["/images/boot.efi", "/images/", "/pxe/525400aa0001"] {
        try connection.send("GET \(path) HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let answer = try connection.answer()
        #expect(answer.status == 200)
        #expect(answer.value("Connection")?.lowercased() == "keep-alive", "\(path)")
      }
    }
  }

  @Test(arguments: ["/images/boot.efi", "/images/", "/pxe/525400aa0001", "/unknown-length"])
  func whoWantsToCloseIsTakenAtItsWord(_ path: String) async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      try connection.request("GET", path, ["Connection: Close"])
      #expect(try connection.head().value("Connection") == "close")
      _ = try connection.toEnd()
    }
  }

  @Test func requestsSentAheadAreAnsweredInTheirOrder() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      let paths = ["/images/debian/vmlinuz", "/images/", "/pxe/525400aa0001", "/images/boot.efi"]
      try connection.send(
        paths.map { "GET \($0) HTTP/1.1\r\nHost: fino\r\n\r\n" }.joined()
          + "POST /echo HTTP/1.1\r\nHost: fino\r\nContent-Length: 2\r\n\r\nhi"
          + "GET /images/boot.efi HTTP/1.1\r\nHost: fino\r\n\r\n")
      #expect(try connection.answer().body == server.kernel)
      #expect(try connection.answer().value("Content-Type") == "text/html; charset=utf-8")
      #expect(try connection.answer().body.starts(with: "#!ipxe".utf8))
      #expect(try connection.answer().body == [1, 2, 3])
      #expect(try connection.answer().body == Array("hi".utf8))
      #expect(try connection.answer().body == [1, 2, 3])
    }
  }

  @Test func whatIsNoHTTPIsRefused() async throws {
    try await BootTestServer.with { server in
      let connection = try RawConnection(port: server.port)
      try connection.send("\u{16}\u{3}\u{1}\r\n\r\n")
      #expect(try connection.head().status == 400)
    }
  }
}
