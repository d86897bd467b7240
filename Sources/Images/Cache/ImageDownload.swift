/// Images: the life of one download into the cache, decided without network and disk.

/// Input in, effect out. From the first request to a whole file, over as many interruptions as
/// upstream allows.
struct ImageDownload: Equatable, Sendable {
  /// Bytes from the beginning of a version that are on disk.
  struct Part: Equatable, Sendable {
    var version: ImageVersion
    var bytes: Int
  }

  /// What was there before the first request.
  enum Before: Equatable, Sendable {
    case nothing
    /// Left over by an earlier run.
    case part(Part)
    /// A whole image that is no longer fresh.
    case stored(ImageVersion)
  }

  /// Interruptions: in a row without a byte, and all.
  struct Tries: Equatable, Sendable {
    var inRow = 0
    var all = 0
  }

  enum State: Equatable, Sendable {
    case idle
    case asking(Before)
    case downloading(Part, Tries)
    case interrupted(Part, Tries)
    case resuming(Part, Tries)
    case complete
    /// The disk holds no more; who follows goes on alone.
    case spilled(Part)
    case failed(RemoteImageError)
  }

  enum Effect: Equatable, Sendable {
    case request(UpstreamConditions)
    /// Cut the part to `keep` bytes, drop the first `skip` of the body, append the rest.
    case store(ImageVersion, keep: Int, skip: Int)
    case readOn
    case pause(Duration)
    /// All bytes are on disk.
    case publish
    /// What is stored is still right.
    case unchanged
    /// What is stored may be old, but upstream can't be asked (RFC 9111 §4.2.4).
    case useStale(RemoteImageError)
    case spill
    case fail(RemoteImageError, keepsPart: Bool)
  }

  static let triesInRow = 5
  static let triesAtAll = 100

  let url: RemoteURL
  private(set) var state = State.idle

  init(url: RemoteURL) {
    self.url = url
  }

  mutating func start(_ before: Before) -> Effect {
    guard case .part(var part) = before else {
      state = .asking(before)
      guard case .stored(let version) = before else { return .request(UpstreamConditions()) }
      return .request(
        UpstreamConditions(
          ifNoneMatch: version.entityTag, ifModifiedSince: version.lastModified))
    }
    // All bytes but no end: the last byte is asked for again, a range after it would be refused.
    if let total = part.version.total { part.bytes = min(part.bytes, total - 1) }
    guard part.bytes > 0, part.version.strongValidator != nil else { return start(.nothing) }
    state = .asking(.part(part))
    return .request(Self.rest(of: part))
  }

  mutating func receive(_ head: UpstreamHead) -> Effect {
    switch state {
    case .asking(let before): return receive(head, after: before)
    case .resuming(let part, let tries): return receive(head, resuming: part, tries)
    default: return fail("it answered when nothing was asked", keepsPart: false)
    }
  }

  mutating func received(_ count: Int) -> Effect {
    guard case .downloading(var part, var tries) = state else { return .readOn }
    let (bytes, overflow) = part.bytes.addingReportingOverflow(count)
    if overflow || bytes > part.version.total ?? .max {
      return fail("the server sent more bytes than it announced", keepsPart: false)
    }
    part.bytes = bytes
    if count > 0 { tries.inRow = 0 }
    state = .downloading(part, tries)
    return .readOn
  }

  mutating func ended() -> Effect {
    guard case .downloading(let part, _) = state else {
      return fail("it ended before it began", keepsPart: false)
    }
    if let total = part.version.total, part.bytes < total {
      return broke(
        RemoteImageError(
          .upstream, url, "the connection ended after \(part.bytes) of \(total) bytes"))
    }
    state = .complete
    return .publish
  }

  mutating func broke(_ error: RemoteImageError) -> Effect {
    switch state {
    case .asking(.stored) where error.kind == .upstream:
      state = .complete
      return .useStale(error)
    case .asking(.part):
      return fail(error, keepsPart: error.kind != .notFound)
    // Broken, but after the last byte.
    case .downloading(let part, _) where part.bytes == part.version.total:
      state = .complete
      return .publish
    case .downloading(let part, let tries), .resuming(let part, let tries),
      .interrupted(let part, let tries):
      return interrupt(part, tries, error)
    default:
      return fail(error, keepsPart: false)
    }
  }

  /// After the pause.
  mutating func resume() -> Effect {
    guard case .interrupted(let part, let tries) = state else { return .readOn }
    state = .resuming(part, tries)
    return .request(part.bytes > 0 ? Self.rest(of: part) : UpstreamConditions())
  }

  mutating func diskIsFull() -> Effect {
    guard case .downloading(let part, _) = state else { return .readOn }
    state = .spilled(part)
    return .spill
  }
}

extension ImageDownload {
  private mutating func receive(_ head: UpstreamHead, after before: Before) -> Effect {
    switch (head.status, before) {
    case (304, .stored):
      state = .complete
      return .unchanged
    case (200, .part(let part)) where part.version.isSame(as: head.version):
      return store(part, skip: part.bytes, Tries())
    case (200, _):
      return store(Part(version: head.version, bytes: 0), skip: 0, Tries())
    case (206, .part(let part)) where Self.continues(part, head):
      return store(Self.completed(part, head), skip: 0, Tries())
    // The range is not ours, or there is none any more: from the beginning.
    case (206, .part), (416, .part):
      return start(.nothing)
    case (206, _), (304, _):
      return fail("it answered \(head.status), which was not asked for", keepsPart: false)
    default:
      let error = head.trouble(url) ?? RemoteImageError(.upstream, url, "it made no sense")
      return broke(error)
    }
  }

  private mutating func receive(
    _ head: UpstreamHead, resuming part: Part, _ tries: Tries
  ) -> Effect {
    switch head.status {
    case 200 where part.version.isSame(as: head.version):
      // It refuses ranges, but it is the same file.
      return store(part, skip: part.bytes, tries)
    case 206 where Self.continues(part, head):
      return store(Self.completed(part, head), skip: 0, tries)
    case 200, 206, 304, 416:
      return fail(
        RemoteImageError(.changed, url, "the server has another file now than a moment ago"),
        keepsPart: false)
    case 408, 425, 429, 500...:
      return interrupt(
        part, tries,
        RemoteImageError(.upstream, url, "the server answered with status \(head.status)"))
    default:
      let error = head.trouble(url) ?? RemoteImageError(.upstream, url, "it made no sense")
      return fail(error, keepsPart: false)
    }
  }

  private mutating func store(_ part: Part, skip: Int, _ tries: Tries) -> Effect {
    state = .downloading(part, tries)
    return .store(part.version, keep: part.bytes, skip: skip)
  }

  private mutating func interrupt(
    _ part: Part, _ tries: Tries, _ error: RemoteImageError
  ) -> Effect {
    guard error.kind == .upstream, part.version.strongValidator != nil,
      tries.inRow < Self.triesInRow, tries.all < Self.triesAtAll
    else { return fail(error, keepsPart: part.version.strongValidator != nil) }
    let next = Tries(inRow: tries.inRow + 1, all: tries.all + 1)
    state = .interrupted(part, next)
    return .pause(.milliseconds(250) * (1 << tries.inRow))
  }

  private mutating func fail(_ reason: String, keepsPart: Bool) -> Effect {
    fail(RemoteImageError(.upstream, url, reason), keepsPart: keepsPart)
  }

  private mutating func fail(_ error: RemoteImageError, keepsPart: Bool) -> Effect {
    state = .failed(error)
    return .fail(error, keepsPart: keepsPart)
  }

  private static func rest(of part: Part) -> UpstreamConditions {
    UpstreamConditions(range: "bytes=\(part.bytes)-", ifRange: part.version.strongValidator)
  }

  private static func continues(_ part: Part, _ head: UpstreamHead) -> Bool {
    guard let range = head.contentRange, range.bytes?.lowerBound == part.bytes else {
      return false
    }
    func fits<Value: Equatable>(_ ours: Value?, _ theirs: Value?) -> Bool {
      ours == nil || theirs == nil || ours == theirs
    }
    return fits(part.version.total, range.size)
      && fits(part.version.entityTag, head.entityTag)
      && fits(part.version.lastModified, head.lastModified)
  }

  private static func completed(_ part: Part, _ head: UpstreamHead) -> Part {
    var part = part
    part.version.total = part.version.total ?? head.contentRange?.size
    return part
  }
}
