/// DHCPProxy: one interface that is served, with its sockets.

package import Datagram
import Wire

/// Belongs to the service's actor, that is to the loop's thread.
final class Listener {
  var interface: NetworkInterface
  let sharing: PortSharing
  /// An address that a DHCP server gave on this interface, in one of its networks; the latest.
  private(set) var leased: IPv4Address?
  let frames: RawFrameSocket?
  /// Of both ports, or none.
  private let captured: [CaptureSocket]
  /// Port 67 where it is not captured.
  private let dhcp: DatagramSocket?
  private let bootServer: DatagramSocket
  private var answers: CaptureSocket?
  private let refused: RefusedDatagrams?

  /// What came in, all that waited.
  typealias Receive = @Sendable ([ReceivedDatagram], Arrival.ServicePort) -> Void

  /// Where the ports may not be captured they are heard by sockets that are bound.
  init(
    _ interface: NetworkInterface, wanted: PortSharing, loop: DatagramLoop,
    receive: @escaping Receive
  ) throws(ListenFailure) {
    self.interface = interface
    // Without the right to send frames every answer is a broadcast.
    frames = try? RawFrameSocket(interface: interface)
    let captured: [CaptureSocket] =
      wanted == .capture && frames != nil ? Self.capture(interface, loop, receive) : []
    sharing = captured.isEmpty ? .bind : .capture
    self.captured = captured
    refused =
      captured.isEmpty
      ? nil
      : try? RefusedDatagrams(
        at: interface,
        ports: (Arrival.ServicePort.dhcp.rawValue, Arrival.ServicePort.bootServer.rawValue))
    // Port 4011 is bound in any case, for whoever else wants it must hear that it is taken, and clients
    // must not hear that it is not.
    bootServer = try Self.bind(.bootServer, interface, loop, isDeaf: !captured.isEmpty, receive)
    do throws(ListenFailure) {
      dhcp = captured.isEmpty ? try Self.bind(.dhcp, interface, loop, receive) : nil
    } catch {
      bootServer.close()
      throw error
    }
  }

  /// Both ports or, where one may not be captured, none.
  private static func capture(
    _ interface: NetworkInterface, _ loop: DatagramLoop, _ receive: @escaping Receive
  ) -> [CaptureSocket] {
    let ports: [Arrival.ServicePort] = [.dhcp, .bootServer]
    let sockets = ports.compactMap { port in
      try? CaptureSocket(on: loop, interface: interface, port: port.rawValue) {
        receive($0, port)
      }
    }
    return sockets.count == ports.count ? sockets : []
  }

  private static func bind(
    _ port: Arrival.ServicePort, _ interface: NetworkInterface, _ loop: DatagramLoop,
    isDeaf: Bool = false, _ receive: @escaping Receive
  ) throws(ListenFailure) -> DatagramSocket {
    do throws(SocketError) {
      return try DatagramSocket.bind(
        on: loop, interface: interface.name, address: .any, port: port.rawValue,
        shared: port == .dhcp, isDeaf: isDeaf, isBusy: true
      ) { receive([$0], port) }
    } catch {
      throw ListenFailure(port: port.rawValue, cause: error)
    }
  }

  /// Where there is a choice of addresses the DHCP server's own answers make it: those from outside
  /// and, where it runs on this host, those that leave.
  func watchAnswers(on loop: DatagramLoop, receive: @escaping @Sendable (ReceivedDatagram) -> Void)
  {
    let isUseful = sharing == .capture && interface.networks.count > 1
    if !isUseful {
      answers?.close()
      answers = nil
    } else if answers == nil {
      answers = try? CaptureSocket(
        on: loop, interface: interface, port: 68, bothWays: true,
        receive: { for datagram in $0 { receive(datagram) } })
    }
  }

  /// How many datagrams the kernel kept from us since this was asked last, for they were no DHCP.
  func takeRefused() -> Int { refused?.take() ?? 0 }

  func learn(from message: DHCPMessage) {
    guard let address = AnswerAddress.leased(in: message),
      interface.networks.contains(where: { $0.contains(address) })
    else { return }
    leased = address
  }

  /// Whether it is on this very link, by its address: no router is in between.
  func isNeighbour(_ peer: Endpoint) -> Bool {
    guard let address = peer.address.v4 else { return false }
    return interface.networks.contains { $0.contains(address) }
  }

  /// The bound socket of a port; nil for port 67 where it is captured.
  func socket(_ port: Arrival.ServicePort) -> DatagramSocket? {
    port == .bootServer ? bootServer : dhcp
  }

  func close() {
    for socket in captured { socket.close() }
    dhcp?.close()
    bootServer.close()
    answers?.close()
    answers = nil
    refused?.close()
  }
}

/// A port that could not be had.
package struct ListenFailure: Error, Equatable, Sendable {
  package var port: UInt16
  package var cause: SocketError

  package init(port: UInt16, cause: SocketError) {
    self.port = port
    self.cause = cause
  }
}
