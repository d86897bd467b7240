/// Datagram: whole frames of an interface, as they pass.

import CSockets
import Glibc
import Synchronization

/// A frame with its Ethernet header and VLAN tags.
package struct LiveFrame: Sendable {
  /// The kernel's time, in nanoseconds since 1970.
  package var time: UInt64
  /// This machine sent it.
  package var isOutgoing: Bool
  /// How long it was on the wire; `bytes` may be less.
  package var originalLength: Int
  package var bytes: [UInt8]
}

/// Hears an interface with the kernel's filter in front, on a loop's thread. Frames that this machine
/// sends are told as well, those of the loopback interface once.
package final class LiveCapture: Sendable {
  package struct Counts: Equatable, Sendable {
    /// Frames that passed the filter, with those that were lost.
    package var passed: UInt64 = 0
    /// Those for which there was no room, because we were too slow.
    package var dropped: UInt64 = 0
  }

  private struct State {
    var descriptor: Int32
    var counts = Counts()
  }

  private let loop: DatagramLoop
  private let state: Mutex<State>

  /// Needs CAP_NET_RAW. `receive` runs on the loop's thread and is given all that waited, 64 frames at
  /// most.
  package init(
    on loop: DatagramLoop, interface: NetworkInterface, filter: CaptureFilter,
    isPromiscuous: Bool = true, receive: @escaping @Sendable ([LiveFrame]) -> Void
  ) throws(SocketError) {
    let index = Int32(clamping: interface.index)
    let program = filter.program.code.map {
      fino_instruction(
        code: $0.code, if_true: $0.ifTrue, if_false: $0.ifFalse, operand: $0.operand)
    }
    let descriptor = fino_frames_open(
      index, program, Int32(clamping: program.count), isPromiscuous ? 1 : 0)
    guard descriptor >= 0 else {
      throw SocketError("capture on \(interface.name)", code: -descriptor)
    }
    // Ethernet, and the loopback interface, which looks like it.
    let link = fino_frames_link(descriptor, index)
    guard link == 1 || link == 772 else {
      Glibc.close(descriptor)
      throw SocketError("capture on \(interface.name), which is no Ethernet", code: EOPNOTSUPP)
    }
    do throws(SocketError) {
      guard let batch = FrameReceiver(cutAt: filter.snapLength) else {
        throw SocketError("capture on \(interface.name)", code: ENOMEM)
      }
      let isLoopback = link == 772
      try loop.add(descriptor) { _ in
        let frames = batch.receive(from: descriptor, withoutOutgoing: isLoopback)
        if !frames.isEmpty { receive(frames) }
      }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    self.loop = loop
    state = Mutex(State(descriptor: descriptor))
  }

  /// Since the beginning; the last ones after `close`.
  package var counts: Counts {
    state.withLock { state in
      Self.update(&state)
      return state.counts
    }
  }

  /// The kernel forgets what it has told.
  private static func update(_ state: inout State) {
    var passed: UInt32 = 0
    var dropped: UInt32 = 0
    guard state.descriptor >= 0,
      fino_frames_counts(state.descriptor, &passed, &dropped) == 0
    else { return }
    state.counts.passed &+= UInt64(passed)
    state.counts.dropped &+= UInt64(dropped)
  }

  /// No callback runs after the loop's present round.
  package func close() {
    let descriptor = state.withLock { state in
      Self.update(&state)
      defer { state.descriptor = -1 }
      return state.descriptor
    }
    if descriptor >= 0 { loop.close(descriptor) }
  }

  deinit {
    close()
  }
}

/// The receive buffers of one capture. A C structure behind a pointer that only the loop's thread
/// touches, after `init`: hence unchecked.
private final class FrameReceiver: @unchecked Sendable {
  private let batch: OpaquePointer

  init?(cutAt length: Int) {
    // What the network card puts together reaches 64 KiB and its headers.
    let longest = 65_536 + 64
    guard let batch = fino_frame_batch_new(64, min(max(length, 64), longest)) else { return nil }
    self.batch = batch
  }

  deinit {
    fino_frame_batch_free(batch)
  }

  /// What the kernel says of a network that went down is told once and means nothing here.
  func receive(from descriptor: Int32, withoutOutgoing: Bool) -> [LiveFrame] {
    let count = fino_frames_receive(descriptor, batch)
    guard count > 0 else { return [] }
    var frames: [LiveFrame] = []
    frames.reserveCapacity(Int(count))
    for index in 0..<count {
      let frame = fino_frame_batch_frame(batch, index)
      if withoutOutgoing, frame.outgoing != 0 { continue }
      frames.append(
        LiveFrame(
          time: frame.time, isOutgoing: frame.outgoing != 0, originalLength: frame.original,
          bytes: [UInt8](UnsafeBufferPointer(start: frame.bytes, count: frame.count))))
    }
    return frames
  }
}
