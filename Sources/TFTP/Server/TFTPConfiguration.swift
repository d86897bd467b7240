/// TFTP: the settings of a server.

internal import Datagram
package import Wire

package struct TFTPConfiguration: Sendable {
  /// Where the server can be asked.
  package struct Listener: Hashable, Sendable {
    /// nil: not bound to an interface, for tests and odd networks.
    package var interface: String?
    package var address: IPAddress
    /// Bytes of the largest IP packet there.
    package var mtu: Int

    /// The kernel's index of the interface: one that is made anew under its old name is another.
    package var index: Int

    package init(interface: String?, address: IPAddress, mtu: Int = 1500, index: Int = 0) {
      self.interface = interface
      self.index = index
      self.address = address
      self.mtu = mtu
    }

    /// Whether a socket for one is also right for the other.
    func sharesSocket(with other: Self) -> Bool {
      (interface, index, address) == (other.interface, other.index, other.address)
    }
  }

  package var listeners: [Listener]
  /// 69; 0 is one that the kernel chooses.
  package var port: UInt16
  /// Transfers at a time, of one worker up to twice its even share; fewer where the process may not
  /// open so many sockets.
  package var maximumTransfers: Int
  /// Transfers at a time of one worker with one client address; many machines behind a router may
  /// share one.
  package var maximumTransfersOfAddress: Int
  package var windowSize: Int
  /// How long transfers may go on when the server is asked to stop.
  package var graceful: Duration
  /// The ports of transfers, for firewalls: as many transfers at a time, all of one worker. nil: the
  /// kernel chooses.
  package var ports: ClosedRange<UInt16>?
  /// All transfers answer from the port that was asked, and the client's port tells them apart: for
  /// firewalls and containers. Clients learn the server's port from the first packet, so none minds.
  package var singlePort = false
  /// Threads. Each serves its share of the clients.
  package var workers = min(Machine.processors, 16)

  package init(
    listeners: [Listener], port: UInt16 = 69, maximumTransfers: Int = 4096,
    maximumTransfersOfAddress: Int = 512, windowSize: Int = 64, graceful: Duration = .seconds(5)
  ) {
    self.listeners = listeners
    self.port = port
    self.maximumTransfers = maximumTransfers
    self.maximumTransfersOfAddress = maximumTransfersOfAddress
    self.windowSize = windowSize
    self.graceful = graceful
  }
}
