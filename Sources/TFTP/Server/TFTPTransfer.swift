/// TFTP: a transfer under way: the sender's state together with its socket and timer.

internal import Datagram
internal import Wire

struct TFTPTransfer {
  /// Tells a transfer from an earlier one of the same client and port.
  let serial: UInt64
  var sender: TFTPSender
  let request: TFTPTransferRequest
  let file: String
  let arrival: TFTPArrival
  let socket: DatagramSocket
  let started: ContinuousClock.Instant
  var alarm: Alarm?

  /// The timer that is set. It is not set anew for each packet: one that comes too early looks at
  /// the deadline and is set again.
  struct Alarm {
    var timer: LoopTimer
    var time: ContinuousClock.Instant
  }

  func send(_ packet: TFTPPacket) {
    socket.send(packet.datagram, to: sender.peer)
  }

  func totals(lastAcknowledgment: Bool) -> TFTPTotals {
    let blocks = lastAcknowledgment ? sender.lastBlock : sender.acknowledgedBlocks
    return TFTPTotals(
      bytes: min(blocks * sender.terms.blockSize, sender.size), blocks: blocks,
      retransmissions: sender.retransmissions, duration: sender.lastProgress - started,
      lastAcknowledgment: lastAcknowledgment)
  }
}

/// Who asked, and where.
struct TFTPArrival {
  var client: Endpoint
  var local: IPAddress
  var interface: String?

  var key: TFTPTransferKey { TFTPTransferKey(client: client, local: local) }

  func event(_ kind: TFTPEvent.Kind, _ file: String) -> TFTPEvent {
    TFTPEvent(kind: kind, client: client, file: file, localAddress: local, interface: interface)
  }
}
