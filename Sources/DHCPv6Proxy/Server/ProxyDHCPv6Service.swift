/// DHCPv6Proxy: the service on ports 547 and 4011 of each interface.

package import Datagram
package import Wire

/// Answers network boot questions beside a router or a DHCPv6 server that knows nothing of them.
package actor ProxyDHCPv6Service {
  private nonisolated let loop: DatagramLoop
  private let interfaces: [ServedInterfaceV6]
  private let server: DUID
  private let plan: BootPlannerV6
  private let report: @Sendable (ProxyEventV6) -> Void
  /// By the name of the interface.
  private var listeners: [String: Listener] = [:]
  private var hardware = KnownHardware()

  /// One interface with its two sockets.
  private struct Listener {
    var interface: ServedInterfaceV6
    var dhcp: DatagramSocket
    var bootServer: DatagramSocket
  }

  /// All_DHCP_Relay_Agents_and_Servers (RFC 8415 §7.1): ff02::1:2.
  package static let group = IPv6Address(high: 0xff02_0000_0000_0000, low: 0x1_0002)

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  /// `server` is our identifier, the same on all interfaces and after each start
  /// (`DUID(server:)`). `plan` and `report` run on the loop's thread.
  package init(
    loop: DatagramLoop, interfaces: [ServedInterfaceV6], server: DUID,
    plan: @escaping BootPlannerV6, report: @escaping @Sendable (ProxyEventV6) -> Void
  ) {
    self.loop = loop
    self.interfaces = interfaces
    self.server = server
    self.plan = plan
    self.report = report
  }

  /// Binds ports 547 and 4011 on every interface; all or nothing. A DHCPv6 server on this host may
  /// have 547 as well when it lets others share it: both hear the multicasts then, but what a relay
  /// sends to an address of ours goes to one of the two.
  package func listen() throws(ListenFailureV6) {
    do throws(ListenFailureV6) {
      for interface in interfaces { try open(interface) }
    } catch {
      stop()
      throw error
    }
  }

  /// Serves these interfaces from now on, each with the addresses that it has now. Answers what could
  /// not be had; it is tried again at the next call.
  package func update(_ interfaces: [ServedInterfaceV6]) -> [ListenFailureV6] {
    for (name, listener) in listeners {
      if let now = interfaces.first(where: {
        $0.name == name && $0.index == listener.interface.index
      }) {
        listeners[name]?.interface = now
      } else {
        close(listener)
        listeners[name] = nil
      }
    }
    return interfaces.filter { listeners[$0.name] == nil }.compactMap { interface in
      do throws(ListenFailureV6) {
        try open(interface)
        return nil
      } catch {
        return error
      }
    }
  }

  package func stop() {
    for listener in listeners.values { close(listener) }
    listeners = [:]
  }

  private func open(_ interface: ServedInterfaceV6) throws(ListenFailureV6) {
    let dhcp = try socket(.dhcp, interface.name)
    do throws(ListenFailureV6) {
      listeners[interface.name] = Listener(
        interface: interface, dhcp: dhcp, bootServer: try socket(.bootServer, interface.name))
    } catch {
      dhcp.close()
      throw error
    }
  }

  private func close(_ listener: Listener) {
    listener.dhcp.close()
    listener.bootServer.close()
  }

  private func socket(
    _ port: ArrivalV6.ServicePort, _ interface: String
  ) throws(ListenFailureV6) -> DatagramSocket {
    do throws(SocketError) {
      return try DatagramSocket.bind(
        on: loop, interface: interface, address: .v6(.any), port: port.rawValue,
        joining: port == .dhcp ? Self.group : nil
      ) { [weak self] datagram in
        self?.assumeIsolated { $0.receive(datagram, port, interface) }
      }
    } catch {
      throw ListenFailureV6(port: port.rawValue, cause: error)
    }
  }

  private func receive(
    _ datagram: ReceivedDatagram, _ port: ArrivalV6.ServicePort, _ name: String
  ) {
    guard let listener = listeners[name], let source = datagram.source.address.v6 else { return }
    let interface = listener.interface
    var arrival = ArrivalV6(
      interface: interface.name, local: datagram.local.v6 ?? .any, port: port,
      source: datagram.source, isMulticast: datagram.destination.v6?.isMulticast == true)
    let question: RelayedMessage
    do throws(WireError) {
      question = try RelayedMessage(parsing: datagram.payload)
    } catch {
      return report(.malformed(error, arrival))
    }
    var client: BootClientV6
    do throws(BootClientV6.Refusal) {
      client = try BootClientV6(question, from: source)
    } catch {
      return report(.ignored(error.description, arrival))
    }
    hardware.complete(&client)
    // An address that was asked can be reached; a group or a link-local one goes into no URL.
    if arrival.local.isUnspecified || arrival.local.isLinkLocal {
      let peer = question.hops.last?.linkAddress ?? source
      guard let local = interface.address(near: peer) else {
        return report(
          .silent(client, reason: "\(interface.name) has no IPv6 address of ours", arrival))
      }
      arrival.local = local
    }
    switch ProxyDecisionV6.decide(question, client, arrival, server: server, plan: plan) {
    case .reply(let reply, let plan):
      send(reply, from: datagram.local, listener, arrival)
      report(.answered(question: question, client, plan, reply, arrival))
    case .silence(let reason):
      report(.silent(client, reason: reason, arrival))
    case .leaseRequested(let address, let server):
      report(.leaseRequested(client, address: address, server: server, arrival))
    case .ignore(let reason):
      report(.ignored(reason, arrival))
    }
  }

  /// From the address that was asked; after a multicast the kernel chooses one of the peer's scope.
  private func send(
    _ reply: ProxyReplyV6, from local: IPAddress, _ listener: Listener, _ arrival: ArrivalV6
  ) {
    var writer = ByteWriter(capacity: 320)
    // Nothing that came in a datagram is too long for its field on the way out.
    guard let message = try? reply.message,
      (try? message.encodeReply(into: &writer)) != nil
    else { return }
    let socket = arrival.port == .dhcp ? listener.dhcp : listener.bootServer
    socket.send(writer.bytes, to: reply.destination, from: local.isUnspecified ? nil : local)
  }
}

/// A port that could not be had.
package struct ListenFailureV6: Error, Equatable, Sendable {
  package var port: UInt16
  package var cause: SocketError
}
