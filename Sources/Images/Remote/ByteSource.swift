/// Images: bytes that arrive in pieces.

package import NIOCore

/// A body, asked for one piece at a time; the next piece is not fetched before it is asked for, so a
/// slow taker slows the giver. Letting go of it ends it.
package protocol ByteSource: AnyObject, Sendable {
  /// nil at the end, and ever after.
  func next() async throws -> ByteBuffer?
}

/// One piece of a body.
package enum BodyPiece: Sendable {
  case bytes(ByteBuffer)
  /// Bytes that are in a file: the kernel can send them.
  case file(OpenImage, Range<Int>)
}

/// A body that lies, in whole or in part, in a file.
protocol FileBackedSource: ByteSource {
  /// nil at the end, and ever after.
  func nextPiece() async throws -> BodyPiece?
}

/// The body of a remote image, for one reader.
package struct RemoteImageBody: AsyncSequence, Sendable {
  package struct AsyncIterator: AsyncIteratorProtocol {
    let source: any ByteSource

    /// Throws a `RemoteImageError` or `CancellationError`.
    package mutating func next() async throws -> ByteBuffer? {
      try await source.next()
    }
  }

  let source: any ByteSource

  /// Throws as the iterator does. For one reader, who does not iterate besides.
  package func nextPiece() async throws -> BodyPiece? {
    if let source = source as? any FileBackedSource { return try await source.nextPiece() }
    return try await source.next().map(BodyPiece.bytes)
  }

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(source: source)
  }
}

/// No bytes: the answer to HEAD.
final class EmptySource: ByteSource {
  func next() async throws -> ByteBuffer? { nil }
}
