/// FinoFuzz: capture files of every format, and the packets in them.

import PacketCapture

enum CaptureFuzz {
  static func swallow(_ bytes: [UInt8]) {
    var reader = CaptureReader(bytes: bytes)
    var decoder = PacketDecoder()
    var encoder = PcapngEncoder()
    var last = 0
    do {
      while let frame = try reader.next() {
        precondition(frame.number == last + 1, "misnumbered")
        precondition(frame.bytes.count <= frame.originalLength, "longer than on the wire")
        precondition(frame.interface < reader.interfaces.count, "of no interface")
        last = frame.number
        let packet = try? decoder.decode(frame)
        _ = packet?.description
        if case .udp(_, _, let payload, let length) = packet?.content {
          precondition(payload.count <= length, "a payload of more than there is")
        }
        encoder.removeAll()
        try? encoder.packet(frame)
        precondition(encoder.bytes.count % 4 == 0, "not padded")
      }
    } catch {
      _ = "\(error)"
    }
    // The frame alone, without a file around it.
    for type in [.ethernet, .rawIP, .linuxCooked, .linuxCooked2, .loopback] as [LinkType] {
      let frame = CapturedFrame(number: 1, time: 0, linkType: type, bytes: bytes[...])
      _ = try? decoder.decode(frame)
    }
  }
}
