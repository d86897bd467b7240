/// Tests of Images: what is taken over from an earlier run, and what never is.

import Foundation
import Testing

@testable import Images

@Suite struct CacheDirectoryTests {
  private let folder: TemporaryDirectory
  private let directory: CacheDirectory
  private let key = ImageDigest(of: "http://mirror/vmlinuz")

  init() throws {
    folder = try TemporaryDirectory()
    directory = CacheDirectory(path: folder.path)
  }

  private func name(_ generation: UInt64) -> CacheName {
    CacheName(key: key, generation: generation)
  }

  private func meta(whole: Int? = nil, tag: String? = "\"one\"", boot: String? = nil) -> CacheMeta {
    CacheMeta(
      url: "http://mirror/vmlinuz",
      version: ImageVersion(
        entityTag: tag, lastModified: nil, contentType: nil, total: whole ?? 10),
      validated: 0, freshUntil: 1, bootID: boot ?? directory.bootID,
      whole: whole.map { CacheMeta.Whole(size: $0, digest: ImageDigest(of: "x")) })
  }

  private func write(
    _ generation: UInt64, _ meta: CacheMeta?, part: Int? = nil, data: Int? = nil
  ) throws {
    if let meta { try directory.write(meta, for: name(generation)) }
    if let part {
      try folder.write(name(generation).file(.part), [UInt8](repeating: 1, count: part))
    }
    if let data {
      try folder.write(name(generation).file(.data), [UInt8](repeating: 1, count: data))
    }
  }

  @Test func aWholeImageIsTakenOver() throws {
    try write(3, meta(whole: 4), data: 4)
    let found = directory.recover()
    #expect(found.stored == [name(3): meta(whole: 4)])
    #expect(found.generation == 3)
    #expect(folder.names == [name(3).file(.data), name(3).file(.meta)])
  }

  @Test func aPartIsTakenOverWhenItCanBeResumed() throws {
    try write(3, meta(), part: 4)
    let found = directory.recover()
    #expect(found.parts[name(3)]?.bytes == 4)
    #expect(found.stored.isEmpty)
  }

  @Test func anythingDoubtfulGoes() throws {
    // Bytes that nobody describes; a description of nothing.
    try write(1, nil, part: 4)
    try write(2, nil, data: 4)
    try write(3, meta(whole: 4))
    // The wrong length; whole by name but not by description.
    try write(4, meta(whole: 5), data: 4)
    try write(5, meta(), data: 10)
    // No validator; longer than the whole; of an earlier start of the machine; empty.
    try write(6, meta(tag: nil), part: 4)
    try write(7, meta(), part: 11)
    try write(8, meta(boot: "another"), part: 4)
    try write(9, meta(), part: 0)
    // A description that is cut off.
    try folder.write(name(10).file(.meta), Array("{\"url\":".utf8))
    try write(10, nil, data: 4)
    try folder.write(name(11).file(.newMeta))
    // A part that says it is whole was never renamed: all its bytes are asked for anew.
    let found = directory.recover()
    #expect(found.stored.isEmpty)
    #expect(found.parts.isEmpty)
    #expect(found.generation == 11)
    #expect(folder.names.isEmpty)
  }

  @Test func onlyTheNewestStays() throws {
    try write(1, meta(whole: 4), data: 4)
    try write(2, meta(whole: 4), data: 4)
    try write(3, nil, part: 4)
    let found = directory.recover()
    #expect(Array(found.stored.keys) == [name(2)])
    #expect(folder.names == [name(2).file(.data), name(2).file(.meta)])
  }

  @Test func foreignFilesAreNotTouched() throws {
    let short = name(1).file(.data).dropFirst()
    let foreign = [
      "README", "x.part", "lock", "\(key).data", "\(key)-1.data", "\(key)-\(key).part",
      String(short), name(1).file(.data) + ".bak", name(1).file(.data).uppercased(),
    ]
    for file in foreign { try folder.write(file) }
    _ = directory.recover()
    #expect(folder.names == foreign.sorted())
  }

  @Test func namesAreReadAsTheyAreWritten() {
    for suffix in CacheName.Suffix.allCases {
      let read = CacheName.read(name(.max).file(suffix))
      #expect(read?.0 == name(.max))
      #expect(read?.1 == suffix)
      let file = name(7).file(suffix)
      for length in 0..<file.count where String(file.prefix(length)) != name(7).file(.meta) {
        #expect(CacheName.read(String(file.prefix(length))) == nil)
      }
    }
  }

  @Test func onlyOneProcessUsesAFolder() throws {
    let lock = try CacheLock(directory)
    #expect(throws: CacheLock.Taken.self) { try CacheLock(directory) }
    _ = consume lock
    #expect(throws: Never.self) { try CacheLock(directory) }
  }
}
