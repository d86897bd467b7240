/// TFTP: a large file, read in slices while it is being sent.

import Dispatch

/// Slices are read once for all transfers, off their threads, and are kept as long as there is room
/// (`SliceShelf`). The file is not mapped: a mapped file that somebody truncates kills the process.
/// Before and after each slice the file is compared with what it was at first; if it has changed, no
/// slice is read any more, and the transfers that need one end: nobody gets old and new bytes.
final class SlicedFile: Sendable {
  /// Whoever reads in these first bytes of a slice has the next one read: longer than any window, so
  /// that every transfer passes here.
  private static let entrance = 256 * 1024

  private let file: OpenFile
  private let version: OpenFile.Version
  private let shelf: SliceShelf
  private let slices: [FileSlice]

  init(_ file: OpenFile, _ version: OpenFile.Version, shelf: SliceShelf) {
    self.file = file
    self.version = version
    self.shelf = shelf
    let count = (version.size + FileSlice.size - 1) / FileSlice.size
    slices = (0..<count).map { _ in FileSlice() }
  }

  deinit {
    shelf.remove(slices)
  }

  var size: Int { version.size }

  /// nil when the slice is not in memory, or `offset` not in the file.
  func withPiece<Result>(
    at offset: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    let index = offset / FileSlice.size
    guard slices.indices.contains(index), let bytes = slices[index].use() else { return nil }
    if offset % FileSlice.size < Self.entrance { prefetch(slice: index + 1) }
    return bytes.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0.dropFirst(offset % FileSlice.size)))
    }
  }

  /// Also reads ahead, so that the transfer need not wait again at the end of this slice. `done` is
  /// called on the reader's thread, or at once.
  func load(at offset: Int, _ done: @escaping @Sendable (Bool) -> Void) {
    let index = offset / FileSlice.size
    guard slices.indices.contains(index) else { return done(false) }
    load(slice: index, done)
    prefetch(slice: index + 1)
  }

  /// The whole file, read on this thread.
  func readAll() -> [UInt8]? {
    guard file.version == version, let bytes = file.read(at: 0, count: size),
      file.version == version
    else { return nil }
    return bytes
  }

  private func prefetch(slice index: Int) {
    if slices.indices.contains(index), slices[index].isAbsent { load(slice: index) { _ in } }
  }

  private func load(slice index: Int, _ done: @escaping @Sendable (Bool) -> Void) {
    switch slices[index].wait(done) {
    case .isHere: done(true)
    case .isComing: break
    case .mustRead: shelf.reader.async { self.read(slice: index) }
    }
  }

  private func read(slice index: Int) {
    let start = index * FileSlice.size
    let count = min(FileSlice.size, size - start)
    var bytes: [UInt8]?
    if file.version == version { bytes = file.read(at: start, count: count) }
    if file.version != version { bytes = nil }
    let waiting = slices[index].settle(bytes)
    if bytes != nil { shelf.add(slices[index], count: count) }
    for done in waiting { done(bytes != nil) }
  }
}
