/// Tests of Images: a cache in a folder of its own, with a time and a clock of the test's.

import Foundation

@testable import Images

struct CacheBench {
  let folder: TemporaryDirectory
  let time = ManualTime()

  init() throws {
    folder = try TemporaryDirectory()
  }

  func images(_ fake: FakeUpstream, size: Int = 1 << 30) async throws -> RemoteImages {
    RemoteImages(
      upstream: fake,
      cache: try await ImageCache(
        ImageCache.Settings(directory: folder.path, size: size), upstream: fake,
        clock: ImmediateClock(), now: time.now))
  }

  func wish(
    _ name: String = "vmlinuz", sha256: String? = nil, range: String? = nil, head: Bool = false
  ) -> RemoteImageRequest {
    RemoteImageRequest(
      url: "http://user:secret@mirror/\(name)", sha256: sha256,
      conditions: FileRequest(range: range), head: head)
  }

  /// Reads all, and waits until the cache is done with it.
  func fetch(_ images: RemoteImages, _ request: RemoteImageRequest) async throws -> [UInt8] {
    let bytes = try await images.open(request).bytes()
    await images.cache?.settle()
    return bytes
  }

  func files(_ suffix: String) -> [String] {
    folder.names.filter { $0.hasSuffix(suffix) }
  }

  /// A mirror that stops after `bytes` until the gate opens.
  func slow(_ file: MirrorFile, after bytes: Int, _ gate: Gate) -> FakeUpstream {
    FakeUpstream { request, _ in
      var answer = file.answer(request, pieces: 1000)
      answer.steps.insert(.wait(gate), at: min(bytes / 1000, answer.steps.count))
      return answer
    }
  }
}
