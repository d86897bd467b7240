/// FinoBench: the bulk of a captured boot: the loader's blocks, and files by HTTP.

import Wire

extension BootCapture {
  /// The size that the recorded server told, in blocks of 1468 bytes and windows of four.
  private static let loader = 173_792
  private static let server: [UInt8] = [10, 77, 0, 2]

  static let script = """
    #!ipxe
    kernel http://10.77.0.2/images/vmlinuz initrd=initrd.img
    initrd http://10.77.0.2/images/initrd.img
    boot

    """

  /// Not the same everywhere, and without addresses.
  static func filling(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 | 0x80) }
  }

  /// `acknowledgment` is the client's of block 0: both hosts, and their ports.
  mutating func addLoader(answering acknowledgment: Frame) {
    let content = Self.filling(Self.loader)
    let head = Array(acknowledgment.bytes.prefix(42))
    // Ethernet's ends, IP's ends, UDP's ports, the other way round.
    let answer = [6..<12, 0..<6, 12..<26, 30..<34, 26..<30, 36..<38, 34..<36, 38..<42].flatMap {
      (range: Range<Int>) in head[range]
    }
    let blocks = (Self.loader + 1468) / 1468
    var time = acknowledgment.time
    for block in 1...blocks {
      let number = [UInt8(truncatingIfNeeded: block >> 8), UInt8(truncatingIfNeeded: block)]
      let bytes = content[min((block - 1) * 1468, content.count)..<min(block * 1468, content.count)]
      time += 100
      add(Self.datagram(answer, [0, 3] + number + bytes), at: time)
      guard block % 4 == 0 || block == blocks else { continue }
      time += 100
      add(Self.datagram(head, [0, 4] + number), at: time)
    }
  }

  /// With the lengths of its payload in the headers of Ethernet, IPv4 and UDP.
  private static func datagram(_ head: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    var bytes = head + payload
    bytes.replaceSubrange(16..<18, with: big(UInt16(payload.count + 28)))
    bytes.replaceSubrange(38..<40, with: big(UInt16(payload.count + 8)))
    return bytes
  }

  /// A connection of its own: request, answer in segments of 1448 bytes, every second one acknowledged.
  mutating func addDownload(_ path: String, _ body: [UInt8], port: UInt16) {
    var time = (frames.last?.time ?? 0) + 20_000
    var (sent, received): (UInt32, UInt32) = (1000, 5000)
    func segment(_ isRequest: Bool, _ flags: UInt8, _ payload: ArraySlice<UInt8>) -> [UInt8] {
      let ends = isRequest ? (Self.machineAddress, Self.server) : (Self.server, Self.machineAddress)
      let ports = isRequest ? Self.big(port) + [0, 80] : [0, 80] + Self.big(port)
      let numbers = isRequest ? (sent, received) : (received, sent)
      let hardware = isRequest ? (Self.machine, Self.other) : (Self.other, Self.machine)
      var bytes = hardware.1 + hardware.0
      bytes += [0x08, 0x00, 0x45, 0] + Self.big(UInt16(40 + payload.count))
      bytes += [0, 0, 0x40, 0, 64, 6, 0, 0] + ends.0 + ends.1
      bytes += ports + Self.big(numbers.0) + Self.big(flags & 0x10 != 0 ? numbers.1 : 0)
      bytes += [0x50, flags, 0xfa, 0xf0, 0, 0, 0, 0] + payload
      return bytes
    }
    func say(_ isRequest: Bool, _ flags: UInt8, _ payload: ArraySlice<UInt8> = []) {
      add(segment(isRequest, flags, payload), at: time)
      time += 50
      // SYN and FIN take a number, too.
      let count = UInt32(payload.count) &+ (flags & 3 != 0 ? 1 : 0)
      if isRequest { sent &+= count } else { received &+= count }
    }
    say(true, 0x02)
    say(false, 0x12)
    say(true, 0x10)
    let request = "GET \(path) HTTP/1.1\r\nHost: 10.77.0.2\r\nUser-Agent: iPXE/1.21.1\r\n\r\n"
    say(true, 0x18, Array(request.utf8)[...])
    let head = "HTTP/1.1 200 OK\r\nServer: fino\r\nContent-Length: \(body.count)\r\n\r\n"
    let answer = Array(head.utf8) + body
    for (number, start) in stride(from: 0, to: answer.count, by: 1448).enumerated() {
      let end = min(start + 1448, answer.count)
      say(false, end == answer.count ? 0x18 : 0x10, answer[start..<end])
      if number % 2 == 1 || end == answer.count { say(true, 0x10) }
    }
    say(false, 0x11)
    say(true, 0x11)
    say(false, 0x10)
  }

  private static let other: [UInt8] = [0xae, 0x2e, 0xe4, 0x87, 0x97, 0x30]

  private mutating func add(_ bytes: [UInt8], at time: UInt64) {
    frames.append(Frame(time: time, bytes: bytes, originalLength: bytes.count))
  }

  private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
