/// IPMITests: signed and encrypted packets of every length.

import IPMI
import Testing

struct PacketSealTests {
  /// Lengths around the block size, and paddings that BMCs really send.
  @Test(arguments: CipherSuite.all)
  func allLengthsComeBack(_ suite: CipherSuite) throws {
    let seal = SessionEnds(suite).seal
    for length in 0...48 {
      let message = (0..<length).map { UInt8($0) }
      let datagram = seal.seal(
        message, sessionID: 1, sequence: 1, iv: Array(repeating: 7, count: 16))
      guard case .session(let packet) = try RMCPDatagram(parsing: datagram) else {
        Issue.record("not a session packet")
        return
      }
      #expect(try seal.open(packet, datagram: datagram).payload == message)
      if suite.authenticates {
        #expect((datagram.count - 4 - suite.integrity.codeLength).isMultiple(of: 4))
      }
    }
  }
}
