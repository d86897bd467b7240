/// TFTP: files that were read and are likely to be asked for again.

/// Keyed by path; an entry is good for one version of the file only. The entry that was not used
/// for the longest time leaves first.
struct TFTPFileCache {
  /// Changes whenever the file does.
  struct Version: Equatable {
    var size: Int
    var seconds: Int
    var nanoseconds: Int
    var inode: UInt64
  }

  private struct Entry {
    var contents: FileContents
    var version: Version
    var used: UInt64
  }

  private let capacity: Int
  private var entries: [String: Entry] = [:]
  private(set) var size = 0
  private var uses: UInt64 = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  mutating func contents(_ path: String, _ version: Version) -> FileContents? {
    guard let entry = entries[path], entry.version == version else { return nil }
    uses += 1
    entries[path]?.used = uses
    return entry.contents
  }

  mutating func store(_ contents: FileContents, _ path: String, _ version: Version) {
    remove(path)
    guard contents.count <= capacity else { return }
    uses += 1
    entries[path] = Entry(contents: contents, version: version, used: uses)
    size += contents.count
    // Empty files count as well, or their number would have no bound.
    while size > capacity || entries.count > 1024,
      let oldest = entries.min(by: { $0.value.used < $1.value.used })
    {
      remove(oldest.key)
    }
  }

  private mutating func remove(_ path: String) {
    if let old = entries.removeValue(forKey: path) { size -= old.contents.count }
  }
}
