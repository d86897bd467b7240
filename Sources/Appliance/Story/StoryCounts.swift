/// Appliance: the counters of what comes by datagram, which may be a flood.

import Inventory

struct StoryCounts: Sendable {
  let dhcpDiscover: Counter
  let ipxeDiscover: Counter
  let dhcpOffer: Counter
  let dhcpRequest: Counter
  let dhcpAck: Counter
  let dhcpIgnored: Counter
  let dhcpMalformed: Counter
  let dhcpOther: Counter
  let tftpRequests: Counter
  let tftpOther: Counter
  let tftpFailed: Counter

  init(_ counters: Counters) {
    dhcpDiscover = counters.counter(BootEventKind.dhcpDiscover.rawValue)
    ipxeDiscover = counters.counter(BootEventKind.ipxeDiscover.rawValue)
    dhcpOffer = counters.counter(BootEventKind.dhcpOffer.rawValue)
    dhcpRequest = counters.counter(BootEventKind.dhcpRequest.rawValue)
    dhcpAck = counters.counter(BootEventKind.dhcpAck.rawValue)
    dhcpIgnored = counters.counter(BootEventKind.dhcpIgnored.rawValue)
    dhcpMalformed = counters.counter("dhcp-malformed")
    dhcpOther = counters.counter("dhcp-other")
    tftpRequests = counters.counter("tftp-requests")
    tftpOther = counters.counter("tftp-other")
    tftpFailed = counters.counter(BootEventKind.tftpFailed.rawValue)
  }
}
