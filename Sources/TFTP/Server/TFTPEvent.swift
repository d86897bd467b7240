/// TFTP: what happened, for the story of a boot.

package import Wire

package struct TFTPEvent: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// A new request, with what it asked.
    case requested(mode: TFTPMode, options: [TFTPOption])
    /// The file was found and the first packet is on its way.
    case started(TFTPTerms)
    case finished(TFTPTotals)
    /// The client asked for the options only, mostly the size. Not a failure.
    case probed
    case failed(TFTPFailure, TFTPTotals)
    /// The client does not get the file.
    case refused(TFTPRefusal)
    /// A datagram that got no answer.
    case ignored(TFTPAdmission.Ignored)
    /// Somebody else wrote to the port of a transfer.
    case stranger
  }

  package var kind: Kind
  package var client: Endpoint
  /// The cleaned name, or what can be printed of the one that was sent; empty where there is none.
  package var file: String
  package var localAddress: IPAddress
  package var interface: String?

  package init(
    kind: Kind, client: Endpoint, file: String, localAddress: IPAddress, interface: String?
  ) {
    self.kind = kind
    self.client = client
    self.file = file
    self.localAddress = localAddress
    self.interface = interface
  }
}

/// What a transfer came to.
package struct TFTPTotals: Equatable, Sendable {
  /// Bytes that the client has acknowledged.
  package var bytes: Int
  package var blocks: Int
  /// Packets that were sent again.
  package var retransmissions: Int
  /// From the request to the last sign of life.
  package var duration: Duration
  /// Many ROMs start what they got without acknowledging the last block.
  package var lastAcknowledgment: Bool

  package init(
    bytes: Int, blocks: Int, retransmissions: Int, duration: Duration, lastAcknowledgment: Bool
  ) {
    self.bytes = bytes
    self.blocks = blocks
    self.retransmissions = retransmissions
    self.duration = duration
    self.lastAcknowledgment = lastAcknowledgment
  }
}

/// Called on the thread of the server's loop; must not block.
package typealias TFTPEventHandler = @Sendable (TFTPEvent) -> Void
