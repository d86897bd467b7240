/// DHCPProxy: from what came in to what goes out.

import Datagram
import Wire

extension ProxyDHCPService {
  /// All that waited on one socket; the answers leave together.
  func receive(_ datagrams: [ReceivedDatagram], _ port: Arrival.ServicePort, _ index: Int) {
    guard let listener = listeners[index] else { return }
    var outbox = Outbox()
    for datagram in datagrams { answer(datagram, port, listener, &outbox) }
    outbox.flush(listener.frames)
    for (event, failure) in outbox.sent {
      guard let failure else {
        report(event)
        continue
      }
      if case .answered(_, _, _, let reply, let arrival) = event,
        let count = failures.note(failure, on: arrival.interface, at: .now)
      {
        report(.notSent(failure, to: reply.destination, count: count, arrival))
      }
    }
  }

  private func answer(
    _ datagram: ReceivedDatagram, _ port: Arrival.ServicePort, _ listener: Listener,
    _ outbox: inout Outbox
  ) {
    let asked: IPv4Address?
    switch destination(of: datagram, listener) {
    case .everybody: asked = nil
    case .us(let address): asked = address
    case .another: return
    }
    let networks = listener.interface.networks
    guard let primary = networks.first?.address else { return }
    var arrival = Arrival(
      interface: listener.interface.name, local: asked ?? primary, port: port,
      source: datagram.source)
    let message: DHCPMessage
    do throws(WireError) {
      message = try DHCPMessage(parsing: datagram.payload)
    } catch {
      return report(.malformed(error, arrival))
    }
    if asked == nil {
      listener.learn(from: message)
      let choice = AnswerAddress(
        networks: networks, leased: listener.leased, route: LocalRoute.source(toward:))
      arrival.local = choice.address(for: message) ?? primary
    }
    switch decide(message, arrival) {
    case .reply(let reply, let client, let plan):
      let hardware = datagram.hardware.flatMap { $0.isUnicast ? $0 : nil }
      outbox.add(
        reply, arrival, to: hardware, .answered(question: message, client, plan, reply, arrival),
        listener, raw: raw)
    case .silence(let client, let reason):
      report(.silent(client, reason: reason, arrival))
    case .leaseRequested(let client, let address, let server):
      report(.leaseRequested(client, address: address, server: server, arrival))
    case .ignore(let reason):
      report(.ignored(reason, arrival))
    }
  }

  /// A bound socket was told by the kernel; of a captured packet we find out ourselves.
  private func destination(
    of datagram: ReceivedDatagram, _ listener: Listener
  ) -> CapturedDestination {
    guard let address = datagram.destination.v4 else { return .another }
    if let local = datagram.local.v4, !local.isUnspecified {
      return local == address ? .us(local) : .everybody
    }
    return CapturedDestination(
      address, networks: listener.interface.networks, route: LocalRoute.source(toward:))
  }

  /// An answer of a DHCP server to somebody, seen from the side.
  func learn(from datagram: ReceivedDatagram, _ index: Int) {
    guard let listener = listeners[index], datagram.source.port == 67,
      let message = try? DHCPMessage(parsing: datagram.payload)
    else { return }
    listener.learn(from: message)
  }
}
