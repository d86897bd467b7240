/// Tests of Images: real HTTP on loopback.

import NIOCore
import NIOPosix
import Testing

@testable import Images

@Suite struct HTTPUpstreamTests {
  private static let file = MirrorFile(300_000).bytes

  private func images(stall: Duration = .seconds(60)) async throws -> RemoteImages {
    var limits = HTTPUpstream.Limits()
    limits.stall = StallLimit(stall)
    return try await RemoteImages(group: MultiThreadedEventLoopGroup.singleton, limits: limits)
  }

  private func trouble(_ request: RemoteImageRequest, stall: Duration = .seconds(60)) async throws
    -> RemoteImageError?
  {
    do {
      let image = try await images(stall: stall).open(request)
      return await image.broken().1
    } catch let error as RemoteImageError {
      return error
    }
  }

  @Test func aBodyComesWhole() async throws {
    let mirror = try await LoopbackMirror { _ in
      LoopbackMirror.whole(
        Self.file, "ETag: \"one\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT")
    }
    let image = try await images().open(
      RemoteImageRequest(url: mirror.url("dir/vmlinuz?a=b", credentials: "user:p%40ss@")))
    #expect(image.contentLength == 300_000)
    #expect(image.entityTag == "\"one\"")
    #expect(image.lastModified == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(try await image.bytes() == Self.file)
    let request = try #require(mirror.requests.first).lowercased()
    #expect(request.hasPrefix("get /dir/vmlinuz?a=b http/1.1\r\n"))
    #expect(request.contains("host: 127.0.0.1:\(mirror.port)\r\n"))
    #expect(request.contains("authorization: basic dxnlcjpwqhnz\r\n"))
    #expect(request.contains("accept-encoding: identity\r\n"))
    try await mirror.stop()
  }

  @Test func headAndRangePass() async throws {
    let mirror = try await LoopbackMirror { request in
      request.hasPrefix("HEAD")
        ? [.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")]
        : [
          .send(
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n"
              + "Content-Range: bytes 5-6/300000\r\n\r\n"), .sendBytes([1, 2]),
        ]
    }
    let images = try await images()
    let head = try await images.open(RemoteImageRequest(url: mirror.url("x"), head: true))
    #expect(head.contentLength == 300_000)
    #expect(try await head.bytes() == [])
    let part = try await images.open(
      RemoteImageRequest(
        url: mirror.url("x"), conditions: FileRequest(range: "bytes=5-6", ifRange: "\"one\"")))
    #expect(part.status == 206)
    #expect(part.contentRange == "bytes 5-6/300000")
    #expect(try await part.bytes() == [1, 2])
    let request = try #require(mirror.requests.last)
    #expect(request.contains("Range: bytes=5-6\r\n"))
    #expect(request.contains("If-Range: \"one\"\r\n"))
    try await mirror.stop()
  }

  @Test(arguments: ["Transfer-Encoding: chunked", "Connection: close"])
  func noLengthWorks(_ header: String) async throws {
    let mirror = try await LoopbackMirror { _ in
      let head = LoopbackMirror.Step.send("HTTP/1.1 200 OK\r\n\(header)\r\n\r\n")
      return header.contains("chunked")
        ? [head, .send("3\r\n"), .sendBytes([1, 2, 3]), .send("\r\n1\r\n\u{4}\r\n0\r\n\r\n")]
        : [head, .sendBytes([1, 2, 3]), .sendBytes([4]), .close]
    }
    let image = try await images().open(RemoteImageRequest(url: mirror.url("x")))
    #expect(image.contentLength == nil)
    #expect(try await image.bytes() == [1, 2, 3, 4])
    try await mirror.stop()
  }

  @Test(arguments: [
    ("404 Not Found", RemoteImageError.Kind.notFound), ("500 Oh", .upstream), ("403 No", .upstream),
  ])
  func statusesAreTold(_ status: String, _ kind: RemoteImageError.Kind) async throws {
    let mirror = try await LoopbackMirror { _ in LoopbackMirror.status(status) }
    let url = mirror.url("x", credentials: "user:secret@")
    let error = try #require(try await trouble(RemoteImageRequest(url: url)))
    #expect(error.kind == kind)
    #expect("\(error)".contains("«http://***@127.0.0.1:\(mirror.port)/x»"))
    try await mirror.stop()
  }

  @Test(arguments: ["Content-Length: 10", "Transfer-Encoding: chunked"])
  func anEarlyEndIsAnError(_ header: String) async throws {
    let mirror = try await LoopbackMirror { _ in
      [
        .send("HTTP/1.1 200 OK\r\n\(header)\r\n\r\n"),
        .send(header.contains("chunked") ? "3\r\nabc\r\n" : "abc"), .close,
      ]
    }
    #expect(try await trouble(RemoteImageRequest(url: mirror.url("x")))?.kind == .upstream)
    try await mirror.stop()
  }

  @Test func nonsenseIsAnError() async throws {
    let mirror = try await LoopbackMirror { _ in [.send("SSH-2.0-nonsense\r\n\r\n"), .close] }
    #expect(try await trouble(RemoteImageRequest(url: mirror.url("x")))?.kind == .upstream)
    try await mirror.stop()
  }

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"])
  func aSilentMirrorEnds(_ beginning: String) async throws {
    let mirror = try await LoopbackMirror { _ in [.send(beginning), .hang] }
    let error = try await trouble(
      RemoteImageRequest(url: mirror.url("x")), stall: .milliseconds(100))
    #expect(error?.kind == .upstream)
    #expect(error?.reason.hasPrefix("no byte came for") == true)
    try await mirror.stop()
  }

  @Test func nobodyThereIsAnError() async throws {
    let mirror = try await LoopbackMirror { _ in [] }
    try await mirror.stop()
    #expect(try await trouble(RemoteImageRequest(url: mirror.url("x")))?.kind == .upstream)
  }

  @Test func redirectsAreFollowedWithoutPasswordsForOthers() async throws {
    let other = try await LoopbackMirror { _ in LoopbackMirror.whole([1, 2, 3]) }
    let target = other.url("there")
    let mirror = try await LoopbackMirror { _ in
      LoopbackMirror.status("302 Found", "Location: \(target)")
    }
    let image = try await images().open(
      RemoteImageRequest(url: mirror.url("x", credentials: "user:secret@")))
    #expect(try await image.bytes() == [1, 2, 3])
    #expect(mirror.requests.first?.contains("Authorization") == true)
    #expect(other.requests.first?.contains("Authorization") == false)
    try await mirror.stop()
    try await other.stop()
  }

  @Test func theProxyIsAsked() async throws {
    let proxy = try await LoopbackMirror { _ in LoopbackMirror.whole([1, 2, 3]) }
    let image = try await images().open(
      RemoteImageRequest(
        url: "http://u:p@mirror.invalid:8080/a/vmlinuz?b=c",
        proxy: proxy.url("", credentials: "user:p%40ss@")))
    #expect(try await image.bytes() == [1, 2, 3])
    let request = try #require(proxy.requests.first)
    #expect(request.hasPrefix("GET http://mirror.invalid:8080/a/vmlinuz?b=c HTTP/1.1\r\n"))
    #expect(request.contains("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"))
    #expect(request.contains("Host: mirror.invalid:8080\r\n"))
    #expect(request.contains("\r\nAuthorization: Basic dTpw\r\n"))
    try await proxy.stop()
  }

  @Test func aTunnelIsMadeForHTTPS() async throws {
    let proxy = try await LoopbackMirror { _ in LoopbackMirror.status("403 Forbidden") }
    let error = try await trouble(
      RemoteImageRequest(
        url: "https://mirror.invalid/x", proxy: proxy.url("", credentials: "u:secret@")))
    #expect(error?.kind == .upstream)
    #expect(error?.reason.contains("secret") == false)
    #expect(error?.reason.contains("through the proxy http://***@127.0.0.1") == true)
    #expect(proxy.requests.first?.hasPrefix("CONNECT mirror.invalid:443") == true)
    try await proxy.stop()
  }

  @Test func manyProxiesAreNotKept() async throws {
    let proxy = try await LoopbackMirror { _ in LoopbackMirror.whole([1]) }
    let images = try await images()
    for number in 0..<40 {
      let image = try await images.open(
        RemoteImageRequest(
          url: "http://mirror.invalid/", proxy: "http://u\(number):p@127.0.0.1:\(proxy.port)"))
      #expect(try await image.bytes() == [1])
    }
    try await proxy.stop()
  }

  /// A reader that stops taking: the mirror can't get rid of 64 MiB.
  @Test func aSlowReaderHoldsTheMirrorBack() async throws {
    let size = 64 << 20
    let mirror = try await LoopbackMirror { _ in
      LoopbackMirror.whole([UInt8](repeating: 7, count: size))
    }
    let image = try await images().open(RemoteImageRequest(url: mirror.url("x")))
    var body = image.body.makeAsyncIterator()
    var taken = try await body.next()?.readableBytes ?? 0
    // The mirror goes on until the buffers of both kernels are full, and stands still then.
    var before = -1
    while mirror.written != before {
      before = mirror.written
      try await Task.sleep(for: .milliseconds(200))
    }
    #expect(mirror.written < size / 2)
    while let piece = try await body.next() { taken += piece.readableBytes }
    #expect(taken == size)
    try await mirror.stop()
  }

  @Test func oneRequestForManyOverRealHTTP() async throws {
    let folder = try TemporaryDirectory()
    let mirror = try await LoopbackMirror { _ in LoopbackMirror.whole(Self.file) }
    let images = try await RemoteImages(
      group: MultiThreadedEventLoopGroup.singleton,
      cache: ImageCache.Settings(directory: folder.path, size: 1 << 30))
    let url = mirror.url("vmlinuz")
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask {
          try await images.open(RemoteImageRequest(url: url)).bytes() == Self.file
        }
      }
      for try await same in group { #expect(same) }
    }
    #expect(mirror.requests.count == 1)
    await images.shutdown()
    try await mirror.stop()
  }
}
