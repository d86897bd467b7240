/// Tests of Images: the cache has an end, the service has not.

import NIOCore
import Testing

@testable import Images

@Suite struct ImageCacheBoundsTests {
  private let bench: CacheBench

  init() throws {
    bench = try CacheBench()
  }

  @Test func theLeastRecentlyUsedGoesFirst() async throws {
    let file = MirrorFile(40_000)
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake, size: 100_000)
    for name in ["a", "b", "a", "c", "a"] { _ = try await bench.fetch(images, bench.wish(name)) }
    #expect(fake.requests.map(\.url.plain.last) == ["a", "b", "c"])
    #expect(bench.files(".data").count == 2)
    _ = try await bench.fetch(images, bench.wish("b"))
    #expect(fake.requests.count == 4)
  }

  @Test func whatIsTooLargeIsStreamedPast() async throws {
    let file = MirrorFile(40_000)
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake, size: 39_999)
    let image = try await images.open(bench.wish(range: "bytes=1-"))
    #expect(image.stored == nil)
    #expect(try await image.bytes() == Array(file.bytes[1...]))
    #expect(bench.folder.names == ["lock"])
  }

  /// No length, and in the middle there is no room any more: each reader gets the rest by itself.
  @Test(arguments: [nil, "right", "wrong"])
  func aFullCacheInTheMiddleIsStreamedPast(_ hash: String?) async throws {
    var file = MirrorFile(1_000_000)
    file.saysLength = false
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake, size: 400_000)
    let digest = hash.map { $0 == "right" ? file.digest : MirrorFile(1).digest }
    let image = try await images.open(bench.wish(sha256: digest))
    let (bytes, error) = await image.broken()
    if hash == "wrong" {
      #expect(error?.kind == .mismatch)
      #expect(bytes == Array(file.bytes.dropLast(SlicedSource.heldBack)))
    } else {
      #expect(error == nil)
      #expect(bytes == file.bytes)
    }
    #expect(fake.requests.count == 2)
    #expect(fake.requests.last?.conditions.ifRange == "\"one\"")
    #expect(bench.folder.names == ["lock"])
  }

  @Test func aFullCacheAndAMirrorWithoutRanges() async throws {
    var file = MirrorFile(1_000_000)
    file.saysLength = false
    file.knowsRanges = false
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake, size: 400_000)
    #expect(try await bench.fetch(images, bench.wish(sha256: file.digest)) == file.bytes)
  }
}
