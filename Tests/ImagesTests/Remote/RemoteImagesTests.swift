/// Tests of Images: remote images without a cache.

import Testing

@testable import Images

@Suite struct RemoteImagesTests {
  private let address = "http://user:secret@mirror/vmlinuz"

  private func open(
    _ fake: FakeUpstream, sha256: String? = nil, conditions: FileRequest = FileRequest(),
    head: Bool = false
  ) async throws -> RemoteImage {
    try await RemoteImages(upstream: fake).open(
      RemoteImageRequest(url: address, sha256: sha256, conditions: conditions, head: head))
  }

  private func kind(_ fake: FakeUpstream, _ conditions: FileRequest = FileRequest()) async
    -> RemoteImageError.Kind?
  {
    do {
      _ = try await open(fake, conditions: conditions)
      return nil
    } catch {
      #expect(!"\(error)".contains("secret"))
      return (error as? RemoteImageError)?.kind
    }
  }

  @Test func aBodyIsStreamedWithItsHead() async throws {
    let file = MirrorFile(100_000)
    let image = try await open(FakeUpstream(file))
    #expect(image.status == 200)
    #expect(image.contentLength == 100_000)
    #expect(image.contentType == "application/x-image")
    #expect(image.entityTag == file.entityTag)
    #expect(image.lastModified == file.lastModified)
    #expect(image.contentRange == nil)
    #expect(image.stored == nil)
    #expect(try await image.bytes() == file.bytes)
  }

  @Test func noLengthWorks() async throws {
    var file = MirrorFile(10_000)
    file.saysLength = false
    let image = try await open(FakeUpstream(file))
    #expect(image.contentLength == nil)
    #expect(try await image.bytes() == file.bytes)
  }

  @Test func headHasNoBodyAndNoRange() async throws {
    let fake = FakeUpstream(MirrorFile(10_000))
    let image = try await open(fake, conditions: FileRequest(range: "bytes=0-1"), head: true)
    #expect(image.status == 200)
    #expect(image.contentLength == 10_000)
    #expect(try await image.bytes() == [])
    #expect(fake.requests.map(\.head) == [true])
    #expect(fake.requests.map(\.conditions.range) == [nil])
  }

  @Test(arguments: [true, false])
  func aRangePasses(_ mirrorKnowsRanges: Bool) async throws {
    var file = MirrorFile(10_000)
    file.knowsRanges = mirrorKnowsRanges
    let image = try await open(FakeUpstream(file), conditions: FileRequest(range: "bytes=5-104"))
    #expect(image.status == 206)
    #expect(image.contentRange == "bytes 5-104/10000")
    #expect(image.contentLength == 100)
    #expect(try await image.bytes() == Array(file.bytes[5..<105]))
  }

  @Test func aPartOfAnotherFileIsNotGivenOut() async throws {
    let fake = FakeUpstream(MirrorFile(10_000))
    await #expect(throws: RemoteImageError.self) {
      try await self.open(
        fake, conditions: FileRequest(range: "bytes=5-104", ifMatch: "\"other\""))
    }
    let same = FileRequest(range: "bytes=5-104", ifMatch: "\"one\"")
    #expect(try await open(fake, conditions: same).status == 206)
  }

  @Test(arguments: [true, false])
  func aRangeBeyondTheEnd(_ mirrorKnowsRanges: Bool) async throws {
    var file = MirrorFile(100)
    file.knowsRanges = mirrorKnowsRanges
    let kind = await kind(FakeUpstream(file), FileRequest(range: "bytes=100-"))
    #expect(kind == .unsatisfiable(size: 100))
  }

  @Test func aRangeWithAHashIsCutHere() async throws {
    let file = MirrorFile(200_000)
    let fake = FakeUpstream(file)
    let image = try await open(
      fake, sha256: file.digest.uppercased(), conditions: FileRequest(range: "bytes=10-19"))
    #expect(image.status == 206)
    #expect(try await image.bytes() == Array(file.bytes[10..<20]))
    #expect(fake.requests.first?.conditions == UpstreamConditions())
  }

  @Test func aConditionPasses() async throws {
    let file = MirrorFile(100)
    let kind = await kind(FakeUpstream(file), FileRequest(ifNoneMatch: "\"one\""))
    #expect(kind == .notModified(entityTag: "\"one\""))
  }

  @Test(arguments: [
    (404, RemoteImageError.Kind.notFound), (410, .notFound), (500, .upstream), (403, .upstream),
    (206, .upstream), (416, .upstream), (204, .upstream),
  ])
  func troubleHasItsKind(_ status: Int, _ expected: RemoteImageError.Kind) async {
    let fake = FakeUpstream { _, _ in .init(head: UpstreamHead(status: status)) }
    #expect(await kind(fake) == expected)
  }

  @Test func wrongRequestsSayWhatIsWrong() async {
    let images = RemoteImages(upstream: FakeUpstream(MirrorFile(1)))
    for request in [
      RemoteImageRequest(url: "vmlinuz"), RemoteImageRequest(url: address, sha256: "abc"),
      RemoteImageRequest(url: address, proxy: "https://user:secret@proxy"),
      RemoteImageRequest(url: address, proxy: "socks5://user:secret@proxy"),
    ] {
      do {
        _ = try await images.open(request)
        Issue.record("taken")
      } catch {
        #expect(error.kind == .unusable)
        #expect(!"\(error)".contains("secret"))
      }
    }
  }

  @Test func proxiesAreRead() async throws {
    let fake = FakeUpstream(MirrorFile(1))
    let images = RemoteImages(upstream: fake)
    for proxy in ["http://u:p@proxy:3128", "proxy:3128", ""] {
      _ = try await images.open(RemoteImageRequest(url: address, proxy: proxy))
    }
    #expect(fake.requests.map(\.proxy?.port) == [3128, 3128, nil])
    #expect(fake.requests.map(\.proxy?.credentials?.user) == ["u", nil, nil])
  }

  /// What nobody takes is not fetched: the body is asked piece by piece.
  @Test func aSlowTakerSlowsTheMirror() async throws {
    let body = FakeBody(
      MirrorFile(1_000_000).answer(UpstreamRequest(url: try RemoteURL(address))).steps,
      try RemoteURL(address))
    let slices = SlicedSource(
      body, url: try RemoteURL(address), skip: 0, count: nil, check: nil)
    for _ in 0..<3 { _ = try await slices.next() }
    #expect(await body.taken == 3 * 4096)
  }
}
