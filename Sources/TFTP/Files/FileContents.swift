/// TFTP: the bytes of a file, shared by all transfers of it.

/// Immutable. Copies share the same memory; a piece is copied only into the packet that carries it.
package struct FileContents: Sendable {
  private enum Storage: Sendable {
    case owned([UInt8])
    case constant(ConstantBytes)
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

  package var count: Int {
    switch storage {
    case .owned(let bytes): bytes.count
    case .constant(let bytes): bytes.count
    }
  }

  /// The pointer is valid inside `body` only.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch storage {
    case .owned(let bytes): bytes.withUnsafeBytes(body)
    case .constant(let bytes): bytes.withUnsafeBytes(body)
    }
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
