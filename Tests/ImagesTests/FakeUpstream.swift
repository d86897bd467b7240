/// Tests of Images: mirrors with personalities.

import Crypto
import NIOCore
import Synchronization

@testable import Images

/// Answers by a script and remembers what it was asked.
final class FakeUpstream: ImageUpstream {
  enum Step: Sendable {
    case bytes([UInt8])
    /// Nothing more until the test opens it.
    case wait(Gate)
    case breakOff
  }

  struct Answer: Sendable {
    var head: UpstreamHead
    var steps: [Step] = []
  }

  typealias Script =
    @Sendable (_ request: UpstreamRequest, _ number: Int) throws(RemoteImageError) -> Answer

  private let script: Script
  private let log = Mutex<[UpstreamRequest]>([])
  private let bodies = Mutex<[Weak]>([])

  private struct Weak: Sendable {
    weak var body: FakeBody?
  }

  init(_ script: @escaping Script) {
    self.script = script
  }

  /// Whatever file is asked for, as a good mirror gives it.
  convenience init(_ file: MirrorFile, pieces: Int = 4096) {
    self.init { request, _ in file.answer(request, pieces: pieces) }
  }

  var requests: [UpstreamRequest] { log.withLock { $0 } }
  /// Bodies that somebody still holds.
  var openBodies: Int { bodies.withLock { $0.count { $0.body != nil } } }

  func fetch(_ request: UpstreamRequest) async throws(RemoteImageError) -> UpstreamResponse {
    let number = log.withLock { log in
      log.append(request)
      return log.count
    }
    let answer = try script(request, number)
    let body = FakeBody(answer.steps, request.url)
    bodies.withLock { $0.append(Weak(body: body)) }
    return UpstreamResponse(head: answer.head, body: body)
  }
}

/// Plays the steps; counts what was taken.
actor FakeBody: ByteSource {
  private var steps: ArraySlice<FakeUpstream.Step>
  private let url: RemoteURL
  private(set) var taken = 0

  init(_ steps: [FakeUpstream.Step], _ url: RemoteURL) {
    self.steps = steps[...]
    self.url = url
  }

  func next() async throws -> ByteBuffer? {
    while let step = steps.popFirst() {
      switch step {
      case .bytes(let bytes):
        taken += bytes.count
        return ByteBuffer(bytes: bytes)
      case .wait(let gate):
        try await gate.pass()
      case .breakOff:
        throw RemoteImageError(.upstream, url, "the connection broke off")
      }
    }
    return nil
  }
}

/// Opened once, by the test.
final class Gate: Sendable {
  private let progress = DownloadProgress()

  func open() { progress.advance(to: .passThrough) }

  func pass() async throws {
    _ = try await progress.wait { if case .passThrough = $0 { true } else { false } }
  }
}

/// A file of a mirror, with all that HTTP can say of it.
struct MirrorFile: Sendable {
  var bytes: [UInt8]
  var entityTag: String? = "\"one\""
  var lastModified: String? = "Sun, 06 Nov 1994 08:49:37 GMT"
  var cacheControl: String?
  var saysLength = true
  var knowsRanges = true

  init(_ count: Int, seed: UInt64 = 1) {
    var generator = SeededGenerator(seed: seed)
    bytes = generator.bytes(count)
  }

  var digest: String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  func answer(_ request: UpstreamRequest, pieces: Int = 4096) -> FakeUpstream.Answer {
    let conditions = request.conditions
    var head = UpstreamHead(status: 200)
    head.entityTag = entityTag
    head.lastModified = lastModified
    head.cacheControl = cacheControl
    head.contentType = "application/x-image"
    if let tag = conditions.ifNoneMatch ?? (entityTag == nil ? conditions.ifModifiedSince : nil),
      tag == entityTag ?? lastModified
    {
      head.status = 304
      return .init(head: head)
    }
    var part = 0..<bytes.count
    if knowsRanges, let range = conditions.range,
      conditions.ifRange.map({ $0 == entityTag || $0 == lastModified }) ?? true
    {
      let ends = range.dropFirst(6).split(separator: "-").compactMap { Int($0) }
      let first = ends.first ?? 0
      guard first < bytes.count else {
        head.status = 416
        head.contentRange = ContentRange(bytes: nil, size: bytes.count)
        return .init(head: head)
      }
      part = first..<min(bytes.count, (ends.dropFirst().first ?? .max - 1) + 1)
      head.status = 206
      head.contentRange = ContentRange(bytes: part, size: bytes.count)
    }
    if saysLength { head.contentLength = part.count }
    guard !request.head else { return .init(head: head) }
    let steps = stride(from: part.lowerBound, to: part.upperBound, by: pieces).map {
      FakeUpstream.Step.bytes(Array(bytes[$0..<min($0 + pieces, part.upperBound)]))
    }
    return .init(head: head, steps: steps)
  }
}

/// Time that passes as soon as somebody waits for it.
struct ImmediateClock: Clock {
  typealias Instant = ContinuousClock.Instant
  var now: Instant { ContinuousClock.now }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    await Task.yield()
  }
}

/// The time of day that a test sets.
final class ManualTime: Sendable {
  private let seconds = Mutex(1_000_000.0)

  func advance(by step: Double) { seconds.withLock { $0 += step } }
  @Sendable func now() -> Double { seconds.withLock { $0 } }
}

extension RemoteImage {
  func bytes() async throws -> [UInt8] {
    var all: [UInt8] = []
    for try await piece in body { all += piece.readableBytesView }
    return all
  }

  /// What came before an error, and the error.
  func broken() async -> ([UInt8], RemoteImageError?) {
    var all: [UInt8] = []
    do {
      for try await piece in body { all += piece.readableBytesView }
      return (all, nil)
    } catch {
      return (all, error as? RemoteImageError)
    }
  }
}
