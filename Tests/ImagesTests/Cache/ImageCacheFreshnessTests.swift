/// Tests of Images: when the mirror is asked again, and what it may say then.

import NIOCore
import Testing

@testable import Images

@Suite struct ImageCacheFreshnessTests {
  private let bench: CacheBench

  init() throws {
    bench = try CacheBench()
  }

  @Test func aFreshImageIsNotAskedFor() async throws {
    var file = MirrorFile(1000)
    file.cacheControl = "max-age=600"
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake)
    _ = try await bench.fetch(images, bench.wish())
    bench.time.advance(by: 599)
    _ = try await bench.fetch(images, bench.wish())
    #expect(fake.requests.count == 1)
    bench.time.advance(by: 2)
    _ = try await bench.fetch(images, bench.wish())
    #expect(fake.requests.count == 2)
    #expect(fake.requests.last?.conditions.ifNoneMatch == "\"one\"")
    // The 304 made it fresh again.
    bench.time.advance(by: 599)
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    #expect(fake.requests.count == 2)
  }

  @Test func aMinuteWithoutAskingWhenNothingIsSaid() async throws {
    let fake = FakeUpstream(MirrorFile(1000))
    let images = try await bench.images(fake)
    _ = try await bench.fetch(images, bench.wish())
    bench.time.advance(by: 59)
    _ = try await bench.fetch(images, bench.wish())
    #expect(fake.requests.count == 1)
    bench.time.advance(by: 2)
    _ = try await bench.fetch(images, bench.wish())
    #expect(fake.requests.count == 2)
  }

  @Test func aNewVersionReplacesTheOldOne() async throws {
    let (old, new) = (MirrorFile(1000, seed: 1), MirrorFile(2000, seed: 2))
    let fake = FakeUpstream { request, number in
      var file = number == 1 ? old : new
      file.entityTag = number == 1 ? "\"old\"" : "\"new\""
      return file.answer(request)
    }
    let images = try await bench.images(fake)
    _ = try await bench.fetch(images, bench.wish())
    let reading = try await images.open(bench.wish())
    bench.time.advance(by: 61)
    #expect(try await bench.fetch(images, bench.wish()) == new.bytes)
    // Who began with the old one gets it to its end.
    #expect(try await reading.bytes() == old.bytes)
    await images.cache?.settle()
    #expect(bench.files(".data").count == 1)
    #expect(fake.requests.count == 2)
  }

  @Test func aDeadMirrorDoesNotTakeWhatWeHave() async throws {
    let file = MirrorFile(1000)
    let fake = FakeUpstream { request, number throws(RemoteImageError) in
      if number == 2 { throw RemoteImageError(.upstream, request.url, "it is dead") }
      return number == 3 ? .init(head: UpstreamHead(status: 503)) : file.answer(request)
    }
    let images = try await bench.images(fake)
    for _ in 0..<3 {
      #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
      bench.time.advance(by: 61)
    }
    #expect(fake.requests.count == 3)
  }

  @Test func a404TakesIt() async throws {
    let file = MirrorFile(1000)
    let fake = FakeUpstream { request, number in
      number == 1 ? file.answer(request) : .init(head: UpstreamHead(status: 404))
    }
    let images = try await bench.images(fake)
    _ = try await bench.fetch(images, bench.wish())
    bench.time.advance(by: 61)
    await #expect { try await images.open(bench.wish()) } throws: {
      ($0 as? RemoteImageError)?.kind == .notFound
    }
    #expect(bench.files(".data").isEmpty)
  }

  @Test func whatMayNotBeKeptIsGivenOutAndGone() async throws {
    var file = MirrorFile(300_000)
    file.cacheControl = "no-store"
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake)
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    await images.shutdown()
    #expect(bench.folder.names == ["lock"])
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    #expect(fake.requests.count == 2)
  }
}
