/// IPMITests: every codec: round trip, each prefix, and hostile bytes.

import Fixtures
import IPMI
import Testing
import Wire

/// One way to read bytes; true when they were accepted.
private struct Door: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// A well-formed example. Bytes from `optional` on may be missing.
  var example: [UInt8]
  var optional: Int
  /// Reads and writes again.
  var through: @Sendable ([UInt8]) throws(WireError) -> [UInt8]

  init(
    _ name: String, _ example: [UInt8], optional: Int? = nil,
    _ through: @escaping @Sendable ([UInt8]) throws(WireError) -> [UInt8]
  ) {
    testDescription = name
    self.example = example
    self.optional = optional ?? example.count
    self.through = through
  }

  static func data<Data: CommandData>(_ value: Data, optional: Int? = nil) -> Door {
    Door("\(Data.self)", value.bytes, optional: optional) { bytes throws(WireError) in
      var reader = ByteReader(bytes)
      return try Data(parsing: &reader).bytes
    }
  }

  static let id: UInt32 = 0x4433_2211
  static let random = Array(UInt8(0)..<16)
  static let numbers = AlgorithmNumbers(3, 4, 1)

  static let all: [Door] = [
    Door("RMCPHeader", [6, 0, 0xff, 7]) { bytes throws(WireError) in
      var reader = ByteReader(bytes)
      var writer = ByteWriter()
      try RMCPHeader(parsing: &reader).encode(into: &writer)
      return writer.bytes
    },
    Door("LegacyPacket", LegacyPacket(sessionless: [1, 2, 3]).datagram, through),
    Door("LegacyPacket with MD5", legacyWithCode.datagram, through),
    Door(
      "SessionPacket", SessionPacket(payloadType: .rakp1, payload: [1, 2, 3]).datagram, through),
    Door("SessionPacket, sealed", sealed.datagram, optional: 20, through),
    Door(
      "LANRequest",
      LANRequest(networkFunction: .chassis, rqSeq: 5, command: 8, data: [5, 0x80]).payload,
      // A prefix is refused by its checksum.
      { bytes throws(WireError) in try LANRequest(parsing: bytes).payload }),
    Door(
      "LANResponse",
      LANResponse(
        to: LANRequest(networkFunction: .app, rqSeq: 5, command: 1, data: []), data: []
      ).payload,
      { bytes throws(WireError) in try LANResponse(parsing: bytes).payload }),
    Door(
      "OpenSessionRequest",
      OpenSessionRequest(tag: 1, privilege: 4, consoleID: id, algorithms: numbers).payload
    ) { bytes throws(WireError) in try OpenSessionRequest(parsing: bytes).payload },
    Door(
      "OpenSessionResponse",
      OpenSessionResponse.accepted(
        tag: 1, privilege: 4, consoleID: id, bmcID: id, algorithms: numbers
      ).payload
    ) { bytes throws(WireError) in try OpenSessionResponse(parsing: bytes).payload },
    Door(
      "OpenSessionResponse, refused",
      OpenSessionResponse.refused(tag: 1, .noMatchingSuite, consoleID: id).payload, optional: 2
    ) { bytes throws(WireError) in try OpenSessionResponse(parsing: bytes).payload },
    Door(
      "RAKP1",
      RAKP1(tag: 1, bmcID: id, consoleRandom: random, role: 0x14, username: [1, 2]).payload
    ) { bytes throws(WireError) in try RAKP1(parsing: bytes).payload },
    Door(
      "RAKP2",
      RAKP2.accepted(consoleID: id, bmcRandom: random, guid: random, code: random).payload(tag: 0),
      optional: 40
    ) { bytes throws(WireError) in try RAKP2(parsing: bytes).payload(tag: 0) },
    Door("RAKP2, refused", RAKP2.refused(.unauthorizedName, consoleID: id).payload(tag: 0)) {
      bytes throws(WireError) in try RAKP2(parsing: bytes).payload(tag: 0)
    },
    Door(
      "RAKP3", RAKP3(tag: 1, status: .ok, bmcID: id, code: random).payload, optional: 8
    ) { bytes throws(WireError) in try RAKP3(parsing: bytes).payload },
    Door(
      "RAKP4", RAKP4(tag: 1, status: .ok, consoleID: id, checkValue: random).payload, optional: 8
    ) { bytes throws(WireError) in try RAKP4(parsing: bytes).payload },
    .data(GetChannelAuthenticationCapabilities(privilege: .administrator)),
    .data(
      GetChannelAuthenticationCapabilities.Response(
        channel: 1, authenticationTypes: 0x97, status: 6, extended: 3), optional: 3),
    Door("GetDeviceID.Response", [0x20, 1, 1, 0x23, 2, 0x8f, 0x57, 1, 0, 0x49, 0]) {
      bytes throws(WireError) in
      var reader = ByteReader(bytes)
      return try GetDeviceID.Response(parsing: &reader).bytes
    },
    .data(SetSessionPrivilegeLevel(.operator)),
    .data(SetSessionPrivilegeLevel.Response(level: 3)),
    .data(CloseSession(sessionID: id)),
    .data(GetChassisStatus.Response(powerState: 1, frontPanel: 0x0f), optional: 3),
    .data(ChassisControl(.powerCycle)),
    .data(BootFlags(device: .pxe, efi: true)),
    .data(SetSystemBootOptions(BootFlags(device: .disk, persistent: true)), optional: 1),
    .data(GetSystemBootOptions(.bootFlags)),
    .data(
      GetSystemBootOptions.Response(parameter: .bootFlags, data: [0xa0, 4, 0, 0, 0]), optional: 2),
  ]

  @Sendable private static func through(_ bytes: [UInt8]) throws(WireError) -> [UInt8] {
    switch try RMCPDatagram(parsing: bytes) {
    case .legacy(let packet): packet.datagram
    case .session(let packet): packet.datagram
    case .other: []
    }
  }

  private static let sealed = SessionPacket(
    payloadType: .message, isEncrypted: true, isAuthenticated: true, sessionID: id, sequence: 9,
    payload: [1, 2, 3, 4], trailer: [0xff, 0xff, 2, 7] + random)

  private static var legacyWithCode: LegacyPacket {
    var packet = LegacyPacket(sessionless: [1, 2, 3])
    packet.authenticationType = 2
    packet.authenticationCode = random
    return packet
  }
}

struct CodecTests {
  @Test(arguments: Door.all)
  fileprivate func roundTrip(_ door: Door) throws {
    #expect(try door.through(door.example) == door.example)
  }

  @Test(arguments: Door.all)
  fileprivate func eachProperPrefixThrows(_ door: Door) {
    for count in 0..<door.example.count {
      let prefix = Array(door.example.prefix(count))
      if count < door.optional {
        #expect(throws: WireError.self, "\(count) bytes") { try door.through(prefix) }
      } else {
        #expect(throws: Never.self, "\(count) bytes") { try door.through(prefix) }
      }
    }
  }

  /// 100,000 mutated datagrams through every door: an answer or an error, never a trap.
  @Test(arguments: Door.all)
  fileprivate func mutatedBytesNeverTrap(_ door: Door) {
    var random = SeededRandom(seed: 2)
    for _ in 0..<(100_000 / Door.all.count + 1) {
      _ = try? door.through(mutate(door.example, &random))
    }
  }

  @Test func namesThatAreTooLongAreRefused() {
    // A 44-byte RAKP 1 with a name length of 228 kills one known server.
    var payload = RAKP1(
      tag: 0, bmcID: 1, consoleRandom: Door.random, role: 0x14, username: Door.random
    ).payload
    payload[27] = 228
    #expect(
      throws: WireError(field: "name length", offset: 27, reason: .invalid("is more than 16"))
    ) { try RAKP1(parsing: payload) }
  }

  @Test func bootFlagsOnTheWire() {
    #expect(BootFlags(device: .pxe).bytes == [0x80, 0x04, 0, 0, 0])
    #expect(BootFlags(device: .pxe, efi: true).bytes == [0xa0, 0x04, 0, 0, 0])
    #expect(BootFlags(device: .pxe, efi: true, persistent: true).bytes == [0xe0, 0x04, 0, 0, 0])
    #expect(BootFlags(device: .none, efi: true, persistent: true).bytes == [0, 0, 0, 0, 0])
    #expect(SetSystemBootOptions.keepFlags.bytes == [0x03, 0x08])
  }

  @Test func wrongChecksumsAreNoted() throws {
    let request = LANRequest(networkFunction: .app, rqSeq: 3, command: 1, data: [])
    var payload = LANResponse(to: request).payload
    #expect(try LANResponse(parsing: payload).checksumsMatch)
    payload[payload.count - 1] ^= 1
    #expect(try !LANResponse(parsing: payload).checksumsMatch)
  }
}

/// Flips, cuts, doubles and overwrites bytes.
func mutate(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
  var bytes = bytes
  for _ in 0...Int.random(in: 0..<4, using: &random) {
    guard let index = bytes.indices.randomElement(using: &random) else { return bytes }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[index] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
    case 2: bytes.removeSubrange(index...)
    case 3: bytes.insert(bytes[index], at: index)
    default: bytes[index] = UInt8.random(in: 0...255, using: &random)
    }
  }
  return bytes
}
