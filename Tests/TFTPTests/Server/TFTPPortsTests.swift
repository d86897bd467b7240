/// TFTPTests: the ports of transfers.

import Datagram
import Testing
import Wire

@testable import TFTP

@Suite struct TFTPPortsTests {
  private let options = DatagramPort.Options()

  @Test func `ports of a range come in turn, and again when they were given back`() throws {
    let ports = TFTPPorts(24_210...24_212)
    let first = try (0..<3).map { _ in try ports.open(at: .loopback, options) }
    #expect(first.map(\.local.port) == [24_210, 24_211, 24_212])
    #expect(throws: SocketError.self) { try ports.open(at: .loopback, options) }
    ports.close(first[1])
    ports.close(first[0])
    #expect(try ports.open(at: .loopback, options).local.port == 24_211)
  }

  @Test func `a port that somebody else holds is passed over`() throws {
    let other = try DatagramPort.open(at: .loopback, port: 24_220, options)
    let ports = TFTPPorts(24_220...24_221)
    #expect(try ports.open(at: .loopback, options).local.port == 24_221)
    other.close()
  }

  @Test func `without a range the kernel chooses`() throws {
    let ports = TFTPPorts(nil)
    let two = try (0..<2).map { _ in try ports.open(at: .loopback, options) }
    #expect(two[0].local.port != two[1].local.port)
  }
}
