/// DHCPv6Proxy: the hardware addresses of clients that asked before.

import Wire

/// A client's SOLICIT comes from its link-local address, which shows its hardware address; its
/// REQUEST to port 4011 comes from the address that a DHCPv6 server gave it, which shows nothing.
/// The client's identifier is the same in both. The oldest is forgotten when there are too many.
package struct KnownHardware: Sendable {
  private var known: [DUID: MACAddress] = [:]
  private var order: [DUID] = []
  /// The place in `order` that is taken over next once it is full.
  private var oldest = 0
  private let most: Int

  package init(most: Int = 4096) {
    self.most = max(most, 1)
  }

  package var count: Int { known.count }

  /// Takes note of a client that shows its address, completes one that does not. An identifier that
  /// was made of a hardware address is the last resort: it may be that of another interface.
  package mutating func complete(_ client: inout BootClientV6) {
    if let mac = client.mac {
      remember(client.duid, mac)
    } else {
      client.mac = known[client.duid] ?? client.duid.hardware
    }
  }

  private mutating func remember(_ duid: DUID, _ mac: MACAddress) {
    if known.updateValue(mac, forKey: duid) != nil { return }
    if order.count < most {
      order.append(duid)
    } else {
      known[order[oldest]] = nil
      order[oldest] = duid
      oldest = (oldest + 1) % most
    }
  }
}
