/// IPMITests: the login and its first packet against known answers (Fixtures/ipmi).

import Fixtures
import Foundation
import IPMI
import Testing
import Wire

struct Vector: Decodable, Sendable, CustomTestStringConvertible {
  var suite: UInt8
  var user: String
  var password: String
  var kg: String
  var sidm: String
  var sidc: String
  var rm: String
  var rc: String
  var guid: String
  var role: UInt8
  var rakp2Code: String
  var rakp3Code: String
  var rakp4CheckValue: String
  var iv: String
  var statusMessage: String
  var firstPacket: String

  enum CodingKeys: String, CodingKey {
    case suite, user, password, kg, sidm, sidc, rm, rc, guid, role, iv
    case rakp2Code = "rakp2_kex"
    case rakp3Code = "rakp3_kex"
    case rakp4CheckValue = "rakp4_icv"
    case statusMessage = "chassis_status_msg"
    case firstPacket = "packet_seq1"
  }

  var testDescription: String { "suite \(suite)\(kg.isEmpty ? "" : " with K_g")" }

  /// Those of the suites that Fino speaks.
  static let spoken: [Vector] = {
    guard let bytes = try? Fixtures.bytes("ipmi/ipmi-vectors.json"),
      let all = try? JSONDecoder().decode([Vector].self, from: Data(bytes))
    else { return [] }
    return all.filter { CipherSuite(id: $0.suite) != nil }
  }()

  func bytes(_ field: KeyPath<Vector, String>) throws -> [UInt8] {
    try #require(HexDump.parse(self[keyPath: field]))
  }

  func id(_ field: KeyPath<Vector, String>) throws -> UInt32 {
    try bytes(field).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  func exchange(_ suite: CipherSuite) throws -> KeyExchange {
    KeyExchange(
      hash: suite.hash, consoleID: try id(\.sidm), bmcID: try id(\.sidc),
      consoleRandom: try bytes(\.rm), bmcRandom: try bytes(\.rc), guid: try bytes(\.guid),
      role: role, username: Array(user.utf8))
  }

  var secretKg: Secret? { kg.isEmpty ? nil : Secret(kg) }
}

struct VectorTests {
  @Test func allSpokenSuitesAreThere() {
    #expect(Vector.spoken.count == 16)
    #expect(Set(Vector.spoken.map(\.suite)) == [1, 2, 3, 7, 8, 15, 16, 17])
  }

  @Test(arguments: Vector.spoken)
  func codesAndFirstPacket(_ vector: Vector) throws {
    let suite = try #require(CipherSuite(id: vector.suite))
    let exchange = try vector.exchange(suite)
    let password = Secret(vector.password)
    #expect(exchange.rakp2Code(password: password) == (try vector.bytes(\.rakp2Code)))
    #expect(exchange.rakp3Code(password: password) == (try vector.bytes(\.rakp3Code)))
    let keys = exchange.keys(password: password, kg: vector.secretKg)
    #expect(exchange.rakp4CheckValue(keys) == (try vector.bytes(\.rakp4CheckValue)))

    let message = LANRequest(networkFunction: .chassis, rqSeq: 1, command: 0x01, data: []).payload
    #expect(message == (try vector.bytes(\.statusMessage)))
    let packet = PacketSeal(suite: suite, keys: keys).seal(
      message, sessionID: exchange.bmcID, sequence: 1, iv: try vector.bytes(\.iv))
    #expect(packet == (try vector.bytes(\.firstPacket)))
  }

  /// The whole way through the state machines: the same random numbers give the same packets.
  @Test(arguments: Vector.spoken)
  func handshakeAndSession(_ vector: Vector) throws {
    let suite = try #require(CipherSuite(id: vector.suite))
    let exchange = try vector.exchange(suite)
    let login = try IPMILogin(
      username: vector.user, password: Secret(vector.password), kg: vector.secretKg,
      privilege: .administrator, suite: suite)
    var random = ScriptedRandom(
      try vector.bytes(\.sidm) + [0, 0, 0, 0] + vector.bytes(\.rm) + vector.bytes(\.iv))
    var handshake = Handshake(login)
    _ = handshake.start(random: &random)
    let capabilities = LANResponse(
      to: LANRequest(networkFunction: .app, rqSeq: 0, command: 0x38, data: []),
      data: [0x01, 0x97, 0x06, 0x03])
    _ = handshake.receive(
      LegacyPacket(sessionless: capabilities.payload).datagram, random: &random)

    let accepted = OpenSessionResponse.accepted(
      tag: 1, privilege: 4, consoleID: exchange.consoleID, bmcID: exchange.bmcID,
      algorithms: suite.numbers)
    guard
      case .send(let rakp1, _) = handshake.receive(
        SessionPacket(payloadType: .openSessionResponse, payload: accepted.payload).datagram,
        random: &random)
    else {
      Issue.record("no RAKP 1")
      return
    }
    #expect(Array(rakp1[0].suffix(vector.user.utf8.count)) == Array(vector.user.utf8))

    let rakp2 = RAKP2.accepted(
      consoleID: exchange.consoleID, bmcRandom: exchange.bmcRandom, guid: exchange.guid,
      code: try vector.bytes(\.rakp2Code))
    guard
      case .send(let rakp3, _) = handshake.receive(
        SessionPacket(payloadType: .rakp2, payload: rakp2.payload(tag: 0)).datagram,
        random: &random)
    else {
      Issue.record("no RAKP 3")
      return
    }
    #expect(Array(rakp3[0].suffix(suite.hash.codeLength)) == (try vector.bytes(\.rakp3Code)))

    let rakp4 = RAKP4(
      tag: 1, status: .ok, consoleID: exchange.consoleID,
      checkValue: try vector.bytes(\.rakp4CheckValue))
    guard
      case .established(var session) = handshake.receive(
        SessionPacket(payloadType: .rakp4, payload: rakp4.payload).datagram, random: &random)
    else {
      Issue.record("no session")
      return
    }
    let effect = session.begin(GetChassisStatus().request, random: &random)
    #expect(effect == .send(try vector.bytes(\.firstPacket), wait: .milliseconds(400)))
  }
}
