/// TFTPTests: large files, of which only parts are in memory.

import Fixtures
import Foundation
import Synchronization
import Testing

@testable import TFTP

/// A large file that is removed with its owner.
private final class LargeFile {
  static let size = 3 * FileSlice.size + 1000
  let path = NSTemporaryDirectory() + "tftp-large-\(UUID().uuidString)"
  let bytes: [UInt8]
  let shelf: SliceShelf

  init(shelf capacity: Int = .max) throws {
    var random = SeededRandom(seed: 5)
    bytes = (0..<Self.size / 8 + 1).flatMap { _ in
      withUnsafeBytes(of: UInt64.random(in: .min ... .max, using: &random)) { Array($0) }
    }
    shelf = SliceShelf(capacity: capacity)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  func open() throws -> SlicedFile {
    let file = OpenFile(descriptor: Glibc.open(path, O_RDONLY))
    return SlicedFile(file, try #require(file.version), shelf: shelf)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

extension SlicedFile {
  fileprivate func loaded(at offset: Int) async -> Bool {
    await withCheckedContinuation { done in load(at: offset) { done.resume(returning: $0) } }
  }

  fileprivate func bytes(at offset: Int, _ count: Int) -> [UInt8]? {
    withPiece(at: offset) { Array($0.prefix(count)) }
  }
}

@Suite(.timeLimit(.minutes(1))) struct SlicedFileTests {
  @Test func `bytes are there once they were asked for`() async throws {
    let large = try LargeFile()
    let file = try large.open()
    #expect(file.bytes(at: 0, 10) == nil)
    for offset in [0, FileSlice.size - 3, FileSlice.size, 3 * FileSlice.size + 999] {
      #expect(await file.loaded(at: offset))
      let piece = try #require(file.bytes(at: offset, 10))
      #expect(piece == Array(large.bytes[offset...].prefix(piece.count)))
    }
    #expect(file.bytes(at: large.bytes.count, 1) == [])
    #expect(await file.loaded(at: large.bytes.count + FileSlice.size) == false)
    #expect(file.readAll() == large.bytes)
  }

  @Test func `each slice is read once, whoever asks`() async throws {
    let large = try LargeFile()
    let file = try large.open()
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 { group.addTask { await file.loaded(at: 5) } }
      for await isHere in group { #expect(isHere) }
    }
    // The slice, and the one after it, which is read ahead.
    #expect(await file.loaded(at: FileSlice.size))
    #expect(large.shelf.size == 2 * FileSlice.size || large.shelf.size == 3 * FileSlice.size)
  }

  @Test func `the slices in memory have a bounded size`() async throws {
    let large = try LargeFile(shelf: 2 * FileSlice.size)
    let file = try large.open()
    for round in 0..<3 {
      for slice in 0..<4 {
        let offset = slice * FileSlice.size + round
        // It may have left again before it was looked at: then it is asked for once more.
        var piece: [UInt8]?
        while piece == nil {
          #expect(await file.loaded(at: offset))
          piece = file.bytes(at: offset, 4)
        }
        #expect(piece == Array(large.bytes[offset..<(offset + 4)]))
        #expect(large.shelf.size <= 3 * FileSlice.size)
      }
    }
  }

  @Test func `the slices of a file leave with it`() async throws {
    let large = try LargeFile()
    do {
      let file = try large.open()
      #expect(await file.loaded(at: 3 * FileSlice.size))
    }
    #expect(large.shelf.size == 0)
  }

  @Test func `a file that was replaced goes on as it was`() async throws {
    let large = try LargeFile()
    let file = try large.open()
    #expect(rename(large.path, large.path + ".old") == 0)
    defer { unlink(large.path + ".old") }
    try Data(repeating: 0, count: LargeFile.size).write(to: URL(fileURLWithPath: large.path))
    // A new link count or name changes the inode's time on some file systems, then it fails; it is
    // never mixed.
    if await file.loaded(at: FileSlice.size) {
      #expect(file.bytes(at: FileSlice.size, 8) == Array(large.bytes[FileSlice.size...].prefix(8)))
    }
  }

  @Test func `a file that was changed or truncated is read no more`() async throws {
    for change in 0..<2 {
      let large = try LargeFile()
      let file = try large.open()
      #expect(await file.loaded(at: 3 * FileSlice.size))
      let handle = try #require(FileHandle(forUpdatingAtPath: large.path))
      if change == 0 {
        try handle.truncate(atOffset: UInt64(FileSlice.size))
      } else {
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data([1, 2, 3]))
      }
      try handle.close()
      #expect(await file.loaded(at: 0) == false)
      #expect(file.bytes(at: 0, 1) == nil)
      #expect(file.readAll() == nil)
      // What was read before is still what it was.
      #expect(
        file.bytes(at: 3 * FileSlice.size, 8)
          == Array(large.bytes[(3 * FileSlice.size)...].prefix(8)))
    }
  }
}
