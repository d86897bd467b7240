/// Appliance: keeps the last packets of every machine, and what was decided about them.

import Datagram
import Foundation
import Inventory
import Logging
import PacketCapture
import Synchronization
import Wire

/// Listens on the served interfaces, on a thread of its own, to what boots are made of. While there is
/// more than a machine or two could say, transfers are left out but for how they begin and end; and in a
/// flood it does not listen, so that the processor is there for the answers.
final class BootRecorder: Sendable {
  /// For how long it listens to less.
  private static let rest = Duration.seconds(10)

  private struct State {
    var captures: [LiveCapture] = []
    var attention = Attention()
  }

  private let ring: SharedCaptureRing
  private let interfaces: [NetworkInterface]
  private let loop: DatagramLoop
  private let httpPort: UInt16
  private let logger: Logger
  private let state = Mutex(State())

  /// `size` in bytes, of all machines together.
  init(
    size: Int, interfaces: [NetworkInterface], httpPort: Int, logger: Logger
  ) throws(SocketError) {
    self.interfaces = interfaces
    self.httpPort = UInt16(clamping: httpPort)
    self.logger = logger
    loop = try DatagramLoop(name: "fino-capture")
    ring = SharedCaptureRing(
      CaptureRing(capacity: size, interfaces: interfaces.map { CaptureInterface(name: $0.name) }),
      excluding: Set(interfaces.compactMap { Self.hardware(of: $0.name) }))
  }

  /// Listens. What can't be heard is logged: nobody boots worse for it.
  func start() { listen(to: .all) }

  func stop() {
    state.withLock { $0.captures.removeAll() }
    loop.shutdown()
  }

  private func listen(to level: Attention.Level) {
    var filter = CaptureFilter()
    if !filter.tcpPorts.contains(httpPort) { filter.tcpPorts.append(httpPort) }
    filter.leavesOutBulk = level == .conversations
    filter.snapLength = 2048
    var captures: [LiveCapture] = []
    for (index, interface) in interfaces.enumerated() where level != .nothing {
      do throws(SocketError) {
        captures.append(
          try LiveCapture(on: loop, interface: interface, filter: filter, isPromiscuous: false) {
            [weak self] frames in self?.take(frames, interface: index)
          })
      } catch {
        logger.warning("The packets of \(interface.name) are not kept: \(error)")
      }
    }
    let now = Self.nanoseconds(Date())
    let (old, change) = state.withLock { state in
      defer { state.captures = captures }
      return (state.captures, state.attention.turn(to: level, at: now))
    }
    for capture in old { capture.close() }
    guard level != .all else { return }
    loop.schedule(after: Self.rest) { [weak self] in self?.recover(from: change) }
  }

  private func recover(from change: Int) {
    let now = Self.nanoseconds(Date())
    if state.withLock({ $0.attention.recover(from: change, at: now) }) { listen(to: .all) }
  }

  private func take(_ frames: [LiveFrame], interface: Int) {
    for frame in frames {
      ring.add(
        frame.bytes, originalLength: frame.originalLength, time: frame.time, interface: interface,
        isOutgoing: frame.isOutgoing)
    }
    guard let now = frames.last?.time else { return }
    let better = state.withLock { $0.attention.hear(frames.count, at: now) }
    if let better { listen(to: better) }
  }

  // MARK: What is kept

  /// A step of a story stands at the packet that it is about.
  func note(_ event: BootEvent) {
    guard let mac = event.mac else { return }
    // The newest one before the step; a millisecond is what a date loses.
    ring.comment(
      event.text, for: mac, at: Self.nanoseconds(event.at) &+ 1_000_000
    ) { !$0.isOutgoing }
  }

  /// A pcapng file of one boot; nil when its packets have given way.
  func capture(of mac: MACAddress, from start: Date, to end: Date) -> [UInt8]? {
    try? ring.capture(
      of: mac, from: Self.before(start), to: Self.after(end),
      application: "fino \(Appliance.version)")
  }

  /// The packets of one boot, and what may be missing among them.
  func packets(
    of mac: MACAddress, from start: Date, to end: Date
  ) -> (frames: [CapturedFrame], heard: Attention.Level) {
    let entries = ring.frames(of: mac, from: Self.before(start), to: Self.after(end))
    let frames = entries.enumerated().map { index, entry in
      CapturedFrame(
        number: index + 1, time: entry.time, interface: entry.interface,
        originalLength: entry.originalLength, bytes: entry.bytes[...], comment: entry.comment)
    }
    let since = Self.before(start)
    let heard = state.withLock { $0.attention.lowest(since: since) }
    return (frames, heard == .all && !ring.isWhole(mac, from: since) ? .conversations : heard)
  }

  /// Machines of which something was heard, and when.
  var lastHeard: [MACAddress: Date] {
    ring.lastHeard.mapValues { Date(timeIntervalSince1970: Double($0) / 1e9) }
  }

  /// A boot's first step is told after its packet, its last one before the answer to it.
  private static let margin: UInt64 = 2_000_000_000

  private static func before(_ date: Date) -> UInt64 {
    let time = nanoseconds(date)
    return time > margin ? time - margin : 0
  }

  private static func after(_ date: Date) -> UInt64 { nanoseconds(date) &+ margin }

  static func nanoseconds(_ date: Date) -> UInt64 {
    UInt64(exactly: (max(0, date.timeIntervalSince1970) * 1e9).rounded()) ?? .max
  }

  private static func hardware(of interface: String) -> MACAddress? {
    let text = try? String(contentsOfFile: "/sys/class/net/\(interface)/address", encoding: .utf8)
    return text.flatMap { MACAddress($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }
}
