/// Tests of Images: downloads that break off, and restarts.

import Foundation
import NIOCore
import Testing

@testable import Images

@Suite struct ImageCacheInterruptionTests {
  private let bench: CacheBench

  init() throws {
    bench = try CacheBench()
  }

  @Test(arguments: [true, false])
  func anInterruptedDownloadGoesOnUnseen(_ mirrorKnowsRanges: Bool) async throws {
    var file = MirrorFile(500_000)
    file.knowsRanges = mirrorKnowsRanges
    let fixed = file
    let fake = FakeUpstream { request, number in
      var answer = fixed.answer(request, pieces: 1000)
      if number < 4 { answer.steps = answer.steps.prefix(number * 120) + [.breakOff] }
      return answer
    }
    let images = try await bench.images(fake)
    #expect(try await bench.fetch(images, bench.wish(sha256: file.digest)) == file.bytes)
    #expect(fake.requests.count > 1)
    #expect(fake.requests[1].conditions.range == "bytes=120000-")
    #expect(fake.requests[1].conditions.ifRange == "\"one\"")
  }

  @Test func aShortBodyIsAnInterruptionToo() async throws {
    let file = MirrorFile(50_000)
    let fake = FakeUpstream { request, number in
      var answer = file.answer(request, pieces: 1000)
      if number == 1 { answer.steps = Array(answer.steps.prefix(7)) }
      return answer
    }
    #expect(try await bench.fetch(bench.images(fake), bench.wish()) == file.bytes)
    #expect(fake.requests.count == 2)
  }

  @Test func anotherVersionInTheMiddleIsNotMixedIn() async throws {
    let (old, new) = (MirrorFile(50_000, seed: 1), MirrorFile(50_000, seed: 2))
    let fake = FakeUpstream { request, number in
      var file = number == 1 ? old : new
      file.entityTag = number == 1 ? "\"old\"" : "\"new\""
      var answer = file.answer(request, pieces: 1000)
      if number == 1 { answer.steps = answer.steps.prefix(10) + [.breakOff] }
      return answer
    }
    let images = try await bench.images(fake)
    let gone = try await images.open(bench.wish())
    let (bytes, error) = await gone.broken()
    #expect(error?.kind == .changed)
    #expect(old.bytes.starts(with: bytes))
    #expect(bench.folder.names == ["lock"])
    #expect(try await bench.fetch(images, bench.wish()) == new.bytes)
  }

  @Test func moreThanAnnouncedIsNotKept() async throws {
    let fake = FakeUpstream { request, _ in
      var answer = MirrorFile(5000).answer(request, pieces: 1000)
      answer.steps.append(.bytes([1]))
      return answer
    }
    let images = try await bench.images(fake)
    let image = try await images.open(bench.wish())
    _ = await image.broken()
    await images.shutdown()
    #expect(bench.folder.names == ["lock"])
  }

  @Test func failuresAreSharedAndForgotten() async throws {
    let file = MirrorFile(1000)
    let fake = FakeUpstream { request, number in
      number == 1 ? .init(head: UpstreamHead(status: 500)) : file.answer(request)
    }
    let images = try await bench.images(fake)
    do {
      _ = try await images.open(bench.wish())
      Issue.record("opened")
    } catch {
      #expect(error.kind == .upstream)
      #expect(
        "\(error)"
          == "the image «http://***@mirror/vmlinuz» could not be fetched: the server answered with status 500"
      )
    }
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
  }

  @Test func aWholeImageOutlivesARestart() async throws {
    let file = MirrorFile(100_000)
    let fake = FakeUpstream(file)
    do {
      let images = try await bench.images(fake)
      _ = try await bench.fetch(images, bench.wish())
      await images.shutdown()
    }
    let images = try await bench.images(fake)
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    #expect(fake.requests.count == 1)
  }

  @Test func aPartOutlivesARestart() async throws {
    let file = MirrorFile(100_000)
    let gate = Gate()
    do {
      let images = try await bench.images(bench.slow(file, after: 60_000, gate))
      let image = try await images.open(bench.wish(range: "bytes=0-59999"))
      _ = try await image.bytes()
      await images.shutdown()
    }
    #expect(bench.files(".part").count == 1)
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake)
    #expect(try await bench.fetch(images, bench.wish(sha256: file.digest)) == file.bytes)
    #expect(fake.requests.map(\.conditions.range) == ["bytes=60000-"])
    #expect(bench.files(".part").isEmpty)
  }

  @Test func aPartOfAnOldVersionDoesNot() async throws {
    let (old, new) = (MirrorFile(100_000, seed: 1), MirrorFile(90_000, seed: 2))
    do {
      let images = try await bench.images(bench.slow(old, after: 60_000, Gate()))
      _ = try await images.open(bench.wish(range: "bytes=0-59999")).bytes()
      await images.shutdown()
    }
    let fake = FakeUpstream { request, _ in
      var file = new
      file.entityTag = "\"new\""
      file.lastModified = nil
      return file.answer(request)
    }
    let images = try await bench.images(fake)
    #expect(try await bench.fetch(images, bench.wish()) == new.bytes)
    #expect(bench.files(".data").count == 1)
    #expect(bench.files(".json").count == 1)
  }

  @Test func aFileThatWasTamperedWithIsFetchedAnew() async throws {
    let file = MirrorFile(1000)
    let fake = FakeUpstream(file)
    let images = try await bench.images(fake)
    _ = try await bench.fetch(images, bench.wish())
    let data = try #require(bench.files(".data").first)
    #expect(truncate("\(bench.folder.path)/\(data)", 10) == 0)
    #expect(try await bench.fetch(images, bench.wish()) == file.bytes)
    #expect(fake.requests.count == 2)
  }

  @Test func aFolderThatIsNotThereIsSaid() async throws {
    do {
      _ = try await ImageCache(
        ImageCache.Settings(directory: bench.folder.path + "/gone", size: 1),
        upstream: FakeUpstream(MirrorFile(1)))
      Issue.record("taken")
    } catch {
      #expect(
        "\(error)".hasPrefix("the image cache directory \(bench.folder.path)/gone can't be used"))
    }
  }

  @Test func noSecretIsOnTheDisk() async throws {
    let images = try await bench.images(FakeUpstream(MirrorFile(1000)))
    _ = try await bench.fetch(images, bench.wish())
    let meta = try #require(bench.files(".json").first)
    let text = try String(contentsOfFile: "\(bench.folder.path)/\(meta)", encoding: .utf8)
    #expect(text.contains("http://***@mirror/vmlinuz"))
    #expect(!text.contains("secret"))
  }
}
