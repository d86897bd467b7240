/// Tests of DHCPProxy: the DHCP datagrams of a capture.

import Fixtures
import PacketCapture
import Wire

/// By whom they were sent to.
struct CapturedDHCP {
  struct Datagram {
    /// Since the first frame of the capture.
    var time: Duration
    var frame: UDPFrame
  }

  var datagrams: [Datagram]

  init(_ name: String) throws {
    let capture = try CaptureFile(parsing: Fixtures.bytes("captures/\(name).pcap"))
    let start = capture.records.first?.timestamp ?? 0
    datagrams = try capture.records.compactMap { record in
      try UDPFrame(parsing: record.bytes).map {
        Datagram(time: .nanoseconds(Int64(record.timestamp) - Int64(start)), frame: $0)
      }
    }.filter { [67, 68, 4011].contains($0.frame.destination.port) }
  }

  var frames: [UDPFrame] { datagrams.map(\.frame) }

  /// Those that a client sent to a server.
  var questions: [UDPFrame] { frames.filter { $0.payload.first == 1 } }

  static let names = ["fino-bios", "fino-uefi", "s1", "b2", "b15", "e3", "e13", "e15", "h1"]
}
