/// TFTP: files that were read and are likely to be asked for again.

/// Keyed by path; an entry is good for one version of the file only. The entry that was not used
/// for the longest time leaves first.
struct TFTPFileCache {
  typealias Version = OpenFile.Version

  private struct Entry {
    var contents: FileContents
    var version: Version
    var used: UInt64
  }

  private let capacity: Int
  private let most: Int
  private var entries: [String: Entry] = [:]
  private(set) var size = 0
  private var uses: UInt64 = 0

  /// `capacity` is in bytes of the files; `most` files are kept.
  init(capacity: Int, most: Int = 1024) {
    self.capacity = capacity
    self.most = most
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
    while size > capacity || entries.count > most,
      let oldest = entries.min(by: { $0.value.used < $1.value.used })
    {
      remove(oldest.key)
    }
  }

  private mutating func remove(_ path: String) {
    if let old = entries.removeValue(forKey: path) { size -= old.contents.count }
  }
}
