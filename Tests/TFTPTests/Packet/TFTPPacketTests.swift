/// TFTPTests: the codec against recorded packets, prefixes, round trips.

import TFTP
import Testing
import Wire

@Suite struct TFTPPacketTests {
  @Test func `recorded packets decode to what they say and encode to the same bytes`() throws {
    let edk2 = [TFTPOption("blksize", "1468"), TFTPOption("windowsize", "4")]
    let expected: [TFTPPacket] = [
      .read(
        TFTPTransferRequest(
          filename: "undionly.kpxe",
          options: [TFTPOption("blksize", "1432"), TFTPOption("tsize", "0")])),
      .optionAcknowledgment([TFTPOption("blksize", "1432"), TFTPOption("tsize", "74213")]),
      .read(
        TFTPTransferRequest(
          filename: "snponly.efi", options: [TFTPOption("tsize", "0")] + edk2)),
      .error(code: .optionsRefused, message: "User aborted the transfer"),
      .read(TFTPTransferRequest(filename: "snponly.efi", options: edk2)),
      .optionAcknowledgment(edk2),
      .error(code: .fileNotFound, message: "File not found"),
      .acknowledgment(block: 0x38),
    ]
    for (bytes, packet) in zip(Recorded.all, expected) {
      #expect(try TFTPPacket(parsing: bytes) == packet)
      var writer = ByteWriter()
      try packet.encode(into: &writer)
      #expect(writer.bytes == bytes)
    }
  }

  @Test func `every other packet survives a round trip`() throws {
    let packets: [TFTPPacket] = [
      .write(TFTPTransferRequest(filename: "x", mode: .netascii)),
      .data(block: 65535, payload: [1, 2, 3]), .data(block: 0, payload: []),
      .optionAcknowledgment([]), .error(code: TFTPErrorCode(rawValue: 999), message: ""),
    ]
    for packet in packets {
      #expect(try TFTPPacket(parsing: packet.datagram) == packet)
    }
  }

  /// Strings may end without their NUL and DATA has any length, so that only a prefix that cuts the
  /// numbers at the front, or the name, is malformed.
  @Test func `prefixes that cut the fixed part throw, no prefix traps`() {
    for bytes in Recorded.all {
      let fixed = bytes[1] == 4 || bytes[1] == 5 ? 4 : bytes[1] == 6 ? 2 : 3
      for length in 0..<bytes.count {
        let prefix = Array(bytes.prefix(length))
        if length < fixed {
          #expect(throws: WireError.self) { try TFTPPacket(parsing: prefix) }
        } else {
          #expect(throws: Never.self) { try TFTPPacket(parsing: prefix) }
        }
      }
    }
  }

  @Test(arguments: [0, 7, 9, 0x0100, 0xffff] as [UInt16])
  func `an unknown opcode is malformed`(opcode: UInt16) {
    let bytes = [UInt8(truncatingIfNeeded: opcode >> 8), UInt8(truncatingIfNeeded: opcode), 0, 0]
    #expect(
      throws: WireError(
        field: "opcode", offset: 0, reason: .invalid("\(opcode) is not an opcode of TFTP"))
    ) { try TFTPPacket(parsing: bytes) }
  }

  @Test func `encoders refuse a NUL inside a string`() {
    let packets: [TFTPPacket] = [
      .error(code: .notDefined, message: "a\0b"),
      .optionAcknowledgment([TFTPOption("a\0", "1")]),
      .optionAcknowledgment([TFTPOption("", "1")]),
      .read(TFTPTransferRequest(filename: "a\0b")),
      .read(TFTPTransferRequest(filename: "")),
    ]
    for packet in packets {
      var writer = ByteWriter()
      #expect(throws: WireError.self) { try packet.encode(into: &writer) }
      #expect(packet.datagram.isEmpty)
    }
  }
}
