/// fino: one run of `capture` or `explain -i`: from the sockets to the file and to the story.

import Datagram
import PacketCapture

/// Lives on the loop's thread, where the frames come.
actor CaptureSession {
  nonisolated let loop: DatagramLoop
  private var writer: PcapngWriter?
  private let flushesAtOnce: Bool
  private let story: CaptureStory?
  private let tell: @Sendable (String) -> Void
  private var captures: [LiveCapture] = []
  private var failure: CaptureError?
  private(set) var frameCount = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// `ended` is called when the file can't be written any more.
  init(
    loop: DatagramLoop, writer: sending PcapngWriter?, flushesAtOnce: Bool,
    story: CaptureStory?, tell: @escaping @Sendable (String) -> Void
  ) {
    self.loop = loop
    self.writer = writer
    self.flushesAtOnce = flushesAtOnce
    self.story = story
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
    lookLater()
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
        for line in story?.lines(for: captured) ?? [] { tell(line) }
      }
      if flushesAtOnce { try writer?.flush() }
    } catch {
      failure = error
    }
  }

  /// Each second: whoever looks into the file while it is written sees what came, and silent machines
  /// get their verdicts.
  private func lookLater() {
    loop.schedule(after: .seconds(1)) { [weak self] in
      self?.assumeIsolated { session in
        guard session.failure == nil, !session.captures.isEmpty else { return }
        do throws(CaptureError) {
          try session.writer?.flush()
        } catch {
          session.failure = error
        }
        for line in session.story?.lines(at: Listening.now) ?? [] { session.tell(line) }
        session.lookLater()
      }
    }
  }

  /// Stops listening, writes the counts and the rest; how many frames came and how many were lost.
  func finish() throws(CaptureError) -> (frames: Int, lost: UInt64) {
    for capture in captures { capture.close() }
    let time = Listening.now
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
