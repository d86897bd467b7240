/// Tests of Images: one request for many readers, and nothing wrong given out.

import Foundation
import NIOCore
import Testing

@testable import Images

@Suite struct ImageCacheTests {
  private let bench: CacheBench

  init() throws {
    bench = try CacheBench()
  }

  @Test func manyReadersAreOneRequest() async throws {
    let file = MirrorFile(700_000)
    let gate = Gate()
    let fake = bench.slow(file, after: 300_000, gate)
    let images = try await bench.images(fake)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask { try await images.open(bench.wish()).bytes() == file.bytes }
      }
      // All of them wait in the middle of the file, or will.
      let early = try await images.open(bench.wish(range: "bytes=0-299999"))
      #expect(try await early.bytes() == Array(file.bytes[..<300_000]))
      gate.open()
      for try await same in group { #expect(same) }
    }
    await images.cache?.settle()
    #expect(fake.requests.count == 1)
    #expect(bench.files(".data").count == 1)
    #expect(bench.files(".part").isEmpty)
  }

  @Test func readersFollowAtTheirOwnPace() async throws {
    let file = MirrorFile(1_000_000)
    let gate = Gate()
    let images = try await bench.images(bench.slow(file, after: 500_000, gate))
    var slow = try await images.open(bench.wish()).body.makeAsyncIterator()
    var first = try #require(try await slow.next())
    // The slow one has taken a piece; a fast one reads to the end meanwhile.
    gate.open()
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    var rest: [UInt8] = first.readBytes(length: first.readableBytes) ?? []
    while let piece = try await slow.next() { rest += piece.readableBytesView }
    #expect(rest == file.bytes)
  }

  @Test func aWholeImageIsServedFromDisk() async throws {
    let file = MirrorFile(100_000)
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake)
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    let image = try await images.open(bench.wish(range: "bytes=-10"))
    #expect(image.status == 206)
    #expect(image.contentRange == "bytes 99990-99999/100000")
    #expect(image.stored?.ranges == [99_990..<100_000])
    #expect(image.stored?.image.file.size == 100_000)
    #expect(try await image.bytes() == Array(file.bytes.suffix(10)))
    let head = try await images.open(bench.wish(head: true))
    #expect(head.contentLength == 100_000)
    #expect(try await head.bytes() == [])
    #expect(fake.requests.count == 1)
  }

  @Test func headAloneDownloadsNothing() async throws {
    let fake = FakeUpstream(MirrorFile(100_000))
    let images = try await bench.images(fake)
    #expect(try await images.open(bench.wish(head: true)).contentLength == 100_000)
    #expect(fake.requests.map(\.head) == [true])
  }

  @Test func noLengthWorks() async throws {
    var file = MirrorFile(300_000)
    file.saysLength = false
    let images = try await bench.images(FakeUpstream(file))
    // Without a length a range can't be answered: all of it comes.
    let image = try await images.open(bench.wish(range: "bytes=5-"))
    if image.contentLength == nil {
      #expect(image.status == 200)
      #expect(try await image.bytes() == file.bytes)
    }
    _ = try await bench.fetch(images, bench.wish())
    let stored = try await images.open(bench.wish(range: "bytes=5-9"))
    #expect(stored.contentLength == 5)
    #expect(try await stored.bytes() == Array(file.bytes[5..<10]))
  }

  @Test func anEmptyImageIsAnImage() async throws {
    let fake = FakeUpstream(MirrorFile(0))
    let images = try await bench.images(fake)
    for _ in 0..<2 {
      let image = try await images.open(bench.wish())
      #expect(image.contentLength == 0)
      #expect(try await image.bytes() == [])
      await images.cache?.settle()
    }
    #expect(fake.requests.count == 1)
  }

  @Test func aReaderThatGoesEndsNothing() async throws {
    let file = MirrorFile(400_000)
    let gate = Gate()
    let fake = bench.slow(file, after: 100_000, gate)
    let images = try await bench.images(fake)
    let image = try await images.open(bench.wish())
    let reader = Task { try await image.bytes() }
    reader.cancel()
    await #expect(throws: (any Error).self) { try await reader.value }
    gate.open()
    // Nobody follows; the download goes to its end all the same.
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    #expect(fake.requests.count == 1)
  }

  @Test func waitingForAHeadCanBeGivenUp() async throws {
    let progress = DownloadProgress()
    let waiting = Task { try await progress.wait { if case .failed = $0 { true } else { false } } }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  /// Random mirrors, random readers: what arrives is the file, or an error after a beginning of it.
  @Test func whateverHappensNothingWrongIsGivenOut() async throws {
    for seed in 0..<20 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let size = Int.random(in: 0...300_000, using: &generator)
      var file = MirrorFile(size, seed: seed)
      file.saysLength = Bool.random(using: &generator)
      file.knowsRanges = Bool.random(using: &generator)
      let fixed = file
      let breaks = (0..<3).map { _ in Int.random(in: 0...60, using: &generator) }
      let fake = FakeUpstream { request, number in
        var answer = fixed.answer(request, pieces: 5000)
        if number <= breaks.count, breaks[number - 1] < answer.steps.count, fixed.saysLength {
          answer.steps = answer.steps.prefix(breaks[number - 1]) + [.breakOff]
        }
        return answer
      }
      let images = try await bench.images(
        fake, size: Int.random(in: 0...400_000, using: &generator))
      let ranges = (0..<8).map { _ -> String? in
        guard Bool.random(using: &generator), size > 0 else { return nil }
        let first = Int.random(in: 0..<size, using: &generator)
        return "bytes=\(first)-\(Int.random(in: first..<size, using: &generator))"
      }
      await withTaskGroup(of: Void.self) { group in
        for (index, range) in ranges.enumerated() {
          let digest = index % 3 == 0 ? fixed.digest : nil
          group.addTask {
            guard let image = try? await images.open(bench.wish(sha256: digest, range: range))
            else { return }
            let (bytes, error) = await image.broken()
            let part = image.contentRange.flatMap(ContentRange.init)?.bytes ?? 0..<size
            let wanted = fixed.bytes[part]
            #expect(wanted.starts(with: bytes), "seed \(seed)")
            #expect(error != nil || bytes.count == wanted.count, "seed \(seed)")
          }
        }
      }
      await images.shutdown()
      for name in bench.folder.names where name != "lock" {
        try FileManager.default.removeItem(atPath: "\(bench.folder.path)/\(name)")
      }
    }
  }
}
