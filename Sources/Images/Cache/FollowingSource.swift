/// Images: a body that is read out of the cache's file while that grows.

import NIOCore

/// One reader's place in a file. It waits for the writer only where the file ends.
actor FollowingSource: FileBackedSource {
  private enum Mode {
    case file
    case streaming(any ByteSource)
    case finished
  }

  /// In memory, and out of the file by the kernel.
  private static let (piece, extent) = (256 << 10, 4 << 20)

  private let reader: CacheReader
  private var position: Int
  /// nil until the length is known.
  private let end: Int?
  private var mode = Mode.file

  init(_ reader: CacheReader, position: Int, end: Int?) {
    self.reader = reader
    self.position = position
    self.end = end
  }

  func next() async throws -> ByteBuffer? {
    switch try await piece(upTo: Self.piece) {
    case nil: return nil
    case .bytes(let bytes): return bytes
    case .file(let image, let range):
      do {
        var bytes = try await image.read(at: range.lowerBound, upTo: range.count)
        while bytes.readableBytes < range.count {
          var more = try await image.read(
            at: range.lowerBound + bytes.readableBytes, upTo: range.count - bytes.readableBytes)
          bytes.writeBuffer(&more)
        }
        return bytes
      } catch {
        mode = .finished
        throw RemoteImageError(reading: reader.wish.url, error)
      }
    }
  }

  func nextPiece() async throws -> BodyPiece? {
    try await piece(upTo: Self.extent)
  }

  private func piece(upTo count: Int) async throws -> BodyPiece? {
    do {
      while true {
        switch mode {
        case .finished:
          return nil
        case .streaming(let source):
          return try await source.next().map(BodyPiece.bytes)
        case .file:
          if let piece = try await readFile(upTo: count) { return piece }
        }
      }
    } catch {
      mode = .finished
      throw RemoteImageError(reading: reader.wish.url, error)
    }
  }

  /// nil when the mode has changed.
  private func readFile(upTo count: Int) async throws -> BodyPiece? {
    // The last block is held back until the hash is known.
    let heldBack = reader.wish.digest == nil ? 0 : SlicedSource.heldBack
    let (position, end) = (position, end)
    @Sendable func limit(_ written: Int) -> Int { min(written, end ?? written) - heldBack }

    let stage = try await reader.progress.wait { stage in
      switch stage {
      case .following(_, _, let written):
        limit(written) > position || (heldBack == 0 && position == end)
      case .asking: false
      default: true
      }
    }
    switch stage {
    case .asking, .passThrough:
      throw RemoteImageError(.upstream, reader.wish.url, "the download was lost")
    case .failed(let error):
      throw error
    case .following(_, let image, let written):
      return read(image, to: limit(written), count)
    case .whole(let stored, let image):
      if let digest = reader.wish.digest, digest != stored.digest {
        await reader.spoiled(stored.name)
        throw RemoteImageError(mismatch: reader.wish.url, stored.digest, expected: digest)
      }
      return read(image, to: min(stored.size, end ?? stored.size), count)
    case .spilled(let version, let image, let written, let hasher):
      if limit(written) > position { return read(image, to: limit(written), count) }
      var held = ByteBuffer()
      while let digest = reader.wish.digest {
        let place = position + held.readableBytes
        if place >= min(written, end ?? written) {
          try await stream(version, written, .init(hasher: hasher, expected: digest, held: held))
          return nil
        }
        var piece = try await image.read(
          at: place, upTo: min(written, end ?? written) - place)
        held.writeBuffer(&piece)
      }
      try await stream(version, written, nil)
      return nil
    }
  }

  private func read(_ image: OpenImage, to limit: Int, _ count: Int) -> BodyPiece? {
    guard position < limit else {
      mode = .finished
      return nil
    }
    let range = position..<(position + min(count, limit - position))
    position = range.upperBound
    return .file(image, range)
  }

  private func stream(
    _ version: ImageVersion, _ written: Int, _ check: SlicedSource.Check?
  ) async throws {
    let given = position + (check?.held.readableBytes ?? 0)
    // A hash needs all bytes after those that it has.
    let start = check == nil ? max(given, written) : written
    if check == nil, let end, end <= given {
      mode = .finished
      return
    }
    let (body, skip) = try await reader.rest(version, from: start)
    let source: any ByteSource = body
    // Bytes of an answer that begins at 0 were hashed already: they go before the check sees them.
    let rest =
      skip == 0
      ? source : SlicedSource(source, url: reader.wish.url, skip: skip, count: nil, check: nil)
    mode = .streaming(
      SlicedSource(
        rest, url: reader.wish.url, skip: max(0, given - start),
        count: end.map { max(0, $0 - max(given, start)) }, check: check))
  }
}
