/// BootDoctorTests: frames made by hand, for what no fixture shows.

import BootDoctor
import PacketCapture
import Wire

/// Ethernet frames of one machine and one server, decoded as if they came out of a capture.
struct FrameBuilder {
  static let client = MACAddress(value: 0x5254_0000_0001)
  static let server = MACAddress(value: 0x5254_0000_0002)
  static let clientAddress = IPv4Address(10, 0, 0, 50)
  static let serverAddress = IPv4Address(10, 0, 0, 2)

  private var decoder = PacketDecoder()
  private var number = 0
  var seconds = 0.0
  var explainer = Explainer(isLive: true)
  var events: [StepEvent] = []

  enum Side {
    case client, server
  }

  /// UDP, from one of the two; addresses may be others.
  mutating func udp(
    _ side: Side, _ source: UInt16, _ destination: UInt16, _ payload: [UInt8],
    from: IPv4Address? = nil, to: IPv4Address? = nil, vlan: UInt16? = nil
  ) {
    var writer = ByteWriter()
    writer.write(source)
    writer.write(destination)
    writer.write(UInt16(payload.count + 8))
    writer.write(UInt16(0))
    writer.write(payload)
    ip(side, 17, writer.bytes, from: from, to: to, vlan: vlan)
  }

  mutating func tcp(
    _ side: Side, _ source: UInt16, _ destination: UInt16, sequence: UInt32,
    acknowledgment: UInt32 = 0, flags: UInt8, _ payload: [UInt8] = []
  ) {
    var writer = ByteWriter()
    writer.write(source)
    writer.write(destination)
    writer.write(sequence)
    writer.write(acknowledgment)
    writer.write([0x50, flags, 0xff, 0xff, 0, 0, 0, 0])
    writer.write(payload)
    ip(side, 6, writer.bytes)
  }

  private mutating func ip(
    _ side: Side, _ proto: UInt8, _ payload: [UInt8], from: IPv4Address? = nil,
    to: IPv4Address? = nil, vlan: UInt16? = nil
  ) {
    let isClient = side == .client
    var writer = ByteWriter()
    writer.write(isClient ? Self.server.bytes : Self.client.bytes)
    writer.write(isClient ? Self.client.bytes : Self.server.bytes)
    if let vlan {
      writer.write(UInt16(0x8100))
      writer.write(vlan)
    }
    writer.write(UInt16(0x0800))
    writer.write([0x45, 0])
    writer.write(UInt16(payload.count + 20))
    writer.write([0, 0, 0, 0, 64, proto, 0, 0])
    writer.write((from ?? (isClient ? Self.clientAddress : Self.serverAddress)).value)
    writer.write((to ?? (isClient ? Self.serverAddress : Self.clientAddress)).value)
    writer.write(payload)
    receive(writer.bytes)
  }

  mutating func arp(_ operation: UInt16, _ side: Side, sender: IPv4Address, target: IPv4Address) {
    let isClient = side == .client
    var writer = ByteWriter()
    writer.write(isClient ? MACAddress.broadcast.bytes : Self.client.bytes)
    writer.write(isClient ? Self.client.bytes : Self.server.bytes)
    writer.write([0x08, 0x06, 0, 1, 8, 0, 6, 4])
    writer.write(operation)
    writer.write(isClient ? Self.client.bytes : Self.server.bytes)
    writer.write(sender.value)
    writer.write(isClient ? [0, 0, 0, 0, 0, 0] : Self.client.bytes)
    writer.write(target.value)
    receive(writer.bytes)
  }

  /// 10 ms after the one before.
  mutating func receive(_ bytes: [UInt8]) {
    number += 1
    seconds += 0.01
    let frame = CapturedFrame(
      number: number, time: 1_700_000_000_000_000_000 + UInt64(seconds * 1e9), bytes: bytes[...])
    guard let packet = try? decoder.decode(frame) else { return }
    events += explainer.receive(packet)
  }

  mutating func wait(_ seconds: Double) { self.seconds += seconds }

  /// What is known, `after` seconds after the last frame.
  mutating func finish(after: Double = 60) -> NetworkRecord {
    explainer.finish(at: 1_700_000_000_000_000_000 + UInt64((seconds + after) * 1e9))
  }
}

extension FrameBuilder {
  /// A DISCOVER or REQUEST of UEFI's PXE, or of what `options` say.
  mutating func dhcp(
    _ type: UInt8, transaction: UInt32 = 1, options: [UInt8] = Self.uefi, vlan: UInt16? = nil
  ) {
    udp(
      .client, 68, 67, Self.message(1, transaction, [53, 1, type] + options + [255]), from: .any,
      to: .broadcast, vlan: vlan)
  }

  static let uefi: [UInt8] =
    [60, 32] + Array("PXEClient:Arch:00007:UNDI:003000".utf8) + [93, 2, 0, 7]
  static let ipxe: [UInt8] = uefi + [77, 4] + Array("iPXE".utf8)

  mutating func answer(
    _ type: UInt8, transaction: UInt32 = 1, address: IPv4Address? = nil, file: String = "",
    options: [UInt8] = [], from: IPv4Address = Self.serverAddress, sourcePort: UInt16 = 67,
    destinationPort: UInt16 = 68, to: IPv4Address = .broadcast
  ) {
    var message = Self.message(
      2, transaction, [53, 1, type, 54, 4] + from.bytes + options + [255])
    if let address { message.replaceSubrange(16..<20, with: address.bytes) }
    message.replaceSubrange(20..<24, with: from.bytes)
    message.replaceSubrange(108..<(108 + file.utf8.count), with: Array(file.utf8))
    udp(.server, sourcePort, destinationPort, message, from: from, to: to)
  }

  private static func message(_ op: UInt8, _ transaction: UInt32, _ options: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write([op, 1, 6, 0])
    writer.write(transaction)
    writer.pad(to: 28)
    writer.write(client.bytes)
    writer.pad(to: 236)
    writer.write([0x63, 0x82, 0x53, 0x63])
    writer.write(options)
    writer.pad(to: 300)
    return writer.bytes
  }

  /// From DISCOVER to ACK with a proxy's file.
  mutating func leased(
    _ file: String = "snponly.efi", transaction: UInt32 = 1, options: [UInt8] = uefi
  ) {
    let other = IPv4Address(10, 0, 0, 1)
    dhcp(1, transaction: transaction, options: options)
    answer(2, transaction: transaction, address: Self.clientAddress, from: other)
    answer(
      2, transaction: transaction, file: file, options: [60, 9] + Array("PXEClient".utf8))
    dhcp(3, transaction: transaction, options: options)
    answer(5, transaction: transaction, address: Self.clientAddress, from: other)
  }

  mutating func tftp(
    _ side: Side, _ bytes: [UInt8], port: UInt16 = 2070, to server: UInt16 = 40_000
  ) {
    switch side {
    case .client: udp(.client, port, server, bytes)
    case .server: udp(.server, server, port, bytes)
    }
  }

  mutating func ask(for file: String, port: UInt16 = 2070, options: String = "") {
    tftp(.client, [0, 1] + Array("\(file)\0octet\0\(options)".utf8), port: port, to: 69)
  }

  /// All blocks and their acknowledgments.
  mutating func fetch(_ file: String, _ content: [UInt8], port: UInt16 = 2070) {
    ask(for: file, port: port)
    for block in 0...(content.count / 512) {
      let number: [UInt8] = [
        UInt8(truncatingIfNeeded: (block + 1) >> 8), UInt8(truncatingIfNeeded: block + 1),
      ]
      tftp(.server, [0, 3] + number + content.dropFirst(block * 512).prefix(512), port: port)
      tftp(.client, [0, 4] + number, port: port)
    }
  }
}
