/// Tests of HTTPBoot: a server on loopback, with a folder of images of its own.

import Foundation
import Hummingbird
import HummingbirdTesting
import Images
import Synchronization
import Wire

@testable import HTTPBoot

struct BootTestServer: Sendable {
  var root: String
  var port: Int
  var kernel: [UInt8]
  private let events = EventList()

  private final class EventList: Sendable {
    let list = Mutex<[ImageEvent]>([])
    let claims = Mutex(0)
  }

  var told: [ImageEvent] { events.list.withLock { $0 } }

  /// How often a script was asked for in earnest.
  var claims: Int { events.claims.withLock { $0 } }

  /// Waits until an event is told; there is no other sign of it outside.
  func waits(until isTold: @escaping ([ImageEvent]) -> Bool) async throws -> Bool {
    for _ in 0..<1000 {
      if isTold(told) { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  /// The same for a body that has a thread of its own.
  func waitsBriefly(until isTold: ([ImageEvent]) -> Bool) -> Bool {
    for _ in 0..<1000 {
      if isTold(told) { return true }
      usleep(10_000)
    }
    return false
  }

  /// `body` runs on a thread of its own.
  static func with(
    _ limits: HTTPLimits = HTTPLimits(),
    _ body: @escaping @Sendable (BootTestServer) throws -> Void
  ) async throws {
    try await withAsync(limits) { server in try await RawConnection.run { try body(server) } }
  }

  static func withAsync(
    _ limits: HTTPLimits = HTTPLimits(),
    _ body: @escaping @Sendable (BootTestServer) async throws -> Void
  ) async throws {
    let root = NSTemporaryDirectory() + "fino-raw-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: root + "/debian", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let kernel = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    try Data(kernel).write(to: URL(filePath: root + "/debian/vmlinuz"))
    try Data([1, 2, 3]).write(to: URL(filePath: root + "/boot.efi"))
    let server = BootTestServer(root: root, port: 0, kernel: kernel)
    let events = server.events
    let source = BootSource(
      script: { _ in
        events.claims.withLock { $0 += 1 }
        return .localDisk
      },
      loader: { name in
        switch name {
        case "snponly.efi": .bytes([1, 2, 3])
        case "large.efi": .bytes([UInt8](repeating: 3, count: 12 << 20))
        default: nil
        }
      },
      images: ImageLibrary(root: root),
      report: { event in events.list.withLock { $0.append(event) } })
    let router = Router(context: BootRequestContext.self)
    BootRoutes(source).add(to: router)
    router.post("/echo") { request, context in
      Response(
        status: .ok,
        body: ResponseBody(
          byteBuffer: try await request.body.collect(upTo: 1 << 20)))
    }
    router.get("/unknown-length") { _, _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          try await writer.write(ByteBuffer(string: "some"))
          try await writer.write(ByteBuffer(string: " text"))
          try await writer.finish(nil)
        })
    }
    router.get("/endless") { _, _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          let piece = ByteBuffer(repeating: 5, count: 64 << 10)
          while true { try await writer.write(piece) }
        })
    }
    router.get("/pause") { _, _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          try await writer.write(ByteBuffer(string: "some"))
          try await Task.sleep(for: .seconds(2))
          try await writer.write(ByteBuffer(string: " text"))
          try await writer.finish(nil)
        })
    }
    let application = Application(
      router: router, server: BootServer.http1(source, limits: limits),
      configuration: .init(address: .hostname("127.0.0.1", port: 0)))
    try await application.test(.live) { [server] client in
      var server = server
      server.port = client.port ?? 0
      try await body(server)
    }
  }
}
