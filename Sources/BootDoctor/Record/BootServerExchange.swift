/// BootDoctor: the question to port 4011, and what came back.

package import Wire

/// A DHCPREQUEST to a boot server (PXE 2.1 §2.4.4), asked by clients that know a proxy but not yet a
/// file, and by those that chose from a menu.
package struct BootServerExchange: Equatable, Sendable {
  package var transaction: UInt32
  /// Broadcast for a discovery of boot servers.
  package var server: IPAddress
  /// Where the client listens: 68 or 4011.
  package var clientPort: UInt16
  package var serverPort: UInt16
  package var requests: Sightings
  package var bootItem: UInt16?
  package var answers: [BootOffer] = []
  /// ICMP says that nobody listens there.
  package var unreachable: Moment?

  package init(
    transaction: UInt32, server: IPAddress, clientPort: UInt16 = 68, serverPort: UInt16 = 4011,
    requests: Sightings, bootItem: UInt16? = nil
  ) {
    self.transaction = transaction
    self.server = server
    self.clientPort = clientPort
    self.serverPort = serverPort
    self.requests = requests
    self.bootItem = bootItem
  }

  package var begin: Moment { requests.first }

  package var end: Moment {
    ([requests.last, unreachable] + answers.map { Optional($0.sightings.last) })
      .compactMap { $0 }.max { $0.time < $1.time } ?? requests.last
  }

  /// Answers that the client can hear: EDK2 asks from port 4011 and listens only there.
  package var heard: [BootOffer] { answers.filter { $0.destinationPort == clientPort } }

  package mutating func add(answer: BootOffer) {
    var omitted = 0
    DHCPExchange.add(answer, to: &answers, &omitted)
  }
}
