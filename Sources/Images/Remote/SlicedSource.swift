/// Images: a part of a body, and its hash checked before the end is given out.

import Crypto
import NIOCore

/// Drops the first `skip` bytes of a body, gives `count`, and where a digest is expected reads the
/// body to its end and holds back the last block until the digest is known to be right.
actor SlicedSource: ByteSource {
  /// Held back until the hash is verified.
  static let heldBack = 64 << 10

  /// A hash to check, with what was hashed before this body began.
  struct Check {
    var hasher: SHA256
    var expected: ImageDigest
    /// Bytes that were hashed and not yet given out.
    var held: ByteBuffer

    init(hasher: SHA256 = SHA256(), expected: ImageDigest, held: ByteBuffer = ByteBuffer()) {
      self.hasher = hasher
      self.expected = expected
      self.held = held
    }
  }

  private enum State {
    case open(any ByteSource, Check?)
    case verified(ByteBuffer)
    case finished
  }

  private let url: RemoteURL
  private var skip: Int
  /// Bytes still to give; nil is up to the end.
  private var count: Int?
  private var state: State

  init(_ source: any ByteSource, url: RemoteURL, skip: Int, count: Int?, check: Check?) {
    self.url = url
    self.skip = skip
    self.count = count
    state = .open(source, check)
  }

  func next() async throws -> ByteBuffer? {
    while true {
      switch state {
      case .finished:
        return nil
      case .verified(let rest):
        state = .finished
        if rest.readableBytes > 0 { return rest }
      case .open(_, nil) where count == 0:
        // Nobody wants the rest.
        state = .finished
      case .open(let source, let check):
        guard let piece = try await source.next() else {
          try end(check)
          continue
        }
        if let wanted = take(piece, source, check) { return wanted }
      }
    }
  }

  private func take(_ piece: ByteBuffer, _ source: any ByteSource, _ check: Check?) -> ByteBuffer? {
    var wanted = piece
    let skipped = min(skip, wanted.readableBytes)
    skip -= skipped
    wanted.moveReaderIndex(forwardBy: skipped)
    if let count {
      let given = min(count, wanted.readableBytes)
      wanted.moveWriterIndex(to: wanted.readerIndex + given)
      self.count = count - given
    }
    guard var check else { return wanted.readableBytes > 0 ? wanted : nil }
    piece.withUnsafeReadableBytes { check.hasher.update(bufferPointer: $0) }
    check.held.writeBuffer(&wanted)
    let free = check.held.readableBytes - Self.heldBack
    let released = free > 0 ? check.held.readSlice(length: free) : nil
    check.held.discardReadBytes()
    state = .open(source, check)
    return released
  }

  private func end(_ check: Check?) throws(RemoteImageError) {
    state = .finished
    if skip > 0 || count ?? 0 > 0 {
      throw RemoteImageError(.upstream, url, "it ended before its last byte")
    }
    guard let check else { return }
    let digest = ImageDigest(check.hasher)
    guard digest == check.expected else {
      throw RemoteImageError(mismatch: url, digest, expected: check.expected)
    }
    state = .verified(check.held)
  }
}

extension RemoteImageError {
  init(mismatch url: RemoteURL, _ digest: ImageDigest, expected: ImageDigest) {
    self.init(.mismatch, url, "its sha256 is \(digest), expected was \(expected)")
  }
}
