/// Appliance: the services that live on the interfaces: ProxyDHCP, DHCPv6, TFTP.

import DHCPProxy
import DHCPv6Proxy
import Datagram
import Logging
import TFTP
import Wire

/// All on one loop, and so on the same interfaces at any time.
struct NetworkServices: Sendable {
  var loop: DatagramLoop
  var settings: Settings
  var dhcp: ProxyDHCPService
  var dhcpv6: ProxyDHCPv6Service
  var tftp: TFTPServer
  var logger: Logger

  /// Binds the ports on these interfaces, so that a taken port is one sentence and not half an
  /// appliance, and follows from then on what happens to the interfaces of this machine.
  func listen(on interfaces: [NetworkInterface]) async throws -> InterfaceWatch {
    do throws(ListenFailure) {
      try await dhcp.listen()
    } catch {
      throw ApplianceError(error.cause, port: Int(error.port))
    }
    do throws(SocketError) {
      try await tftp.listen()
    } catch {
      throw ApplianceError(error, port: settings.tftpPort)
    }
    // Without IPv6 everybody boots who booted before.
    for failure in await dhcpv6.update(servedV6(interfaces)) {
      logger.warning("DHCPv6 is not answered: \(failure.cause)")
    }
    do throws(SocketError) {
      return try InterfaceWatch(on: loop, latest: interfaces) { follow($0) }
    } catch {
      throw ApplianceError.cannotPrepare(error.description)
    }
  }

  func stop() async {
    await dhcp.stop()
    await dhcpv6.stop()
  }

  /// Called on the loop, where the services live.
  private func follow(_ all: [NetworkInterface]) {
    // Nothing to serve now is no reason to end: the cable may come back.
    let served =
      (try? ServedInterfaces.choose(settings.interfaces, from: all, isStart: false)) ?? []
    dhcp.assumeIsolated { $0.update(served) }
    tftp.assumeIsolated { $0.update(Self.listeners(served)) }
    let failures = dhcpv6.assumeIsolated { $0.update(servedV6(served)) }
    for failure in failures { logger.warning("DHCPv6 is not answered: \(failure.cause)") }
  }

  private func servedV6(_ interfaces: [NetworkInterface]) -> [ServedInterfaceV6] {
    guard settings.dhcp.isIPv6 else { return [] }
    return interfaces.filter { !$0.networks6.isEmpty }
      .map { ServedInterfaceV6(name: $0.name, index: $0.index, addresses: $0.networks6) }
  }

  /// Every address of an interface, also those that it will get.
  static func listeners(_ interfaces: [NetworkInterface]) -> [TFTPConfiguration.Listener] {
    interfaces.flatMap { interface in
      ([.any] + (interface.networks6.isEmpty ? [] : [IPAddress.v6(.any)])).map {
        .init(
          interface: interface.name, address: $0, mtu: interface.mtu, index: interface.index)
      }
    }
  }
}
