/// Images: remote images on disk, each fetched once however many ask for it.

/// Who asks first starts a download; all others follow it, each at its own pace, out of the file
/// that it writes. A download goes on when its readers go: it fills the cache.
package actor ImageCache {
  package struct Settings: Sendable {
    package var directory: String
    /// Bytes for all images together.
    package var size: Int
    /// Seconds for which an image is good when upstream says nothing about it: machines that start
    /// together cause one request.
    package var unsaidFreshness = 60

    package init(directory: String, size: Int) {
      self.directory = directory
      self.size = size
    }
  }

  /// Why there can't be a cache; for the start of the appliance.
  package struct Unusable: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// All that is known of one URL.
  private struct Slot {
    var stored: StoredImage?
    var leftover: CacheFill.Leftover?
    var active: DownloadProgress?
  }

  let directory: CacheDirectory
  let settings: Settings
  let upstream: any ImageUpstream
  let clock: any Clock<Duration>
  /// Seconds since 1970.
  let now: @Sendable () -> Double
  private let lock: CacheLock
  private var slots: [ImageDigest: Slot] = [:]
  private var ledger: CacheLedger
  private var generation: UInt64
  private var downloads: [ImageDigest: Task<Void, Never>] = [:]

  package init(
    _ settings: Settings, upstream: any ImageUpstream,
    clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Double = WallClock.seconds
  ) async throws(Unusable) {
    let directory = CacheDirectory(path: settings.directory)
    let found: CacheDirectory.Found
    do {
      (lock, found) = try await FileThreads.run {
        (try CacheLock(directory), directory.recover())
      }
    } catch {
      throw Unusable(
        description: "the image cache directory \(settings.directory) can't be used: \(error)")
    }
    self.settings = settings
    self.directory = directory
    self.upstream = upstream
    self.clock = clock
    self.now = now
    generation = found.generation
    ledger = CacheLedger(capacity: settings.size)
    for (name, meta) in found.stored.sorted(by: { directory.isUsedBefore($0.key, $1.key) }) {
      guard let whole = meta.whole else { continue }
      ledger.settle(name, bytes: whole.size)
      slots[name.key, default: Slot()].stored = StoredImage(
        name: name, version: meta.version, size: whole.size, digest: whole.digest,
        validated: meta.validated, freshUntil: meta.freshUntil)
    }
    for (name, part) in found.parts {
      ledger.settle(name, bytes: part.bytes)
      slots[name.key, default: Slot()].leftover = CacheFill.Leftover(
        name: name, part: ImageDownload.Part(version: part.meta.version, bytes: part.bytes))
    }
    // The setting may be smaller than it was.
    while ledger.used > ledger.capacity, let name = ledger.evictOldest() { await forget(name) }
  }

  /// Returns when the downloads that run now have ended by themselves.
  package func settle() async {
    for task in Array(downloads.values) { await task.value }
  }

  /// Ends all downloads; what they have is kept for another time.
  package func shutdown() async {
    for task in downloads.values { task.cancel() }
    await settle()
  }

  /// nil when there is no room for it, or nothing to gain: it is to be streamed past the cache.
  func open(_ wish: ImageWish) async throws(RemoteImageError) -> RemoteImage? {
    let key = ImageDigest(of: wish.url.identity)
    if let (stored, image) = await fresh(key, wish.digest) {
      let stage = DownloadProgress.Stage.whole(stored, image)
      return try reader(wish, DownloadProgress(stage)).image(from: stage)
    }
    // Who only asks for the head may never want the body.
    if wish.head, slots[key]?.active == nil { return nil }
    let progress = follow(key, wish)
    do {
      let stage = try await progress.wait {
        if case .asking = $0 { false } else { true }
      }
      if case .whole(let stored, _) = stage, let digest = wish.digest, digest != stored.digest {
        await drop(stored.name)
      }
      return try reader(wish, progress).image(from: stage)
    } catch let error as RemoteImageError {
      throw error
    } catch {
      throw RemoteImageError(.cancelled, wish.url, "it is no longer wanted")
    }
  }

  private func reader(_ wish: ImageWish, _ progress: DownloadProgress) -> CacheReader {
    CacheReader(wish: wish, progress: progress, upstream: upstream) { [weak self] name in
      await self?.drop(name)
    }
  }

  /// A stored image that may be given out without asking upstream: it is fresh, or its hash says
  /// that it is the one.
  private func fresh(
    _ key: ImageDigest, _ digest: ImageDigest?
  ) async -> (StoredImage, OpenImage)? {
    guard let stored = slots[key]?.stored,
      digest.map({ $0 == stored.digest }) ?? stored.isFresh(at: now())
    else { return nil }
    guard let image = await open(stored) else {
      await drop(stored.name)
      return nil
    }
    return (stored, image)
  }

  /// nil when its file is no longer what it was.
  func open(_ stored: StoredImage) async -> OpenImage? {
    ledger.touch(stored.name)
    let directory = directory
    return try? await FileThreads.run {
      directory.touch(stored.name)
      let image = OpenImage(directory.file(stored))
      return image?.file.size == stored.size ? image : nil
    }
  }

  private func follow(_ key: ImageDigest, _ wish: ImageWish) -> DownloadProgress {
    if let active = slots[key]?.active { return active }
    let progress = DownloadProgress()
    let before: CacheFill.Before
    if let stored = slots[key]?.stored {
      // With another hash than the wanted one it is worth nothing.
      before = wish.digest == nil ? .stored(stored) : .nothing
    } else if let leftover = slots[key]?.leftover {
      ledger.hold(leftover.name)
      before = .leftover(leftover)
    } else {
      before = .nothing
    }
    slots[key, default: Slot()].leftover = nil
    slots[key, default: Slot()].active = progress
    let fill = CacheFill(
      cache: self, key: key, url: wish.url, proxy: wish.proxy, before: before, progress: progress)
    downloads[key] = Task {
      var fill = fill
      await fill.run()
    }
    return progress
  }
}

// What a download asks of the cache.
extension ImageCache {
  func newName(_ key: ImageDigest) -> CacheName {
    generation += 1
    return CacheName(key: key, generation: generation)
  }

  /// Room for `bytes` in all, of which `written` are on the disk already.
  func reserve(_ bytes: Int, for name: CacheName, written: Int) async -> Bool {
    guard let evicted = ledger.reserve(bytes, for: name) else { return false }
    for old in evicted { await forget(old) }
    let directory = directory
    guard let free = try? await FileThreads.run({ directory.freeBytes }) else { return true }
    guard let more = ledger.evict(bytes - written - free) else { return false }
    for old in more { await forget(old) }
    return true
  }

  /// Gives up the oldest image; false when there is none.
  func makeRoom() async -> Bool {
    guard let name = ledger.evictOldest() else { return false }
    await forget(name)
    return true
  }

  func keep(_ stored: StoredImage) async {
    ledger.settle(stored.name, bytes: stored.size)
    let old = slots[stored.name.key]?.stored
    slots[stored.name.key, default: Slot()].stored = stored
    if let old, old.name != stored.name {
      ledger.remove(old.name)
      await remove(old.name)
    }
  }

  /// A new time of freshness for a stored image; nothing when it was evicted meanwhile.
  func refresh(_ stored: StoredImage) async {
    guard slots[stored.name.key]?.stored?.name == stored.name else { return }
    slots[stored.name.key]?.stored = stored
  }

  func keep(_ leftover: CacheFill.Leftover) {
    ledger.settle(leftover.name, bytes: leftover.part.bytes)
    slots[leftover.name.key, default: Slot()].leftover = leftover
  }

  func drop(_ name: CacheName) async {
    ledger.remove(name)
    await forget(name)
  }

  /// Who asks from now on starts anew.
  func finished(_ key: ImageDigest) {
    downloads[key] = nil
    slots[key]?.active = nil
    if let slot = slots[key], slot.stored == nil, slot.leftover == nil { slots[key] = nil }
  }

  private func forget(_ name: CacheName) async {
    if slots[name.key]?.stored?.name == name { slots[name.key]?.stored = nil }
    if slots[name.key]?.leftover?.name == name { slots[name.key]?.leftover = nil }
    await remove(name)
  }

  private func remove(_ name: CacheName) async {
    let directory = directory
    try? await FileThreads.run { directory.remove(name) }
  }
}
