/// Power: machines that can only be woken.

import IPMI
package import NIOCore
import NIOPosix
package import Wire

/// A magic packet is not answered: whether the machine woke, nobody knows.
package struct WakeOnLANDriver: PowerDriver {
  package static let name = "wol"
  package static let standardPort: UInt16 = 9

  private let machine: MACAddress
  private let destination: IPv4Address
  private let port: UInt16
  private let group: any EventLoopGroup

  /// `destination` is the broadcast address of the machine's network; 255.255.255.255 reaches the
  /// network of the default route alone.
  package init(
    _ machine: MACAddress, destination: IPv4Address = IPv4Address(255, 255, 255, 255),
    port: UInt16 = standardPort,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.machine = machine
    self.destination = destination
    self.port = port
    self.group = group
  }

  package var target: String { "\(machine)" }
  package var queueKey: String { "wol://\(machine)" }
  package var setsBootDevice: Bool { false }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    guard case .power(.on, _) = request else {
      throw PowerError(
        target: target,
        DriverError(.unsupported, "wake-on-LAN can only switch on, not “\(request)”"))
    }
    do {
      try await send()
    } catch {
      throw PowerError(
        target: target,
        DriverError(.unreachable, "no magic packet to \(destination):\(port): \(error)"))
    }
    return PowerOutcome(
      target: target, driver: Self.name, request: request, sent: "magic packet",
      text: "magic packet for \(machine) sent to \(destination); nothing tells whether it woke")
  }

  /// Three times: nothing tells when one is lost, and a machine that is on ignores them.
  private func send() async throws {
    let channel = try await DatagramBootstrap(group: group)
      .channelOption(.socketOption(.so_broadcast), value: 1)
      .bind(host: "0.0.0.0", port: 0).get()
    do {
      let remote = try SocketAddress(ipAddress: "\(destination)", port: Int(port))
      for _ in 0..<3 {
        let data = ByteBuffer(bytes: MagicPacket(machine).bytes)
        try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: remote, data: data))
      }
      try await channel.close()
    } catch {
      channel.close(promise: nil)
      throw error
    }
  }
}
