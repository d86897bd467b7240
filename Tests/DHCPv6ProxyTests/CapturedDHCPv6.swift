/// Tests of DHCPv6Proxy: what real firmware sent, and messages made by hand.

import Fixtures
import PacketCapture
import Wire

@testable import DHCPv6Proxy

/// The DHCPv6 datagrams of a capture.
struct CapturedDHCPv6 {
  var frames: [UDPFrame]

  init(_ name: String) throws {
    let capture = try CaptureFile(parsing: Fixtures.bytes("captures/\(name).pcap"))
    frames = try capture.records.compactMap { try UDPFrame(parsing: $0.bytes) }
      .filter { [546, 547, 4011].contains($0.destination.port) }
  }

  /// Those that a client sent to a server.
  var questions: [UDPFrame] {
    frames.filter { $0.destination.port != 546 && [1, 3, 11].contains($0.payload.first) }
  }
}

/// What OVMF 2022.11 (x64) and iPXE 20190125 sent in a recording with another server, whose answers
/// they took.
enum Recorded {
  static let pxeSolicit = bytes(
    """
    0195c31500010012000433221100554477668899aabbccddee060008000200000003000cffdc57ffffffffffffff
    ffff00060008003b003c00170010003e0003010300003d0002000700100026000001570020505845436c69656e74
    3a417263683a30303030373a554e44493a303033303030
    """)
  static let httpSolicit = bytes(
    """
    0199c31500010012000433221100554477668899aabbccddee060008000200000003000ca327bf1bffffffffffff
    ffff00060008003b003c00170010003e0003010300003d000200100010002700000157002148545450436c69656e
    743a417263683a30303031363a554e44493a303033303030
    """)
  /// EDK2's question on port 4011, to the server 00030001525400aa0002.
  static let bootServerRequest = bytes(
    """
    0395c3150002000a00030001525400aa000200010012000433221100554477668899aabbccddee06000800020190
    00060008003b003c00170010003e0003010300003d0002000700100026000001570020505845436c69656e743a41
    7263683a30303030373a554e44493a303033303030
    """)
  static let ipxeSolicit = bytes(
    """
    0109708200010012000400112233445566778899aabbccddee060003000c34081b17000000000000000000060008
    00170018003b003c00100026000001570020505845436c69656e743a417263683a30303030373a554e44493a3030
    33303130003d00020007003e000301030a000f0006000469505845000800020000
    """)

  private static func bytes(_ text: String) -> [UInt8] {
    HexDump.parse(text.filter { !$0.isWhitespace }) ?? []
  }
}

extension RelayedMessage {
  var bytes: [UInt8] {
    get throws {
      var writer = ByteWriter()
      try encode(into: &writer)
      return writer.bytes
    }
  }
}

extension IPv6Address {
  static let client = IPv6Address("fe80::5054:ff:fe77:6") ?? .any
  static let lease = IPv6Address("fd77::1e9") ?? .any
  static let ours = IPv6Address("fd77::2") ?? .any
}
