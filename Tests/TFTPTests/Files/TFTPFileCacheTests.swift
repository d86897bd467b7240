/// TFTPTests: what stays in memory.

import Testing

@testable import TFTP

@Suite struct TFTPFileCacheTests {
  private func version(_ seconds: Int) -> TFTPFileCache.Version {
    let time = OpenFile.Version.Time(seconds: seconds, nanoseconds: 0)
    return TFTPFileCache.Version(size: 4, modified: time, changed: time, inode: 1, device: 1)
  }

  private let file = FileContents([1, 2, 3, 4])

  @Test func `an entry is good for its version`() {
    var cache = TFTPFileCache(capacity: 100)
    cache.store(file, "a", version(1))
    #expect(cache.contents("a", version(1)) != nil)
    #expect(cache.contents("a", version(2)) == nil)
    cache.store(file, "a", version(2))
    #expect(cache.contents("a", version(1)) == nil)
    #expect(cache.size == 4)
  }

  @Test func `the entry that was not used for the longest time leaves`() {
    var cache = TFTPFileCache(capacity: 8)
    cache.store(file, "a", version(1))
    cache.store(file, "b", version(1))
    _ = cache.contents("a", version(1))
    cache.store(file, "c", version(1))
    #expect(cache.contents("a", version(1)) != nil)
    #expect(cache.contents("b", version(1)) == nil)
    #expect(cache.size == 8)
  }

  @Test func `a file larger than the cache is not kept`() {
    var cache = TFTPFileCache(capacity: 3)
    cache.store(file, "a", version(1))
    #expect(cache.size == 0)
  }

  @Test func `only so many files are kept`() {
    var cache = TFTPFileCache(capacity: .max, most: 2)
    for name in ["a", "b", "c"] { cache.store(file, name, version(1)) }
    #expect(cache.contents("a", version(1)) == nil)
    #expect(cache.contents("b", version(1)) != nil && cache.contents("c", version(1)) != nil)
  }
}
