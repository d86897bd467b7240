/// BootDoctor: one file asked for by TFTP.

package import Wire

package struct TFTPTransferRecord: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    /// Nothing came back.
    case unanswered
    /// Under way, or what came last.
    case running
    /// All blocks were acknowledged, or the last one was seen.
    case whole
    /// The client wanted the size only: it ended the transfer before the first block.
    case probed
    case failed(code: UInt16, text: String, byClient: Bool)
    /// ICMP from the server's side: nobody listens, or a firewall says no.
    case unreachable
  }

  package var server: IPAddress
  package var clientPort: UInt16
  package var serverPort: UInt16?
  package var file: String
  /// Each time that the client asked for it, from the same port.
  package var requests: Sightings
  /// As asked and as granted, `blksize 1468`.
  package var requested: [String]
  package var granted: [String]?
  /// Bytes, when the server told them.
  package var size: Int?
  package var blockSize = 512
  package var windowSize = 1
  /// The highest block that was seen, and the highest that was acknowledged.
  package var sentBlock = 0
  package var acknowledgedBlock = 0
  /// Of the blocks that were seen, each once.
  package var bytes = 0
  package var dataPackets = 0
  /// Blocks that were sent again.
  package var repeated = 0
  /// How often the block was sent again that the transfer stands at.
  package var repeatedAtEnd = 0
  /// Acknowledgments of what was acknowledged before: the machine waits for the next block.
  package var repeatedAcknowledgments = 0
  /// ACK 0 was seen: the machine has the server's OACK.
  package var acceptedTerms = false
  package var answered: Moment?
  package var firstData: Moment?
  package var last: Moment
  /// When a new block was last sent or acknowledged.
  package var progressed: Moment?
  package var outcome = Outcome.unanswered
  /// ICMP told the server that a block was too large for the way (type 3, code 4, or ICMPv6 type 2).
  package var tooBig: Moment?
  package var content: FileContent?

  package init(
    server: IPAddress, clientPort: UInt16 = 2070, file: String, requests: Sightings,
    requested: [String] = []
  ) {
    self.server = server
    self.clientPort = clientPort
    self.file = file
    self.requests = requests
    self.requested = requested
    last = requests.first
  }

  package var begin: Moment { requests.first }

  /// Blocks that got through, by the better of the two signs.
  package var block: Int { max(sentBlock, acknowledgedBlock) }

  /// Bytes a second, from the first block on; nil where it is too short to tell.
  package var rate: Double? {
    guard let firstData, last.time > firstData.time, bytes > 0 else { return nil }
    return Double(bytes) * 1e9 / Double(last.time - firstData.time)
  }

  package var isWhole: Bool { outcome == .whole }

  package var asksSizeOnly: Bool { outcome == .probed }
}
