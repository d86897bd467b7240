/// Appliance: which machine has which address, as DHCP tells.

package import DHCPProxy
import DHCPv6Proxy
import Synchronization
package import Wire

/// TFTP and HTTP show only an address. A boot client that takes a lease says in the same broadcast who
/// it is, and on port 4011 it asks from its new address.
package final class MachineAddresses: Sendable {
  private let machines = Mutex(RecentlyUsed<IPAddress, MACAddress>(limit: 65_536))

  package init() {}

  package func note(_ event: ProxyEvent) {
    switch event {
    case .leaseRequested(let client, let address, _, _): note(client.mac, .v4(address))
    case .answered(_, let client, _, _, _), .silent(let client, _, _):
      note(client.mac, .v4(client.address))
    default: break
    }
  }

  func note(_ event: ProxyEventV6) {
    switch event {
    case .leaseRequested(let client, let address, _, _):
      if let mac = client.mac { note(mac, .v6(address)) }
    case .answered(_, let client, _, _, _), .silent(let client, _, _):
      if let mac = client.mac, let address = client.address { note(mac, .v6(address)) }
    case .malformed, .ignored: break
    }
  }

  func note(_ mac: MACAddress, _ address: IPAddress) {
    guard address.isOfOneHost, address != .loopback else { return }
    machines.withLock { $0.set(address, to: mac) }
  }

  package func machine(at address: IPAddress) -> MACAddress? {
    machines.withLock { $0.peek(address) }
  }
}
