/// TFTP: the settings of a server.

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
  }

  package var listeners: [Listener]
  /// 69; 0 is one that the kernel chooses.
  package var port: UInt16
  /// Transfers at a time; fewer where the process may not open so many sockets.
  package var maximumTransfers: Int
  /// Transfers at a time with one client address; many machines behind a router may share one.
  package var maximumTransfersOfAddress: Int
  package var windowSize: Int
  /// How long transfers may go on when the server is asked to stop.
  package var graceful: Duration

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
