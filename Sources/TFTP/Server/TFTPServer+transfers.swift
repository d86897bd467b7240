/// TFTP: the transfers of the server: packets and time in, effects carried out.

internal import Datagram
internal import Wire

extension TFTPServer {
  /// A packet arrived on the socket of a transfer.
  func receive(_ datagram: ReceivedDatagram, in key: TFTPTransferKey, serial: UInt64) {
    guard let transfer = transfers[key], transfer.serial == serial else { return }
    let packet: TFTPPacket
    do throws(WireError) {
      packet = try TFTPPacket(parsing: datagram.payload)
    } catch {
      events(transfer.arrival.event(.ignored(.malformed(error)), transfer.file))
      return
    }
    let now = ContinuousClock.now
    let effect = transfers.update(key) {
      $0.sender.receive(packet, from: datagram.source, at: now)
    }
    if effect == .rejectStranger || effect == .ignore(.stranger) {
      if effect == .rejectStranger {
        let answer = TFTPPacket.error(code: .unknownTransferID, message: "Unknown transfer ID")
        transfer.socket.send(answer.datagram, to: datagram.source)
      }
      var event = transfer.arrival.event(.stranger, transfer.file)
      event.client = datagram.source
      events(event)
      return
    }
    perform(effect, key)
  }

  /// Ends a transfer for a reason of ours.
  func replace(_ key: TFTPTransferKey, because failure: TFTPFailure) {
    perform(transfers.update(key) { $0.sender.replace(because: failure) }, key)
  }

  /// Does what the state machine of the transfer wants.
  func perform(_ effect: TFTPEffect?, _ key: TFTPTransferKey) {
    switch effect {
    case .offer:
      _ = transfers.update(key) { $0.socket.send($0.sender.offerDatagram, to: $0.sender.peer) }
    case .send(let blocks):
      let isAnswered = transfers.update(key) { transfer in
        for block in blocks {
          transfer.socket.send(transfer.sender.datagram(of: block), to: transfer.sender.peer)
        }
        return transfer.sender.isAnswered
      }
      if isAnswered == true { transfers.markAnswered(key) }
    case .end(let outcome):
      end(key, outcome)
      return
    case .rejectStranger, .ignore, nil:
      break
    }
    setAlarm(key)
  }

  private func end(_ key: TFTPTransferKey, _ outcome: TFTPOutcome) {
    guard let transfer = transfers.remove(key) else { return }
    transfer.alarm?.timer.cancel()
    transfer.socket.close()
    let kind: TFTPEvent.Kind =
      switch outcome {
      case .finished(let lastAcknowledgment):
        .finished(transfer.totals(lastAcknowledgment: lastAcknowledgment))
      case .probed: .probed
      case .failed(let failure): .failed(failure, transfer.totals(lastAcknowledgment: false))
      }
    events(transfer.arrival.event(kind, transfer.file))
    transferEnded()
  }

  // MARK: Timers

  private func setAlarm(_ key: TFTPTransferKey) {
    guard let transfer = transfers[key], let deadline = transfer.sender.deadline else { return }
    if let alarm = transfer.alarm {
      if alarm.time <= deadline { return }
      alarm.timer.cancel()
    }
    let serial = transfer.serial
    let delay = max(.zero, ContinuousClock.now.duration(to: deadline))
    let timer = loop.schedule(after: delay) { [weak self] in
      self?.assumeIsolated { $0.alarm(key, serial) }
    }
    transfers.update(key) { $0.alarm = TFTPTransfer.Alarm(timer: timer, time: deadline) }
  }

  private func alarm(_ key: TFTPTransferKey, _ serial: UInt64) {
    guard transfers[key]?.serial == serial else { return }
    let now = ContinuousClock.now
    perform(
      transfers.update(key) { transfer in
        transfer.alarm = nil
        return transfer.sender.tick(at: now)
      }, key)
  }
}
