/// PacketCapture: writes a capture to a file, and to the next one when that is full.

import Glibc

/// A pcapng file with its interfaces; frames are collected and written 256 KiB at a time, or with
/// `flush`. With a limit the next file begins before it would be passed: `boot.pcapng`,
/// `boot.1.pcapng`, `boot.2.pcapng` and so on, each readable alone.
package final class PcapngWriter {
  private let path: String?
  private var descriptor: Int32
  private let interfaces: [CaptureInterface]
  private let application: String
  /// In bytes.
  private let limit: Int?
  /// How many files stay; the oldest goes.
  private let keptFiles: Int?
  private var encoder = PcapngEncoder()
  private var written = 0
  private var fileNumber = 0

  /// Where enough has come together to be written.
  private static let batch = 1 << 18

  /// `-` is standard output, which is never rotated. A file that is there is written anew.
  package init(
    path: String, interfaces: [CaptureInterface], application: String, limit: Int? = nil,
    keptFiles: Int? = nil
  ) throws(CaptureError) {
    self.path = path == "-" ? nil : path
    self.interfaces = interfaces
    self.application = application
    self.limit = path == "-" ? nil : limit
    self.keptFiles = keptFiles
    descriptor = path == "-" ? 1 : try Self.create(path)
    try begin()
  }

  /// `frame.interface` counts in `interfaces`.
  package func write(_ frame: CapturedFrame, isOutgoing: Bool? = nil) throws(CaptureError) {
    let before = encoder.bytes.count
    try encoder.packet(frame, isOutgoing: isOutgoing)
    if let limit, written + encoder.bytes.count > limit, written + before > headCount {
      // This one goes into the next file.
      let block = Array(encoder.bytes[before...])
      try write(encoder.bytes[..<before])
      try next()
      encoder.removeAll()
      try begin()
      try write(encoder.bytes[...])
      encoder.removeAll()
      try write(block[...])
      return
    }
    if encoder.bytes.count >= Self.batch { try flush() }
  }

  package func statistics(
    interface: Int, time: UInt64, received: UInt64, dropped: UInt64
  ) {
    encoder.statistics(interface: interface, time: time, received: received, dropped: dropped)
  }

  /// What was collected goes to the file now.
  package func flush() throws(CaptureError) {
    try write(encoder.bytes[...])
    encoder.removeAll()
  }

  /// The last thing to do; the writer is of no use then.
  package func close() throws(CaptureError) {
    defer {
      if path != nil, descriptor >= 0 { Glibc.close(descriptor) }
      descriptor = -1
    }
    try flush()
  }

  deinit {
    if path != nil, descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// The name of the file with this number: 0 is the one that was asked for.
  package static func path(_ path: String, number: Int) -> String {
    guard number > 0 else { return path }
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
    let dot = path.utf8.lastIndex(of: UInt8(ascii: "."))
    guard let dot, dot > name ?? path.startIndex else { return "\(path).\(number)" }
    return "\(path[..<dot]).\(number)\(path[dot...])"
  }

  /// The bytes in front of the first frame of each file.
  private var headCount = 0

  private func begin() throws(CaptureError) {
    written = 0
    try encoder.section(application: application)
    for interface in interfaces { try encoder.interface(interface) }
    headCount = encoder.bytes.count
  }

  private func next() throws(CaptureError) {
    guard let path else { return }
    Glibc.close(descriptor)
    descriptor = -1
    fileNumber += 1
    descriptor = try Self.create(Self.path(path, number: fileNumber))
    if let keptFiles, fileNumber >= keptFiles {
      unlink(Self.path(path, number: fileNumber - keptFiles))
    }
  }

  private static func create(_ path: String) throws(CaptureError) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw CaptureError("can't write \(path): \(String(cString: strerror(errno)))")
    }
    return descriptor
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws(CaptureError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw CaptureError(
          "can't write \(path ?? "standard output"): \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
      written += count
    }
  }
}
