/// fino: listening on interfaces until somebody ends it; what `capture` and `explain -i` share.

import Appliance
import Datagram
import Foundation
import PacketCapture
import UnixSignals

struct Listening {
  let interfaces: [NetworkInterface]
  private let options: ListeningOptions
  private let signals: UnixSignalsSequence

  /// From here on SIGINT and SIGTERM end the listening, not the program.
  init(_ options: ListeningOptions) async throws {
    self.options = options
    interfaces = try options.interfaces()
    signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    // Whoever reads our output may go; writing says so then.
    signal(SIGPIPE, SIG_IGN)
  }

  var names: String { interfaces.map(\.name).joined(separator: ", ") }

  /// Until a signal, the end of the time that was asked for, or an output that nobody takes any more.
  /// Every frame goes to the writer, and what the story makes of it to `stream`.
  func run(
    writer: sending PcapngWriter? = nil, flushesAtOnce: Bool = false, story: CaptureStory?,
    on stream: StandardStream
  ) async throws -> (frames: Int, lost: UInt64) {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let session = CaptureSession(
      loop: try DatagramLoop(name: "capture"), writer: writer, flushesAtOnce: flushesAtOnce,
      story: story,
      tell: { line in
        if !stream.write(line + "\n") { end.finish() }
      })
    try await session.start(
      interfaces, filter: options.filter, isPromiscuous: !options.isModest,
      ended: { end.finish() })
    Fino.complain("Listening on \(names); Ctrl-C ends it.")
    await wait(for: ends)
    let result = try await session.finish()
    Fino.complain("\(result.frames) frames, \(result.lost) lost for want of room.")
    return result
  }

  private func wait(for ends: AsyncStream<Void>) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [signals] in for await _ in signals { return } }
      group.addTask { for await _ in ends {} }
      if let seconds = options.seconds {
        group.addTask { try? await Task.sleep(for: .seconds(seconds)) }
      }
      await group.next()
      group.cancelAll()
    }
  }

  /// In nanoseconds since 1970, as frames have it.
  static var now: UInt64 { UInt64(max(0, Date().timeIntervalSince1970) * 1e9) }
}
