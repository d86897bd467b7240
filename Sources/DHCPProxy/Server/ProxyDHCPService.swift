/// DHCPProxy: the service on ports 67 and 4011 of each interface.

package import Datagram
package import Wire

/// Answers network boot questions beside a DHCP server that knows nothing of them.
package actor ProxyDHCPService {
  private nonisolated let loop: DatagramLoop
  private let interfaces: [NetworkInterface]
  private let plan: BootPlanner
  private let report: @Sendable (ProxyEvent) -> Void
  private let rules: BootRules
  private var memory = StrategyMemory()
  private var listeners: [Listener] = []

  /// One interface: its two sockets, and frames for clients without an address. Without the right to
  /// send raw frames every answer is a broadcast.
  private struct Listener {
    var dhcp: DatagramSocket
    var bootServer: DatagramSocket
    var frames: RawFrames?
  }

  /// A holder, because a noncopyable socket can't be in an array.
  private final class RawFrames: Sendable {
    let socket: RawFrameSocket

    init(_ interface: NetworkInterface) throws(SocketError) {
      socket = try RawFrameSocket(interface: interface)
    }
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  /// `plan` and `report` run on the loop's thread.
  package init(
    loop: DatagramLoop, interfaces: [NetworkInterface], plan: @escaping BootPlanner,
    rules: BootRules = BootRules(), report: @escaping @Sendable (ProxyEvent) -> Void
  ) {
    self.loop = loop
    self.interfaces = interfaces
    self.plan = plan
    self.report = report
    self.rules = rules
  }

  /// This machine asked for a file of ours, or has one whole: the answer that it got does help.
  package func fetches(_ mac: MACAddress, isDone: Bool) {
    if isDone { memory.worked(mac, at: .now) } else { memory.progressed(mac, at: .now) }
  }

  /// Binds ports 67 and 4011 on every interface; all or nothing.
  package func listen() throws(ListenFailure) {
    do throws(ListenFailure) {
      for interface in interfaces {
        let index = listeners.count
        let dhcp = try socket(.dhcp, interface, index)
        let bootServer = try socket(.bootServer, interface, index)
        listeners.append(
          Listener(dhcp: dhcp, bootServer: bootServer, frames: try? RawFrames(interface)))
      }
    } catch {
      stop()
      throw error
    }
  }

  package func stop() {
    for listener in listeners {
      listener.dhcp.close()
      listener.bootServer.close()
    }
    listeners = []
  }

  private func socket(
    _ port: Arrival.ServicePort, _ interface: NetworkInterface, _ index: Int
  ) throws(ListenFailure) -> DatagramSocket {
    do throws(SocketError) {
      return try DatagramSocket.bind(
        on: loop, interface: interface.name, address: .any, port: port.rawValue
      ) { [weak self] datagram in
        self?.assumeIsolated { $0.receive(datagram, port, interface, index) }
      }
    } catch {
      throw ListenFailure(port: port.rawValue, cause: error)
    }
  }

  private func receive(
    _ datagram: ReceivedDatagram, _ port: Arrival.ServicePort, _ interface: NetworkInterface,
    _ index: Int
  ) {
    guard index < listeners.count else { return }
    let local = datagram.local.v4 ?? .any
    var arrival = Arrival(
      interface: interface.name, local: local, port: port, source: datagram.source)
    let message: DHCPMessage
    do throws(WireError) {
      message = try DHCPMessage(parsing: datagram.payload)
    } catch {
      return report(.malformed(error, arrival))
    }
    // A broadcast names no address of ours: take the one that the client, or its relay, can reach.
    if datagram.destination != datagram.local || local.isUnspecified {
      let peer = message.giaddr.isUnspecified ? message.ciaddr : message.giaddr
      guard let local = interface.address(near: peer) else { return }
      arrival.local = local
    }
    switch ProxyDecision.decide(
      message, arrival, plan: plan, memory: &memory, rules: rules, at: .now)
    {
    case .reply(let reply, let client, let plan):
      send(reply, arrival, listeners[index])
      report(.answered(question: message, client, plan, reply, arrival))
    case .silence(let client, let reason):
      report(.silent(client, reason: reason, arrival))
    case .leaseRequested(let client, let address, let server):
      report(.leaseRequested(client, address: address, server: server, arrival))
    case .ignore(let reason):
      report(.ignored(reason, arrival))
    }
  }

  private func send(_ reply: ProxyReply, _ arrival: Arrival, _ listener: Listener) {
    var writer = ByteWriter(capacity: 320)
    reply.message.encode(into: &writer)
    let socket = arrival.port == .dhcp ? listener.dhcp : listener.bootServer
    let everybody = Endpoint(IPv4Address.broadcast, 68)
    switch reply.destination {
    case .unicast(let peer):
      socket.send(writer.bytes, to: peer, from: .v4(arrival.local))
    case .hardware(let mac):
      guard let frames = listener.frames else { fallthrough }
      frames.socket.send(
        writer.bytes, from: Endpoint(arrival.local, arrival.port.rawValue), to: everybody,
        hardware: mac)
    case .broadcast:
      socket.send(writer.bytes, to: everybody, from: .v4(arrival.local))
    }
  }
}

/// A port that could not be had.
package struct ListenFailure: Error, Equatable, Sendable {
  package var port: UInt16
  package var cause: SocketError
}
