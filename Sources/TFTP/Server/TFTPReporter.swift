/// TFTP: events on their way from the workers' threads to whoever wants to know.

internal import Datagram
internal import Synchronization

/// Tells events on the server's own loop, in the order in which one client's happened. In a flood the
/// least important are left out, so that what waits is bounded.
final class TFTPReporter: Sendable {
  /// How many may wait, first of those about packets that got no answer, then of all.
  private static let mostIgnored = 4096
  private static let most = 65_536

  private let loop: DatagramLoop
  private let handler: TFTPEventHandler
  private let waiting = Mutex<[TFTPEvent]>([])

  init(loop: DatagramLoop, handler: @escaping TFTPEventHandler) {
    self.loop = loop
    self.handler = handler
  }

  /// Keeps the event for the next `flush`.
  func tell(_ event: TFTPEvent) {
    waiting.withLock { waiting in
      let room =
        switch event.kind {
        case .ignored, .stranger: Self.mostIgnored
        default: Self.most
        }
      if waiting.count < room { waiting.append(event) }
    }
  }

  /// Has what was kept told, once a round: to wake a thread for each event costs more than the event.
  func flush() {
    guard waiting.withLock({ !$0.isEmpty }) else { return }
    loop.execute { [self] in
      let events = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      for event in events { handler(event) }
    }
  }
}
