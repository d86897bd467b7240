/// TFTP: what a transfer wants done after an event, and how it ends.

/// The one consequence of a packet or of time passing.
package enum TFTPEffect: Equatable, Sendable {
  /// Send the OACK.
  case offer
  /// Send these blocks to the peer.
  case send(ClosedRange<Int>)
  /// Somebody else wrote to the port of this transfer: tell them ERROR 5; the transfer goes on
  /// (RFC 1350 §4).
  case rejectStranger
  case ignore(Ignored)
  /// The transfer is over and sends nothing more.
  case end(TFTPOutcome)

  /// Why nothing is done.
  package enum Ignored: Equatable, Sendable {
    /// An ACK that was there before. Answering it is the Sorcerer's Apprentice Syndrome
    /// (RFC 1123 §4.2.3.1).
    case duplicateAcknowledgment
    /// An ACK of a block that was not sent, or long past.
    case acknowledgmentOutsideWindow
    /// The network delivered the request twice.
    case duplicateRequest
    /// A packet that a receiver does not send.
    case unexpectedPacket
    /// A stranger's packet that gets no answer: an ERROR must not be answered by an ERROR.
    case stranger
    case timerIsEarly
    case isOver
  }
}

package enum TFTPOutcome: Equatable, Sendable {
  /// All blocks were sent and acknowledged; the last ACK may be missing, because many ROMs start
  /// what they got without sending it.
  case finished(lastAcknowledgment: Bool)
  /// The client wanted to know the options only, mostly the size: it ended the transfer after the
  /// OACK. That is how EDK2 and PXE ROMs begin; it is not a failure.
  case probed
  case failed(TFTPFailure)
}

package enum TFTPFailure: Error, Equatable, Sendable {
  /// The client sent an ERROR in the middle.
  case client(TFTPErrorCode, String)
  /// There never was an answer to the first packet.
  case neverAnswered
  /// The client stopped answering.
  case stalled
  /// The client began anew from the same port.
  case restarted
  /// Its place was needed: the server is full, and this client had not answered yet.
  case evicted
  /// The file was changed while it was being sent.
  case fileChanged
  /// The appliance is stopping.
  case stopped
}

extension TFTPFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .client(let code, let message): "the client ended it with \(code): \(message)"
    case .neverAnswered: "the client never answered the first packet"
    case .stalled: "the client stopped answering"
    case .restarted: "the client asked again from the beginning"
    case .evicted: "the server was full and the client had not answered yet"
    case .fileChanged: "the file was changed meanwhile"
    case .stopped: "the server was stopped"
    }
  }
}
