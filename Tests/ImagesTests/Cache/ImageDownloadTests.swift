/// Tests of Images: the life of a download, step by step, without network and disk.

import Testing

@testable import Images

@Suite struct ImageDownloadTests {
  private let bench: DownloadBench

  init() throws {
    bench = try DownloadBench()
  }

  @Test func fromNothingToWhole() {
    var download = ImageDownload(url: bench.url)
    #expect(download.start(.nothing) == .request(UpstreamConditions()))
    #expect(download.receive(bench.head()) == .store(bench.version(), keep: 0, skip: 0))
    #expect(download.received(60) == .readOn)
    #expect(download.received(40) == .readOn)
    #expect(download.ended() == .publish)
    #expect(download.state == .complete)
  }

  @Test func withoutALengthTheEndIsTheEnd() {
    var download = ImageDownload(url: bench.url)
    _ = download.start(.nothing)
    #expect(
      download.receive(bench.head(length: nil))
        == .store(bench.version(total: nil), keep: 0, skip: 0))
    #expect(download.received(7) == .readOn)
    #expect(download.ended() == .publish)
  }

  @Test func anEmptyImageIsWhole() {
    var download = ImageDownload(url: bench.url)
    _ = download.start(.nothing)
    _ = download.receive(bench.head(length: 0))
    #expect(download.ended() == .publish)
  }

  @Test(arguments: [
    (404, RemoteImageError.Kind.notFound), (410, .notFound), (500, .upstream), (403, .upstream),
    (206, .upstream), (304, .upstream), (204, .upstream), (100, .upstream),
  ])
  func otherAnswersToTheFirstRequestFail(_ status: Int, _ kind: RemoteImageError.Kind) throws {
    var download = ImageDownload(url: bench.url)
    _ = download.start(.nothing)
    let end = try #require(bench.failed(download.receive(bench.head(status))))
    #expect(end.0 == kind)
    #expect(end.1 == false)
  }

  @Test func moreBytesThanAnnouncedAreATrouble() throws {
    var download = bench.half()
    #expect(download.received(60) == .readOn)
    #expect(try #require(bench.failed(download.received(1))) == (.upstream, false))
  }

  @Test func hugeCountsDoNotTrap() {
    var download = ImageDownload(url: bench.url)
    _ = download.start(.nothing)
    _ = download.receive(bench.head(length: nil))
    _ = download.received(.max)
    #expect(bench.failed(download.received(.max)) != nil)
  }

  // Interruptions

  @Test func anInterruptedDownloadIsResumed() {
    var download = bench.half()
    #expect(download.broke(bench.trouble) == .pause(.milliseconds(250)))
    #expect(
      download.resume()
        == .request(UpstreamConditions(range: "bytes=40-", ifRange: DownloadBench.tag)))
    #expect(
      download.receive(bench.head(206, length: 60, range: bench.rest(40)))
        == .store(bench.version(), keep: 40, skip: 0))
    #expect(download.received(60) == .readOn)
    #expect(download.ended() == .publish)
  }

  @Test func anEndTooEarlyIsAnInterruption() {
    var download = bench.half()
    #expect(download.ended() == .pause(.milliseconds(250)))
  }

  @Test func brokenAfterTheLastByteIsWhole() {
    var download = bench.half()
    _ = download.received(60)
    #expect(download.broke(bench.trouble) == .publish)
  }

  @Test func aDateServesWithoutAStrongTag() {
    var download = bench.half(tag: "W/\"weak\"", date: "Sun, 06 Nov 1994 08:49:37 GMT")
    _ = download.broke(bench.trouble)
    #expect(
      download.resume()
        == .request(
          UpstreamConditions(range: "bytes=40-", ifRange: "Sun, 06 Nov 1994 08:49:37 GMT")))
  }

  @Test func withoutAValidatorNothingIsResumed() throws {
    var download = bench.half(tag: nil)
    #expect(try #require(bench.failed(download.broke(bench.trouble))) == (.upstream, false))
  }

  @Test func aMirrorWithoutRangesIsSkippedThrough() {
    var download = bench.half()
    _ = download.broke(bench.trouble)
    _ = download.resume()
    #expect(download.receive(bench.head()) == .store(bench.version(), keep: 40, skip: 40))
    #expect(download.received(60) == .readOn)
    #expect(download.ended() == .publish)
  }

  @Test func anotherFileInTheMiddleIsNeverMixedIn() throws {
    for answer in [
      bench.head(tag: "\"two\""), bench.head(tag: nil), bench.head(length: 101),
      bench.head(tag: "W/\"one\""),
      bench.head(206, length: 60, range: bench.rest(41)),
      bench.head(206, length: 60, range: bench.rest(40, 120)),
      bench.head(206, tag: "\"two\"", length: 60, range: bench.rest(40)),
      bench.head(206, length: 60), bench.head(416),
    ] {
      var download = bench.half()
      _ = download.broke(bench.trouble)
      _ = download.resume()
      #expect(
        try #require(bench.failed(download.receive(answer))) == (.changed, false), "\(answer)")
    }
  }

  @Test func aBusyMirrorIsAskedAgainWithGrowingPauses() throws {
    var download = bench.half()
    var pauses: [Duration] = []
    var effect = download.broke(bench.trouble)
    while case .pause(let pause) = effect {
      pauses.append(pause)
      _ = download.resume()
      effect = download.receive(bench.head(503))
    }
    #expect(pauses == [250, 500, 1000, 2000, 4000].map { Duration.milliseconds($0) })
    #expect(try #require(bench.failed(effect)) == (.upstream, true))
  }

  @Test func progressForgivesTries() {
    var download = bench.half()
    for _ in 0..<20 {
      #expect(download.broke(bench.trouble) == .pause(.milliseconds(250)))
      _ = download.resume()
      guard case .downloading(let part, _)? = resumed(&download) else {
        Issue.record("not resumed")
        return
      }
      #expect(part.bytes <= 100)
      _ = download.received(1)
    }
  }

  private func resumed(_ download: inout ImageDownload) -> ImageDownload.State? {
    guard case .resuming(let part, _) = download.state else { return nil }
    _ = download.receive(bench.head(206, length: nil, range: bench.rest(part.bytes)))
    return download.state
  }

  @Test func notForEver() {
    var download = ImageDownload(url: bench.url)
    _ = download.start(.nothing)
    _ = download.receive(bench.head(length: 1_000_000))
    var rounds = 0
    while true {
      _ = download.received(1)
      guard case .pause = download.broke(bench.trouble) else { break }
      rounds += 1
      _ = download.resume()
      guard case .resuming(let part, _) = download.state else { break }
      _ = download.receive(bench.head(206, length: nil, range: bench.rest(part.bytes, 1_000_000)))
    }
    #expect(rounds == ImageDownload.triesAtAll)
  }

  @Test func cancelledKeepsThePart() throws {
    let cancelled = RemoteImageError(.cancelled, url: "", "")
    var download = bench.half()
    #expect(try #require(bench.failed(download.broke(cancelled))) == (.cancelled, true))
    var paused = bench.half()
    _ = paused.broke(bench.trouble)
    #expect(try #require(bench.failed(paused.broke(cancelled))) == (.cancelled, true))
  }

  @Test func aFullDiskSpills() {
    var download = bench.half()
    #expect(download.diskIsFull() == .spill)
    #expect(download.state == .spilled(ImageDownload.Part(version: bench.version(), bytes: 40)))
  }

  /// Any input in any state: it ends or goes on, and never traps.
  @Test func chaosIsSurvived() {
    var generator = SeededGenerator(seed: 42)
    for _ in 0..<2000 {
      var download = ImageDownload(url: bench.url)
      let befores: [ImageDownload.Before] = [
        .nothing, bench.leftover(40), bench.leftover(100), bench.leftover(1, total: nil),
        .stored(bench.version()),
      ]
      _ = download.start(befores[Int.random(in: 0..<befores.count, using: &generator)])
      for _ in 0..<30 {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
          let status = [200, 206, 304, 404, 416, 500, 0, -1]
          let first = Int.random(in: 0..<100, using: &generator)
          _ = download.receive(
            bench.head(
              status[Int.random(in: 0..<8, using: &generator)],
              length: Bool.random(using: &generator) ? nil : 100, range: bench.rest(first)))
        case 1: _ = download.received(Int.random(in: 0...60, using: &generator))
        case 2: _ = download.ended()
        case 3: _ = download.broke(bench.trouble)
        case 4: _ = download.resume()
        default: _ = download.diskIsFull()
        }
        if case .downloading(let part, let tries) = download.state {
          #expect(part.bytes <= part.version.total ?? .max)
          #expect(tries.inRow <= ImageDownload.triesInRow)
        }
      }
    }
  }
}
