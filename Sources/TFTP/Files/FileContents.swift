/// TFTP: the bytes of a file, shared by all transfers of it.

/// Immutable. Copies share the same memory; the kernel copies a piece into the packet that carries it.
package struct FileContents: Sendable {
  private enum Storage: Sendable {
    case owned([UInt8])
    case constant(ConstantBytes)
    case sliced(SlicedFile)
  }

  private let storage: Storage

  /// Memory that this process owns.
  package init(_ bytes: [UInt8]) {
    storage = .owned(bytes)
  }

  /// Read-only data of the executable.
  package init(_ bytes: ConstantBytes) {
    storage = .constant(bytes)
  }

  /// A large file, of which only what is being sent is in memory.
  init(_ file: SlicedFile) {
    storage = .sliced(file)
  }

  package var count: Int {
    switch storage {
    case .owned(let bytes): bytes.count
    case .constant(let bytes): bytes.count
    case .sliced(let file): file.size
    }
  }

  /// The pointer is valid inside `body` only. A large file is read for it, on this thread; one that
  /// cannot be read any more is empty. Whoever sends takes `withPiece`.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch storage {
    case .owned(let bytes): bytes.withUnsafeBytes(body)
    case .constant(let bytes): bytes.withUnsafeBytes(body)
    case .sliced(let file): (file.readAll() ?? []).withUnsafeBytes(body)
    }
  }

  /// The same in memory as a whole; nil when it is no longer what it was.
  var whole: FileContents? {
    if case .sliced(let file) = storage { file.readAll().map { FileContents($0) } } else { self }
  }

  /// The bytes from `offset` on that lie in memory in one piece, for the time of `body`; nil when they
  /// are not in memory: ask for them with `load`. Empty at the end of the file.
  func withPiece<Result>(
    at offset: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    guard (0..<count).contains(offset) else {
      return body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    let rest = { (bytes: UnsafeRawBufferPointer) in
      body(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(offset)))
    }
    return switch storage {
    case .owned(let bytes): bytes.withUnsafeBytes(rest)
    case .constant(let bytes): bytes.withUnsafeBytes(rest)
    case .sliced(let file): file.withPiece(at: offset, body)
    }
  }

  /// Reads what is at `offset` and calls `done` on some thread: whether it is in memory now; false
  /// when the file is no longer what it was.
  func load(at offset: Int, _ done: @escaping @Sendable (Bool) -> Void) {
    if case .sliced(let file) = storage { file.load(at: offset, done) } else { done(true) }
  }
}

/// Bytes that are in the executable itself: they are there before `main`, never change, never go
/// away.
///
/// This is the C boundary for embedded files. A pointer is not `Sendable` because nobody can know
/// who else writes there or frees it; for read-only data of the executable nobody does either.
package struct ConstantBytes: @unchecked Sendable {
  private let bytes: UnsafeRawBufferPointer

  /// `bytes` must be read-only data of the executable (a C `const` array), nothing else.
  package init(executableData bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  package var count: Int { bytes.count }

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(bytes)
  }
}
