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
  private let dhcp: Port67
  private let bootServer: DatagramSocket
  private var answers: CaptureSocket?

  private enum Port67 {
    case captured(CaptureSocket)
    case bound(DatagramSocket)
  }

  /// What came in, all that waited.
  typealias Receive = @Sendable ([ReceivedDatagram], Arrival.ServicePort) -> Void

  /// Where port 67 may not be captured it is bound.
  init(
    _ interface: NetworkInterface, wanted: PortSharing, loop: DatagramLoop,
    receive: @escaping Receive
  ) throws(ListenFailure) {
    self.interface = interface
    bootServer = try Self.bind(.bootServer, interface, loop, receive)
    // Without the right to send frames every answer is a broadcast.
    frames = try? RawFrameSocket(interface: interface)
    if wanted == .capture, frames != nil,
      let capture = try? CaptureSocket(
        on: loop, interface: interface, port: Arrival.ServicePort.dhcp.rawValue,
        receive: { receive($0, .dhcp) })
    {
      sharing = .capture
      dhcp = .captured(capture)
    } else {
      sharing = .bind
      do throws(ListenFailure) {
        dhcp = .bound(try Self.bind(.dhcp, interface, loop, receive))
      } catch {
        bootServer.close()
        throw error
      }
    }
  }

  private static func bind(
    _ port: Arrival.ServicePort, _ interface: NetworkInterface, _ loop: DatagramLoop,
    _ receive: @escaping Receive
  ) throws(ListenFailure) -> DatagramSocket {
    do throws(SocketError) {
      return try DatagramSocket.bind(
        on: loop, interface: interface.name, address: .any, port: port.rawValue,
        shared: port == .dhcp
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

  func learn(from message: DHCPMessage) {
    guard let address = AnswerAddress.leased(in: message),
      interface.networks.contains(where: { $0.contains(address) })
    else { return }
    leased = address
  }

  /// The bound socket of a port; nil where the port is captured.
  func socket(_ port: Arrival.ServicePort) -> DatagramSocket? {
    switch (port, dhcp) {
    case (.bootServer, _): bootServer
    case (.dhcp, .bound(let socket)): socket
    case (.dhcp, .captured): nil
    }
  }

  func close() {
    switch dhcp {
    case .captured(let socket): socket.close()
    case .bound(let socket): socket.close()
    }
    bootServer.close()
    answers?.close()
    answers = nil
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
