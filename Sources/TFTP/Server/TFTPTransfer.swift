/// TFTP: a transfer under way: the sender's state together with its port and timer.

internal import Datagram
internal import Wire

/// Lives on one worker's thread.
final class TFTPTransfer {
  /// Tells a transfer from an earlier one of the same client and port.
  let serial: UInt64
  /// Where the worker finds it when its port can be read; nil where the port is the server's.
  let slot: Int?
  var sender: TFTPSender
  let request: TFTPTransferRequest
  let file: String
  let arrival: TFTPArrival
  var route: TFTPRoute
  let started: ContinuousClock.Instant
  /// When the worker looks at it. It is not set anew for each packet: an alarm that comes too early
  /// looks at the deadline and is set again.
  var alarm: ContinuousClock.Instant?
  var isMarkedAnswered = false
  /// Blocks that leave once their bytes have been read.
  var parked: ClosedRange<Int>?
  var isLoading = false

  init(
    serial: UInt64, slot: Int?, sender: TFTPSender, request: TFTPTransferRequest, file: String,
    arrival: TFTPArrival, route: TFTPRoute, started: ContinuousClock.Instant
  ) {
    self.serial = serial
    self.slot = slot
    self.sender = sender
    self.request = request
    self.file = file
    self.arrival = arrival
    self.route = route
    self.started = started
  }

  func send(_ packet: TFTPPacket) {
    send(packet.datagram)
  }

  func send(_ datagram: [UInt8]) {
    route.port.send(datagram, to: route.peer, from: route.source)
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
