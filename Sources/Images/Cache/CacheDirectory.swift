/// Images: the files of the cache. Everything here blocks; it is called on the file threads.

import Foundation

/// A file is whole if and only if it is called `.data`: it gets that name by a rename, after its
/// bytes and its meta file are on the disk.
struct CacheDirectory: Sendable {
  let path: String
  let bootID: String

  init(path: String) {
    self.path = path
    let id = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    bootID = (id ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func place(_ name: CacheName, _ suffix: CacheName.Suffix) -> String {
    "\(path)/\(name.file(suffix))"
  }

  struct Found {
    var stored: [CacheName: CacheMeta] = [:]
    var parts: [CacheName: (meta: CacheMeta, bytes: Int)] = [:]
    /// The highest number in use.
    var generation: UInt64 = 0
  }

  /// What an earlier run left; what can't be used is removed. Of each image only the newest stays.
  func recover() -> Found {
    var found = Found()
    var seen: [CacheName: Set<CacheName.Suffix>] = [:]
    for file in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      guard let (name, suffix) = CacheName.read(file) else { continue }
      seen[name, default: []].insert(suffix)
    }
    var newest: [ImageDigest: UInt64] = [:]
    for (name, files) in seen.sorted(by: { $0.key.generation > $1.key.generation }) {
      found.generation = max(found.generation, name.generation)
      unlink(place(name, .newMeta))
      guard newest[name.key] == nil, let meta = meta(of: name) else {
        remove(name)
        continue
      }
      if files.contains(.data), let whole = meta.whole,
        FileStatus(path: place(name, .data))?.size == whole.size
      {
        unlink(place(name, .part))
        found.stored[name] = meta
        newest[name.key] = name.generation
      } else if !files.contains(.data), files.contains(.part), meta.bootID == bootID,
        !bootID.isEmpty, meta.version.strongValidator != nil,
        let bytes = FileStatus(path: place(name, .part))?.size, bytes > 0,
        bytes <= meta.version.total ?? .max
      {
        found.parts[name] = (meta, bytes)
        newest[name.key] = name.generation
      } else {
        remove(name)
      }
    }
    return found
  }

  /// The date of a whole file is that of its last use.
  func isUsedBefore(_ one: CacheName, _ other: CacheName) -> Bool {
    func used(_ name: CacheName) -> Int64 {
      FileStatus(path: place(name, .data))?.modifiedNanoseconds ?? 0
    }
    return (used(one), one.generation) < (used(other), other.generation)
  }

  func file(_ stored: StoredImage) -> ImageFile {
    ImageFile(
      path: place(stored.name, .data), size: stored.size, modified: .distantPast, entityTag: "")
  }

  func touch(_ name: CacheName) {
    utimensat(AT_FDCWD, place(name, .data), nil, 0)
  }

  private func meta(of name: CacheName) -> CacheMeta? {
    guard let data = FileManager.default.contents(atPath: place(name, .meta)) else { return nil }
    return try? JSONDecoder().decode(CacheMeta.self, from: data)
  }

  func write(_ meta: CacheMeta, for name: CacheName) throws(DiskTrouble) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(meta) else { throw DiskTrouble(EINVAL) }
    let new = place(name, .newMeta)
    let file = try PartFile(creating: new)
    try file.write(Array(data), at: 0)
    try file.synchronize()
    guard rename(new, place(name, .meta)) == 0 else { throw DiskTrouble() }
  }

  /// The one place where a part becomes whole; its meta file must be there already.
  func publish(_ name: CacheName) throws(DiskTrouble) {
    guard rename(place(name, .part), place(name, .data)) == 0 else { throw DiskTrouble() }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw DiskTrouble() }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw DiskTrouble() }
  }

  /// The bytes go before what says what they are.
  func remove(_ name: CacheName) {
    for suffix in [CacheName.Suffix.data, .part, .newMeta, .meta] { unlink(place(name, suffix)) }
  }

  /// nil when it can't be told.
  var freeBytes: Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let (bytes, overflow) = Int(clamping: status.f_bavail)
      .multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
    return overflow ? .max : bytes
  }
}

/// An `errno`, as a sentence says it.
struct DiskTrouble: Error, Equatable, CustomStringConvertible {
  var code: Int32

  init(_ code: Int32 = errno) {
    self.code = code
  }

  var isFull: Bool { code == ENOSPC || code == EDQUOT }

  var description: String { String(cString: strerror(code)) }
}
