/// Tests of HTTPBoot: the server over a real connection.

import Foundation
import Hummingbird
import HummingbirdTesting
import Images
import Synchronization
import Testing
import Wire

@testable import HTTPBoot

@Suite struct BootRoutesTests {
  private final class Recorder: Sendable {
    private let list = Mutex<[ImageEvent]>([])
    var events: [ImageEvent] { list.withLock { $0 } }
    func add(_ event: ImageEvent) { list.withLock { $0.append(event) } }
  }

  private struct Storage: Error, CustomStringConvertible {
    var description: String { "the disk is full" }
  }

  private func withServer(
    script: @escaping @Sendable (ScriptRequest) async throws -> IPXEScript = { _ in .localDisk },
    machine: MACAddress? = nil,
    _ body: @escaping @Sendable (any TestClientProtocol, Recorder, Data) async throws -> Void
  ) async throws {
    let root = NSTemporaryDirectory() + "fino-http-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: root + "/debian", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let kernel = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
    try kernel.write(to: URL(filePath: root + "/debian/vmlinuz"))
    try Data([4, 5, 6, 7]).write(to: URL(filePath: root + "/own boot.efi"))
    let (recorder, library) = (Recorder(), ImageLibrary(root: root))
    let router = Router(context: BootRequestContext.self)
    let source = BootSource(
      script: script,
      loader: { name in
        if name == "snponly.efi" { return .bytes([1, 2, 3]) }
        guard name == "own boot.efi" || name == "debian/vmlinuz",
          case .file(let file) = library.item(at: name)
        else { return nil }
        return .file(file)
      },
      machine: { $0 == .loopback ? machine : nil },
      images: library, report: { recorder.add($0) })
    BootRoutes(source).add(to: router)
    let application = Application(
      router: router, server: BootServer.http1(source),
      configuration: .init(address: .hostname("127.0.0.1", port: 0)))
    try await application.test(.live) { client in try await body(client, recorder, kernel) }
  }

  @Test func aScriptIsForTheMachineInAnySpelling() async throws {
    let script: @Sendable (ScriptRequest) -> IPXEScript = { request in
      #expect(request.mac == MACAddress(value: 0x5254_00aa_0001))
      #expect(request.client == .loopback)
      return .install(InstallPlan(root: request.root, location: "debian", kernelOptions: "a=b"))
    }
    try await withServer(script: script) { client, _, _ in
      for spelling in ["52-54-00-AA-00-01", "52%3A54%3A00%3aaa%3A00%3A01", "5254.00aa.0001"] {
        try await client.execute(uri: "/pxe/\(spelling)", method: .get) { response in
          #expect(response.status == .ok)
          #expect(String(buffer: response.body).contains("/images/debian/vmlinuz a=b"))
        }
      }
    }
  }

  @Test func whatIsNoMACIsRefusedWithASentence() async throws {
    try await withServer { client, _, _ in
      try await client.execute(uri: "/pxe/zz", method: .get) { response in
        #expect(response.status == .badRequest)
        #expect(
          String(buffer: response.body) == "«zz» is not a MAC address (12 hexadecimal digits)\n")
      }
    }
  }

  @Test func aStoreThatFailsMakesTheMachineWait() async throws {
    let script: @Sendable (ScriptRequest) throws -> IPXEScript = { _ in throw Storage() }
    try await withServer(script: script) { client, _, _ in
      try await client.execute(uri: "/pxe/525400aa0001", method: .get) { response in
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.retryAfter] == "5")
        #expect(response.body.readableBytes > 0, "iPXE hangs on an empty body")
      }
    }
  }

  @Test func loadersHaveTheTypeThatEDK2Compares() async throws {
    try await withServer { client, _, _ in
      for method in [HTTPRequest.Method.get, .head] {
        try await client.execute(uri: "/boot/x64/snponly.efi", method: method) { response in
          #expect(response.status == .ok)
          #expect(response.headers[.contentType] == "application/efi")
          #expect(response.headers[.contentLength] == "3")
        }
      }
      try await client.execute(uri: "/boot/x64/none.efi", method: .get) { response in
        #expect(response.status == .notFound)
      }
    }
  }

  @Test func anOperatorsLoaderIsSentAsImagesAre() async throws {
    try await withServer { client, recorder, kernel in
      try await client.execute(uri: "/boot/x64/own%20boot.efi", method: .get) { response in
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/efi")
        #expect(response.headers[.contentLength] == "4")
        #expect(Array(response.body.readableBytesView) == [4, 5, 6, 7])
      }
      try await client.execute(uri: "/boot/x64/own%20boot.efi", method: .head) { response in
        #expect(response.headers[.contentType] == "application/efi")
        #expect(response.headers[.contentLength] == "4")
        #expect(response.body.readableBytes == 0)
      }
      try await client.execute(
        uri: "/boot/x64/debian/vmlinuz", method: .get, headers: [.range: "bytes=1-2"]
      ) { response in
        #expect(response.status == .partialContent)
        #expect(Data(response.body.readableBytesView) == kernel[1..<3])
      }
      guard case .started(let transfer) = recorder.events.first else {
        Issue.record("\(recorder.events)")
        return
      }
      #expect(transfer.path == "boot/x64/own%20boot.efi")
    }
  }

  @Test func besideEveryLoaderStandsAScriptForTheMachineThatAsks() async throws {
    try await withServer(machine: MACAddress(value: 0x5254_00aa_0001)) { client, _, _ in
      for path in ["/boot/x64/autoexec.ipxe", "/boot/arm64/some/where/autoexec.ipxe"] {
        let length = try await client.execute(uri: path, method: .get) { response in
          #expect(String(buffer: response.body).hasSuffix("/pxe/525400aa0001\n"))
          return response.headers[.contentLength]
        }
        try await client.execute(uri: path, method: .head) { response in
          #expect(response.status == .ok)
          #expect(response.headers[.contentLength] == length)
          #expect(response.body.readableBytes == 0)
        }
      }
    }
    try await withServer { client, _, _ in
      try await client.execute(uri: "/boot/x64/autoexec.ipxe", method: .get) { response in
        #expect(String(buffer: response.body).hasSuffix("/pxe/${netX/mac:hex}\n"))
      }
    }
  }

  @Test func gRUBGetsTheDecisionInItsOwnLanguage() async throws {
    let script: @Sendable (ScriptRequest) -> IPXEScript = { request in
      #expect(request.mac == MACAddress(value: 0x5254_00aa_0001))
      return .install(InstallPlan(root: request.root, location: "debian", kernelOptions: "a=b"))
    }
    let paths = [
      "/grub/grub.cfg", "/grub/525400aa0001", "/grub/grub.cfg-01-52-54-00-aa-00-01",
      "/grub/grub.cfg-52:54:00:aa:00:01", "/boot/x64/grub/grub.cfg", "/boot/x64/grub.cfg",
    ]
    try await withServer(script: script, machine: MACAddress(value: 0x5254_00aa_0001)) {
      client, _, _ in
      for path in paths {
        try await client.execute(uri: path, method: .get) { response in
          #expect(response.status == .ok, "\(path)")
          #expect(String(buffer: response.body).contains("if linux \"$fino_kernel\" 'a=b'; then"))
        }
      }
      try await client.execute(uri: "/boot/x64/grub/grub.cfg", method: .head) { response in
        #expect(response.status == .ok)
        #expect(response.headers[.contentLength] == nil, "HEAD claims no job")
        #expect(response.body.readableBytes == 0)
      }
    }
    try await withServer { client, _, _ in
      for path in ["/grub/x86_64-efi/command.lst", "/grub/zz", "/grub/grub.cfg-0A000032", "/grub/"]
      {
        try await client.execute(uri: path, method: .get) { response in
          #expect(response.status == .notFound, "\(path)")
        }
      }
      try await client.execute(uri: "/grub/grub.cfg", method: .get) { response in
        #expect(String(buffer: response.body).contains("/grub/grub.cfg-$net_default_mac\""))
      }
    }
  }

  @Test func anImageArrivesWholeAndIsReportedSo() async throws {
    try await withServer { client, recorder, kernel in
      try await client.execute(uri: "/images/debian/vmlinuz", method: .get) { response in
        #expect(response.status == .ok)
        #expect(Data(response.body.readableBytesView) == kernel)
        #expect(response.headers[.acceptRanges] == "bytes")
        #expect(response.headers[.cacheControl]?.contains("604800") == true)
      }
      // The next request on the connection is read after the report of the one before.
      try await client.execute(uri: "/images/", method: .get) { response in
        #expect(String(buffer: response.body).contains("<a href=\"debian/\">debian/</a>"))
      }
      let transfer = ImageTransfer(
        path: "debian/vmlinuz", client: .loopback, size: kernel.count, range: 0..<kernel.count)
      #expect(recorder.events.first == .started(transfer))
      guard case .delivered(transfer, _)? = recorder.events.last else {
        Issue.record("\(recorder.events)")
        return
      }
    }
  }

  @Test func headersRangesAndConditions() async throws {
    try await withServer { client, recorder, kernel in
      let tag = try await client.execute(uri: "/images/debian/vmlinuz", method: .head) { response in
        #expect(response.status == .ok)
        #expect(response.headers[.contentLength] == "300000")
        #expect(response.body.readableBytes == 0)
        return response.headers[.eTag] ?? ""
      }
      try await client.execute(
        uri: "/images/debian/vmlinuz", method: .get, headers: [.range: "bytes=100-199"]
      ) { response in
        #expect(response.status == .partialContent)
        #expect(response.headers[.contentRange] == "bytes 100-199/300000")
        #expect(Data(response.body.readableBytesView) == kernel[100..<200])
      }
      try await client.execute(
        uri: "/images/debian/vmlinuz", method: .get, headers: [.range: "bytes=300000-"]
      ) { response in
        #expect(response.status == .rangeNotSatisfiable)
        #expect(response.headers[.contentRange] == "bytes */300000")
      }
      try await client.execute(
        uri: "/images/debian/vmlinuz", method: .get, headers: [.ifNoneMatch: tag]
      ) { response in
        #expect(response.status == .notModified)
        #expect(response.body.readableBytes == 0)
      }
      // EDK2 resumes a download so; it must not glue two files together.
      for (match, status) in [
        (tag, HTTPResponse.Status.partialContent), ("\"x\"", .preconditionFailed),
      ] {
        try await client.execute(
          uri: "/images/debian/vmlinuz", method: .get,
          headers: [.range: "bytes=100-199", .ifMatch: match]
        ) { #expect($0.status == status) }
      }
      #expect(!recorder.events.contains { if case .broken = $0 { true } else { false } })
    }
  }

  @Test(arguments: [
    "/images/../secret", "/images/%2e%2e/secret", "/images/debian/%00", "/images/none/vmlinuz",
    "/images//etc/passwd", "/images/%ff",
  ])
  func nothingOutsideIsReachable(_ path: String) async throws {
    try await withServer { client, _, _ in
      try await client.execute(uri: path, method: .get) { response in
        #expect(response.status == .notFound, "\(path)")
      }
    }
  }
}
