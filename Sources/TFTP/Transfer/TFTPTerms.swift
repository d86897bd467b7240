/// TFTP: what client and server agree on before the first block (RFC 2347, 2348, 2349, 7440).

/// How far the server goes along with what clients ask.
package struct TFTPLimits: Equatable, Sendable {
  /// Bytes of the largest IP packet on the interface.
  package var mtu: Int
  /// Bytes of the IP header: 20 in IPv4, 40 in IPv6.
  package var ipHeader: Int
  /// Blocks in a row (RFC 7440).
  package var windowSize: Int
  /// Bytes of one window; more than this overruns the socket buffers on both sides.
  package var windowBytes: Int

  package init(
    mtu: Int = 1500, ipHeader: Int = 20, windowSize: Int = 64, windowBytes: Int = 128 * 1024
  ) {
    self.mtu = mtu
    self.ipHeader = ipHeader
    self.windowSize = windowSize
    self.windowBytes = windowBytes
  }

  /// UDP and TFTP headers take 12 bytes more; nothing is ever fragmented. RFC 2348 allows 8 to 65464.
  package var blockSize: Int { min(max(mtu - ipHeader - 12, 8), 65464) }
}

/// The terms of one transfer.
package struct TFTPTerms: Equatable, Sendable {
  package var mode: TFTPMode
  package var blockSize = 512
  package var windowSize = 1
  /// The first wait before a packet is sent again.
  package var retransmission: Duration = .seconds(1)
  /// Whether the client asked for that wait, which then stays as it is.
  package var isRetransmissionPinned = false
  /// What the OACK says, in the order of the request; empty: no OACK, DATA 1 at once.
  package var acknowledged: [TFTPOption] = []

  /// Acknowledges only what was asked, never more than was asked, and never a changed timeout: EDK2
  /// ends the transfer otherwise ("Malformatted OACK packet"). A value that RFC 2348 to 7440 do not
  /// allow is as if it had not been asked.
  ///
  /// netascii gets no tsize, whose meaning RFC 2349 leaves open there, and no window.
  package init(request: TFTPTransferRequest, fileSize: Int, limits: TFTPLimits) {
    mode = request.mode
    let isText = mode == .netascii
    for option in request.options where option.kind == "blksize" {
      if let size = option.number, size >= 8 { blockSize = min(size, limits.blockSize) }
    }
    for option in request.options {
      guard let number = option.number else { continue }
      switch option.kind {
      case "blksize" where number >= 8:
        acknowledge(option, blockSize)
      case "tsize" where !isText:
        // Without it EDK2 says PXE-E53, "No boot filename received".
        acknowledge(option, fileSize)
      case "timeout" where (1...Self.longestTimeout).contains(number):
        retransmission = .seconds(number)
        isRetransmissionPinned = true
        acknowledge(option, number)
      case "windowsize" where number >= 1 && !isText:
        windowSize = min(number, limits.windowSize, max(1, limits.windowBytes / blockSize))
        acknowledge(option, windowSize)
      default:
        break
      }
    }
  }

  private mutating func acknowledge(_ option: TFTPOption, _ value: Int) {
    acknowledged.append(TFTPOption(option.name, String(value)))
  }

  /// RFC 2349 allows up to 255 s; a transfer is given up after 60 s, so that more than 30 s would
  /// leave no second try. Longer ones are not acknowledged.
  static let longestTimeout = 30
}
