/// Tests of Images: a download that begins with something in the hand: a part, or a stale image.

import Testing

@testable import Images

@Suite struct ImageDownloadBeforeTests {
  private let bench: DownloadBench

  init() throws {
    bench = try DownloadBench()
  }

  @Test func aLeftoverIsResumed() {
    var download = ImageDownload(url: bench.url)
    #expect(
      download.start(bench.leftover(40))
        == .request(UpstreamConditions(range: "bytes=40-", ifRange: DownloadBench.tag)))
    #expect(
      download.receive(bench.head(206, length: 60, range: bench.rest(40)))
        == .store(bench.version(), keep: 40, skip: 0))
  }

  @Test func aLeftoverOfUnknownLengthLearnsIt() {
    var download = ImageDownload(url: bench.url)
    _ = download.start(bench.leftover(40, total: nil))
    #expect(
      download.receive(bench.head(206, length: 60, range: bench.rest(40)))
        == .store(bench.version(), keep: 40, skip: 0))
  }

  @Test func aLeftoverOfAnotherFileIsForgotten() {
    var download = ImageDownload(url: bench.url)
    _ = download.start(bench.leftover(40))
    #expect(
      download.receive(bench.head(tag: "\"two\"", length: 90))
        == .store(bench.version("\"two\"", total: 90), keep: 0, skip: 0))
  }

  @Test func aLeftoverWithAllBytesAsksForTheLastOne() {
    var download = ImageDownload(url: bench.url)
    #expect(
      download.start(bench.leftover(100))
        == .request(UpstreamConditions(range: "bytes=99-", ifRange: DownloadBench.tag)))
    var tiny = ImageDownload(url: bench.url)
    #expect(tiny.start(bench.leftover(1, total: 1)) == .request(UpstreamConditions()))
  }

  @Test func aRefusedRangeBeginsAnew() {
    for answer in [bench.head(416), bench.head(206, length: 60, range: bench.rest(41))] {
      var download = ImageDownload(url: bench.url)
      _ = download.start(bench.leftover(40))
      #expect(download.receive(answer) == .request(UpstreamConditions()))
      #expect(download.receive(bench.head()) == .store(bench.version(), keep: 0, skip: 0))
    }
  }

  @Test func aLeftoverOutlivesADeadMirrorButNotA404() throws {
    var download = ImageDownload(url: bench.url)
    _ = download.start(bench.leftover(40))
    #expect(try #require(bench.failed(download.broke(bench.trouble))) == (.upstream, true))
    var gone = ImageDownload(url: bench.url)
    _ = gone.start(bench.leftover(40))
    #expect(try #require(bench.failed(gone.receive(bench.head(404)))) == (.notFound, false))
  }

  // Stored, no longer fresh

  private var stored: ImageDownload {
    var download = ImageDownload(url: bench.url)
    _ = download.start(.stored(bench.version(date: "date")))
    return download
  }

  @Test func aStoredImageIsValidated() {
    var download = ImageDownload(url: bench.url)
    #expect(
      download.start(.stored(bench.version(date: "date")))
        == .request(UpstreamConditions(ifNoneMatch: DownloadBench.tag, ifModifiedSince: "date")))
    #expect(download.receive(bench.head(304)) == .unchanged)
  }

  @Test func aNewVersionReplacesAStoredOne() {
    var download = stored
    #expect(
      download.receive(bench.head(tag: "\"two\"", length: 5))
        == .store(bench.version("\"two\"", total: 5), keep: 0, skip: 0))
  }

  @Test func aDeadMirrorLeavesTheStoredOne() {
    var download = stored
    #expect(download.broke(bench.trouble) == .useStale(bench.trouble))
    var busy = stored
    guard case .useStale = busy.receive(bench.head(503)) else {
      Issue.record("a busy mirror must not hide a stored image")
      return
    }
  }

  @Test func a404EndsTheStoredOne() throws {
    var download = stored
    #expect(try #require(bench.failed(download.receive(bench.head(404)))) == (.notFound, false))
  }
}
