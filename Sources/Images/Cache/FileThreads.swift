/// Images: reading and writing files off the threads that must not block.

import Foundation
import NIOCore
import NIOPosix

/// A disk may take its time; the concurrency threads may not.
enum FileThreads {
  /// Runs to its end also in a cancelled task: what is begun on the disk is finished there.
  static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      NIOThreadPool.singleton.submit { state in
        switch state {
        case .active: continuation.resume(with: Result { try work() })
        case .cancelled: continuation.resume(throwing: CancellationError())
        }
      }
    }
  }
}

extension OpenImage {
  /// Up to `count` bytes at `position`, at least one; the end of the file is an error, since who
  /// asks knows how long it is.
  func read(at position: Int, upTo count: Int) async throws -> ByteBuffer {
    try await FileThreads.run {
      var buffer = ByteBufferAllocator().buffer(capacity: count)
      let (descriptor, place) = (self.descriptor, off_t(position))
      let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
        max(0, pread(descriptor, room.baseAddress, min(count, room.count), place))
      }
      guard got > 0 else { throw DiskTrouble(EIO) }
      return buffer
    }
  }
}
