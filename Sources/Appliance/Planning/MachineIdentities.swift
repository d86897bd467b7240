/// Appliance: which SMBIOS UUID belongs to which MAC address, as DHCP tells both.

import DHCPProxy
import DHCPv6Proxy
import Synchronization
import Wire

/// iPXE asks for its script by MAC address, Bergenholm's records are by UUID; option 97 of the DHCP
/// question before tells that they are one machine.
final class MachineIdentities: Sendable {
  private let uuids = Mutex(RecentlyUsed<MACAddress, SystemUUID>(limit: 65_536))

  func note(_ event: ProxyEvent) {
    switch event {
    case .answered(_, let client, _, _, _), .silent(let client, _, _),
      .leaseRequested(let client, _, _, _):
      note(client.mac, client.uuid)
    default: break
    }
  }

  func note(_ event: ProxyEventV6) {
    switch event {
    case .answered(_, let client, _, _, _), .silent(let client, _, _),
      .leaseRequested(let client, _, _, _):
      if let mac = client.mac { note(mac, client.uuid) }
    case .malformed, .ignored: break
    }
  }

  private func note(_ mac: MACAddress, _ uuid: SystemUUID?) {
    guard let uuid, uuid.isIdentity else { return }
    uuids.withLock { $0.set(mac, to: uuid) }
  }

  func uuid(of mac: MACAddress) -> SystemUUID? {
    uuids.withLock { $0.peek(mac) }
  }
}
