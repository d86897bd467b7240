/// fino: one run of `capture`: from the sockets to the file and to the story.

import Datagram
import Foundation
import PacketCapture

/// Lives on the loop's thread, where the frames come.
actor CaptureSession {
  /// Is given every frame once it was written, and says what to tell about it.
  typealias Narrator = @Sendable (CapturedFrame) -> [String]

  nonisolated let loop: DatagramLoop
  private var writer: PcapngWriter?
  private let flushesAtOnce: Bool
  private let narrate: Narrator
  private let tell: @Sendable (String) -> Void
  private var captures: [LiveCapture] = []
  private var failure: CaptureError?
  private(set) var frameCount = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// `ended` is called when the file can't be written any more.
  init(
    loop: DatagramLoop, writer: sending PcapngWriter?, flushesAtOnce: Bool,
    narrate: @escaping Narrator, tell: @escaping @Sendable (String) -> Void
  ) {
    self.loop = loop
    self.writer = writer
    self.flushesAtOnce = flushesAtOnce
    self.narrate = narrate
    self.tell = tell
  }

  /// Listens on all of them, or throws.
  func start(
    _ interfaces: [NetworkInterface], filter: CaptureFilter, isPromiscuous: Bool,
    ended: @escaping @Sendable () -> Void
  ) throws(SocketError) {
    for (index, interface) in interfaces.enumerated() {
      captures.append(
        try LiveCapture(
          on: loop, interface: interface, filter: filter, isPromiscuous: isPromiscuous
        ) { [weak self] frames in
          self?.assumeIsolated { session in
            session.take(frames, interface: index)
            if session.failure != nil { ended() }
          }
        })
    }
    flushLater()
  }

  private func take(_ frames: [LiveFrame], interface: Int) {
    guard failure == nil else { return }
    do throws(CaptureError) {
      for frame in frames {
        frameCount += 1
        let captured = CapturedFrame(
          number: frameCount, time: frame.time, interface: interface,
          originalLength: frame.originalLength, bytes: frame.bytes[...])
        try writer?.write(captured, isOutgoing: frame.isOutgoing)
        for line in narrate(captured) { tell(line) }
      }
      if flushesAtOnce { try writer?.flush() }
    } catch {
      failure = error
    }
  }

  /// Whoever looks into the file while it is written sees it a second later.
  private func flushLater() {
    loop.schedule(after: .seconds(1)) { [weak self] in
      self?.assumeIsolated { session in
        guard session.writer != nil, session.failure == nil else { return }
        do throws(CaptureError) {
          try session.writer?.flush()
        } catch {
          session.failure = error
        }
        session.flushLater()
      }
    }
  }

  /// Stops listening, writes the counts and the rest; how many frames came and how many were lost.
  func finish() throws(CaptureError) -> (frames: Int, lost: UInt64) {
    for capture in captures { capture.close() }
    let time = UInt64(max(0, Date().timeIntervalSince1970) * 1e9)
    var lost: UInt64 = 0
    for (index, capture) in captures.enumerated() {
      let counts = capture.counts
      lost += counts.dropped
      writer?.statistics(
        interface: index, time: time, received: counts.passed, dropped: counts.dropped)
    }
    captures = []
    defer { writer = nil }
    if let failure { throw failure }
    try writer?.close()
    return (frameCount, lost)
  }
}
