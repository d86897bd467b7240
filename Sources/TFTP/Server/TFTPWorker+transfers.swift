/// TFTP: the transfers of a worker: packets and time in, effects carried out.

internal import Datagram
internal import Wire

extension TFTPWorker {
  /// A packet for a transfer.
  func receive(
    _ datagram: ArrivedDatagram, in transfer: TFTPTransfer, _ now: ContinuousClock.Instant
  ) {
    let packet: TFTPPacket
    do throws(WireError) {
      packet = try Self.parse(datagram.bytes)
    } catch {
      reporter.tell(transfer.arrival.event(.ignored(.malformed(error)), transfer.file))
      return
    }
    let effect = transfer.sender.receive(packet, from: datagram.source, at: now)
    switch effect {
    case .rejectStranger, .ignore(.stranger):
      if effect == .rejectStranger {
        let answer = TFTPPacket.error(code: .unknownTransferID, message: "Unknown transfer ID")
        transfer.route.port.send(answer.datagram, to: datagram.source, from: transfer.route.source)
      }
      var event = transfer.arrival.event(.stranger, transfer.file)
      event.client = datagram.source
      reporter.tell(event)
    default:
      perform(effect, transfer, now)
    }
  }

  /// Nearly all are ACKs; these are read in place.
  private static func parse(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> TFTPPacket {
    if bytes.count >= 4, bytes[0] == 0, bytes[1] == 4 {
      return .acknowledgment(block: UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
    }
    return try TFTPPacket(parsing: Array(bytes))
  }

  /// Ends a transfer for a reason of ours.
  func replace(_ transfer: TFTPTransfer, because failure: TFTPFailure) {
    perform(transfer.sender.replace(because: failure), transfer, .now)
  }

  /// Does what the state machine of the transfer wants.
  func perform(
    _ effect: TFTPEffect, _ transfer: TFTPTransfer, _ now: ContinuousClock.Instant
  ) {
    switch effect {
    case .offer:
      transfer.send(transfer.sender.offerDatagram)
    case .send(let blocks):
      send(blocks, of: transfer)
      if !transfer.isMarkedAnswered, transfer.sender.isAnswered {
        transfer.isMarkedAnswered = true
        transfers.markAnswered(transfer.arrival.key)
      }
    case .end(let outcome):
      end(transfer, outcome)
      return
    case .rejectStranger, .ignore:
      break
    }
    setAlarm(transfer)
  }

  private func end(_ transfer: TFTPTransfer, _ outcome: TFTPOutcome) {
    transfers.remove(transfer.arrival.key)
    if let slot = transfer.slot {
      giveBack(slot)
      ports.close(transfer.route.port)
    }
    let kind: TFTPEvent.Kind =
      switch outcome {
      case .finished(let lastAcknowledgment):
        .finished(transfer.totals(lastAcknowledgment: lastAcknowledgment))
      case .probed: .probed
      case .failed(let failure): .failed(failure, transfer.totals(lastAcknowledgment: false))
      }
    reporter.tell(transfer.arrival.event(kind, transfer.file))
    transferEnded()
  }

  func setAlarm(_ transfer: TFTPTransfer) {
    guard let deadline = transfer.sender.deadline else { return }
    if let alarm = transfer.alarm, alarm <= deadline { return }
    transfer.alarm = deadline
    alarms.add(.init(time: deadline, key: transfer.arrival.key, serial: transfer.serial))
  }

  // MARK: Blocks

  private func send(_ wanted: ClosedRange<Int>, of transfer: TFTPTransfer) {
    transfer.parked = nil
    guard
      let next = transfer.sender.blocks.send(wanted, with: &train, on: &transfer.route)
    else { return }
    // Other transfers go on while its bytes are read.
    transfer.parked = next...wanted.upperBound
    guard !transfer.isLoading else { return }
    transfer.isLoading = true
    let key = transfer.arrival.key
    let serial = transfer.serial
    let blocks = transfer.sender.blocks
    blocks.contents.load(at: blocks.missing(of: next)) { [self] isHere in
      loop.execute { self.assumeIsolated { $0.loaded(isHere, key, serial) } }
    }
  }

  private func loaded(_ isHere: Bool, _ key: TFTPTransferKey, _ serial: UInt64) {
    guard let transfer = transfers[key], transfer.serial == serial else { return }
    transfer.isLoading = false
    guard isHere else {
      transfer.send(.error(code: .notDefined, message: "The file was changed"))
      replace(transfer, because: .fileChanged)
      reporter.flush()
      return
    }
    guard let blocks = transfer.parked else { return }
    let now = ContinuousClock.now
    transfer.sender.sentLate(at: now)
    perform(.send(blocks), transfer, now)
  }
}
