/// Tests of Images: the last block waits for the hash.

import NIOCore
import Testing

@testable import Images

@Suite struct ImageCacheDigestTests {
  private let bench: CacheBench

  init() throws {
    bench = try CacheBench()
  }

  @Test func theRightHashPasses() async throws {
    let file = MirrorFile(300_000)
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake)
    #expect(try await bench.fetch(images, bench.wish(sha256: file.digest)) == file.bytes)
    // It is known to be right: not even a stale one is asked for.
    bench.time.advance(by: 1_000_000)
    let image = try await images.open(bench.wish(sha256: file.digest))
    #expect(image.stored != nil)
    #expect(fake.requests.count == 1)
  }

  @Test(arguments: [nil, "bytes=100-299999", "bytes=0-99999"])
  func theWrongHashEndsBeforeTheLastBlock(_ range: String?) async throws {
    let file = MirrorFile(300_000)
    let gate = Gate()
    let images = try await bench.images(bench.slow(file, after: 299_000, gate))
    let image = try await images.open(bench.wish(sha256: MirrorFile(1).digest, range: range))
    let whole = range.map { $0.hasSuffix("-99999") ? 100_000 : 299_900 } ?? 300_000
    gate.open()
    let (bytes, error) = await image.broken()
    #expect(error?.kind == .mismatch)
    #expect(bytes.count <= whole - SlicedSource.heldBack)
    #expect(bench.files(".data").isEmpty)
  }

  @Test func aHashThatWasChangedFetchesAnew() async throws {
    let (old, new) = (MirrorFile(1000, seed: 1), MirrorFile(1000, seed: 2))
    let fake = FakeUpstream { request, number in (number == 1 ? old : new).answer(request) }
    let images = try await bench.images(fake)
    _ = try await bench.fetch(images, bench.wish(sha256: old.digest))
    #expect(try await bench.fetch(images, bench.wish(sha256: new.digest)) == new.bytes)
    #expect(fake.requests.count == 2)
    #expect(fake.requests.last?.conditions == UpstreamConditions())
  }

  @Test func theLastBlockWaitsForTheEnd() async throws {
    let file = MirrorFile(200_000)
    let gate = Gate()
    let images = try await bench.images(bench.slow(file, after: 199_000, gate))
    var body = try await images.open(bench.wish(sha256: file.digest)).body.makeAsyncIterator()
    var bytes: [UInt8] = []
    while bytes.count < 199_000 - SlicedSource.heldBack, let piece = try await body.next() {
      bytes += piece.readableBytesView
    }
    #expect(bytes.count <= 200_000 - SlicedSource.heldBack)
    gate.open()
    while let piece = try await body.next() { bytes += piece.readableBytesView }
    #expect(bytes == file.bytes)
  }
}
