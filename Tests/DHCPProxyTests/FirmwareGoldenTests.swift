/// Tests of DHCPProxy: what each firmware is answered. Questions are real or hand-built; the answers are goldens.

import Fixtures
import PacketCapture
import Testing
import Wire

@testable import DHCPProxy

/// Refresh with FINO_REFRESH_GOLDENS=1, then read the diff.
@Suite struct FirmwareGoldenTests {
  /// Each question of a capture with the answer of today, asked at the capture's own pace.
  @Test(arguments: CapturedDHCP.names)
  func capturedFirmware(_ name: String) throws {
    var proxy = ProxyHarness()
    var text = ""
    var time = Duration.zero
    for datagram in try CapturedDHCP(name).datagrams where datagram.frame.payload.first == 1 {
      let frame = datagram.frame
      proxy.wait(datagram.time - time)
      time = datagram.time
      text += try Self.golden(
        &proxy, frame.payload, port: frame.destination.port, from: frame.source)
    }
    #expect(try Fixtures.difference(from: "dhcp/\(name).txt", text) == nil)
  }

  @Test(arguments: Firmware.all)
  func builtFirmware(_ firmware: Firmware) throws {
    var proxy = ProxyHarness()
    var text = ""
    var seconds = 0
    for step in firmware.steps {
      proxy.wait(.seconds(step.seconds - seconds))
      seconds = step.seconds
      text += "=== \(seconds) s\n"
      let address = try DHCPMessage(parsing: step.bytes).ciaddr
      text += try Self.golden(
        &proxy, step.bytes, port: step.port, from: Endpoint(address, step.from))
    }
    #expect(try Fixtures.difference(from: "dhcp/built/\(firmware.name).txt", text) == nil)
  }

  /// Asks; every reply must pass the strictest firmware.
  private static func golden(
    _ proxy: inout ProxyHarness, _ bytes: [UInt8], port: UInt16, from source: Endpoint
  ) throws -> String {
    guard let port = Arrival.ServicePort(rawValue: port) else { return "" }
    let question = try DHCPMessage(parsing: bytes)
    let decision = proxy.decide(question, port: port, from: source)
    if case .reply(let reply, _, _) = decision {
      #expect(StrictFirmware(reply.bytes, to: bytes).faults == [])
      #expect(reply.message.options.first(.serverIdentifier) == ProxyHarness.server.bytes)
    }
    return "--- \(source) asks port \(port.rawValue)\n\(question)\n\(decision.goldenText)"
  }
}
