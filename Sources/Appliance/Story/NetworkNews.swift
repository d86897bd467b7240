/// Appliance: what happens to the interfaces that are served, as lines of the log.

import DHCPProxy
import Logging

struct NetworkNews: Sendable {
  let logger: Logger

  func tell(_ event: ProxyEvent) {
    switch event {
    case .notSent(let error, _, let count, let arrival):
      logger.warning("\(count) answers on \(arrival.interface) did not leave: \(error)")
    case .serving(let interface, .capture):
      logger.info("\(interface) is served")
    case .serving(let interface, .bind):
      logger.info(
        "\(interface) is served; port 67 is bound, so a DHCP server on this host must share it")
    case .leaving(let interface):
      logger.info("\(interface) is served no more: it has gone, or has no IPv4 address")
    case .notServing(let interface, let failure):
      logger.warning("\(interface) can't be served: \(failure.cause)")
    case .answered, .silent, .leaseRequested, .malformed, .refused, .ignored:
      break
    }
  }
}
