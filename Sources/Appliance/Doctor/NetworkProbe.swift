/// Appliance: the doctor asks the network who gives addresses and who else answers PXE.

import DHCPProxy
import Datagram
import Synchronization
import Wire

/// Three questions, each sent twice, on one interface. Needs CAP_NET_RAW.
struct NetworkProbe {
  var interface: NetworkInterface
  var loop: DatagramLoop

  /// dnsmasq looks for three seconds whether somebody has the address that it is about to offer.
  private static let patience = Duration.seconds(5)
  private static let pause = Duration.seconds(1)

  /// What was heard; bounded, whatever the network says.
  private final class Heard: Sendable {
    private let answers = Mutex<[ProbeAnswer]>([])
    private static let most = 256

    func note(_ answer: ProbeAnswer) {
      answers.withLock {
        if $0.count < Self.most, !$0.contains(answer) { $0.append(answer) }
      }
    }

    var all: [ProbeAnswer] { answers.withLock { $0 } }
  }

  func answers() async throws(SocketError) -> [ProbeAnswer] {
    var random = SystemRandomNumberGenerator()
    let questions = ProbeQuestion.Kind.allCases.map { ProbeQuestion($0, random: &random) }
    let heard = Heard()
    let capture = try CaptureSocket(on: loop, interface: interface, port: 68, bothWays: true) {
      for datagram in $0 {
        guard let message = try? DHCPMessage(parsing: datagram.payload),
          let answer = ProbeAnswer(message, to: questions)
        else { continue }
        heard.note(answer)
      }
    }
    defer { capture.close() }
    let socket = try RawFrameSocket(interface: interface)
    for _ in 0..<2 {
      if let failure = socket.send(questions.compactMap(Self.frame)).values.first { throw failure }
      try? await Task.sleep(for: Self.pause)
    }
    try? await Task.sleep(for: Self.patience - Self.pause)
    return heard.all
  }

  private static func frame(_ question: ProbeQuestion) -> RawFrameSocket.Frame? {
    var writer = ByteWriter()
    question.message.encode(into: &writer)
    return UDPPacket(
      source: Endpoint(IPv4Address.any, 68), destination: Endpoint(IPv4Address.broadcast, 67),
      payload: writer.bytes
    ).map { RawFrameSocket.Frame($0, to: .broadcast) }
  }
}
