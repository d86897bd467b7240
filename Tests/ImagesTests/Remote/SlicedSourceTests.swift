/// Tests of Images: parts of a body, and the end that waits for its hash.

import NIOCore
import Testing

@testable import Images

@Suite struct SlicedSourceTests {
  private let url: RemoteURL

  init() throws {
    url = try RemoteURL("http://mirror/x")
  }

  private func slice(
    _ file: MirrorFile, skip: Int, count: Int?, digest: String? = nil, pieces: Int = 1000
  ) -> RemoteImageBody {
    let steps = file.answer(UpstreamRequest(url: url), pieces: pieces).steps
    return RemoteImageBody(
      source: SlicedSource(
        FakeBody(steps, url), url: url, skip: skip, count: count,
        check: digest.flatMap(ImageDigest.init).map { .init(expected: $0) }))
  }

  private func read(_ body: RemoteImageBody) async -> ([UInt8], RemoteImageError?) {
    var all: [UInt8] = []
    do {
      for try await piece in body { all += piece.readableBytesView }
      return (all, nil)
    } catch {
      return (all, error as? RemoteImageError)
    }
  }

  @Test(arguments: [(0, nil), (0, 10_000), (1, 1), (999, 2), (5000, nil), (0, 0), (9999, 1)])
  func slices(_ skip: Int, _ count: Int?) async {
    let file = MirrorFile(10_000)
    let wanted = Array(file.bytes[skip..<(count.map { skip + $0 } ?? 10_000)])
    for digest in [nil, file.digest] {
      let (bytes, error) = await read(slice(file, skip: skip, count: count, digest: digest))
      #expect(bytes == wanted)
      #expect(error == nil)
    }
  }

  @Test func anEarlyEndIsNoEnd() async {
    let (_, error) = await read(slice(MirrorFile(100), skip: 0, count: 101))
    #expect(error?.kind == .upstream)
    let (none, skipped) = await read(slice(MirrorFile(100), skip: 101, count: nil))
    #expect(none.isEmpty)
    #expect(skipped?.kind == .upstream)
  }

  @Test func withAWrongHashTheLastBlockStaysBack() async {
    let file = MirrorFile(300_000)
    let wrong = MirrorFile(1).digest
    let (bytes, error) = await read(slice(file, skip: 0, count: nil, digest: wrong))
    #expect(error?.kind == .mismatch)
    #expect(bytes == Array(file.bytes.dropLast(SlicedSource.heldBack)))
    let (small, second) = await read(slice(MirrorFile(1000), skip: 0, count: 10, digest: wrong))
    #expect(small.isEmpty)
    #expect(second?.kind == .mismatch)
  }
}
