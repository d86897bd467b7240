/// Images: one download into the cache; the I/O around `ImageDownload`.

import Foundation
import NIOCore

/// Does what the state machine says, until there is nothing more to do.
struct CacheFill: Sendable {
  struct Leftover: Equatable, Sendable {
    var name: CacheName
    var part: ImageDownload.Part
  }

  enum Before: Sendable {
    case nothing
    case leftover(Leftover)
    case stored(StoredImage)
  }

  /// The part that is being written.
  private struct Target {
    var name: CacheName
    var version: ImageVersion
    var file: PartFile
    var reader: OpenImage
    var written: Int
    var reserved: Int
  }

  /// Room that is asked for at a time while the length is not known.
  private static let step = 16 << 20

  private let cache: ImageCache
  private let key: ImageDigest
  private let proxy: RemoteURL?
  private let before: Before
  private let progress: DownloadProgress
  private var download: ImageDownload
  private var target: Target?
  private var body: (any ByteSource)?
  private var freshness = Freshness(cacheControl: nil, age: nil, unsaid: 0)
  private var headArrived = 0.0

  init(
    cache: ImageCache, key: ImageDigest, url: RemoteURL, proxy: RemoteURL?, before: Before,
    progress: DownloadProgress
  ) {
    self.cache = cache
    self.key = key
    self.proxy = proxy
    self.before = before
    self.progress = progress
    download = ImageDownload(url: url)
  }

  mutating func run() async {
    var effect: ImageDownload.Effect? =
      switch before {
      case .nothing: download.start(.nothing)
      case .leftover(let leftover): download.start(.part(leftover.part))
      case .stored(let stored): download.start(.stored(stored.version))
      }
    while let next = effect { effect = await perform(next) }
  }

  /// nil at the end.
  private mutating func perform(_ effect: ImageDownload.Effect) async -> ImageDownload.Effect? {
    switch effect {
    case .request(let conditions):
      return await ask(conditions)
    case .store(let version, let keep, let skip):
      guard let body else { return download.ended() }
      if target == nil { target = await open(version, keep: keep) }
      guard target != nil else {
        await finish(.passThrough)
        return nil
      }
      return await take(body, skip: skip)
    case .pause(let duration):
      body = nil
      do { try await cache.clock.sleep(for: duration) } catch {
        return download.broke(trouble(error))
      }
      return download.resume()
    case .readOn:
      return download.ended()
    case .publish:
      await publish()
    case .unchanged:
      return await serveStored(from: headArrived, lifetime: freshness.lifetime, or: nil)
    case .useStale(let error):
      // A short while without asking, or each of many machines waits for the same dead mirror.
      let lifetime = min(cache.settings.unsaidFreshness, 30)
      return await serveStored(from: cache.now(), lifetime: lifetime, or: error)
    case .spill:
      if let target {
        await cache.drop(target.name)
        await finish(
          .spilled(target.version, target.reader, written: target.written, target.file.hash))
      }
    case .fail(let error, let keepsPart):
      await fail(error, keepsPart: keepsPart)
    }
    return nil
  }

  private mutating func ask(_ conditions: UpstreamConditions) async -> ImageDownload.Effect {
    body = nil
    do {
      let response = try await cache.upstream.fetch(
        UpstreamRequest(url: download.url, proxy: proxy, conditions: conditions))
      body = response.body
      headArrived = cache.now()
      freshness = Freshness(
        cacheControl: response.head.cacheControl, age: response.head.age,
        unsaid: cache.settings.unsaidFreshness)
      return download.receive(response.head)
    } catch {
      return download.broke(error)
    }
  }

  /// nil when there is no room, or the disk does not want it.
  private func open(_ version: ImageVersion, keep: Int) async -> Target? {
    var name: CacheName?
    if case .leftover(let leftover) = before {
      if keep > 0 { name = leftover.name } else { await cache.drop(leftover.name) }
    }
    let new = name == nil
    let used: CacheName
    if let name { used = name } else { used = await cache.newName(key) }
    let room = version.total ?? (keep + min(Self.step, cache.settings.size / 16))
    guard await cache.reserve(room, for: used, written: keep) else {
      await cache.drop(used)
      return nil
    }
    let directory = cache.directory
    let meta = CacheMeta(
      url: "\(download.url)", version: version, bootID: directory.bootID)
    let files = try? await FileThreads.run {
      // First what it is, then the bytes: a part without its meta file is rubbish.
      try directory.write(meta, for: used)
      let place = directory.place(used, .part)
      let file =
        try new ? PartFile(creating: place) : PartFile(resuming: place, bytes: keep)
      let reader = OpenImage(
        ImageFile(path: place, size: keep, modified: .distantPast, entityTag: ""))
      guard let reader else { throw DiskTrouble(ENOENT) }
      return (file, reader)
    }
    guard let (file, reader) = files else {
      await cache.drop(used)
      return nil
    }
    progress.advance(to: .following(version, reader, written: keep))
    return Target(
      name: used, version: version, file: file, reader: reader, written: keep, reserved: room)
  }

  private mutating func take(_ body: any ByteSource, skip: Int) async -> ImageDownload.Effect {
    var skip = skip
    while true {
      let next: ByteBuffer?
      do { next = try await body.next() } catch { return download.broke(trouble(error)) }
      guard var piece = next else {
        guard skip == 0 else {
          return download.broke(
            RemoteImageError(.upstream, download.url, "the connection ended too early"))
        }
        return download.ended()
      }
      let skipped = min(skip, piece.readableBytes)
      skip -= skipped
      piece.moveReaderIndex(forwardBy: skipped)
      guard piece.readableBytes > 0 else { continue }
      guard await write(piece) else { return download.diskIsFull() }
      let effect = download.received(piece.readableBytes)
      guard effect == .readOn, let target else { return effect }
      progress.advance(to: .following(target.version, target.reader, written: target.written))
    }
  }

  private mutating func write(_ piece: ByteBuffer) async -> Bool {
    guard var target else { return false }
    let end = target.written + piece.readableBytes
    if end > target.reserved, target.version.total == nil {
      let room = end + min(Self.step, cache.settings.size / 16)
      guard await cache.reserve(room, for: target.name, written: target.written) else {
        return false
      }
      target.reserved = room
    }
    let (file, position) = (target.file, target.written)
    while true {
      do {
        try await FileThreads.run { try file.append(piece, at: position) }
        break
      } catch {
        guard (error as? DiskTrouble)?.isFull == true, await cache.makeRoom() else {
          return false
        }
      }
    }
    target.written = end
    self.target = target
    return true
  }

  private mutating func publish() async {
    guard var target else { return }
    target.version.total = target.written
    let stored = StoredImage(
      name: target.name, version: target.version, size: target.written,
      digest: ImageDigest(target.file.hash), validated: headArrived,
      freshUntil: headArrived + Double(freshness.lifetime))
    let (directory, file, mayKeep) = (cache.directory, target.file, freshness.mayKeep)
    let meta = meta(of: stored)
    let kept = try? await FileThreads.run {
      guard mayKeep else { throw DiskTrouble(ENOENT) }
      try file.synchronize()
      try directory.write(meta, for: stored.name)
      try directory.publish(stored.name)
      return OpenImage(directory.file(stored))
    }
    // Without a name in the cache it is still whole for those who read it now.
    if kept != nil { await cache.keep(stored) } else { await cache.drop(target.name) }
    await finish(.whole(stored, (kept ?? nil) ?? target.reader))
  }

  private mutating func serveStored(
    from validated: Double, lifetime: Int, or error: RemoteImageError?
  ) async -> ImageDownload.Effect? {
    guard case .stored(var stored) = before else { return nil }
    guard let image = await cache.open(stored) else {
      await cache.drop(stored.name)
      guard let error else {
        download = ImageDownload(url: download.url)
        return download.start(.nothing)
      }
      await finish(.failed(error))
      return nil
    }
    stored.validated = validated
    stored.freshUntil = validated + Double(lifetime)
    let (directory, meta, name) = (cache.directory, meta(of: stored), stored.name)
    if error == nil { try? await FileThreads.run { try directory.write(meta, for: name) } }
    await cache.refresh(stored)
    await finish(.whole(stored, image))
    return nil
  }

  private mutating func fail(_ error: RemoteImageError, keepsPart: Bool) async {
    switch (target, before) {
    case (let target?, _) where keepsPart && freshness.mayKeep && target.written > 0:
      await cache.keep(
        Leftover(
          name: target.name,
          part: ImageDownload.Part(version: target.version, bytes: target.written)))
    case (let target?, _):
      await cache.drop(target.name)
    case (nil, .leftover(let leftover)):
      if keepsPart { await cache.keep(leftover) } else { await cache.drop(leftover.name) }
    case (nil, .stored(let stored)) where error.kind == .notFound:
      await cache.drop(stored.name)
    default:
      break
    }
    await finish(.failed(error))
  }

  /// Before the followers hear of the end, the next who asks must not find this download any more.
  private mutating func finish(_ stage: DownloadProgress.Stage) async {
    body = nil
    target = nil
    await cache.finished(key)
    progress.advance(to: stage)
  }

  private func meta(of stored: StoredImage) -> CacheMeta {
    CacheMeta(
      url: "\(download.url)", version: stored.version, validated: stored.validated,
      freshUntil: stored.freshUntil, bootID: cache.directory.bootID,
      whole: CacheMeta.Whole(size: stored.size, digest: stored.digest))
  }

  private func trouble(_ error: any Error) -> RemoteImageError {
    RemoteImageError(reading: download.url, error)
  }
}
