/// FinoFuzz: what a BMC, or somebody who pretends to be one, may send: before the login and after it.

import IPMI
import Wire

/// The first byte says which door the rest goes through.
enum IPMIFuzz {
  private static let consoleID: UInt32 = 0x0403_0201

  static func swallow(_ bytes: [UInt8]) {
    guard let door = bytes.first else { return }
    let datagram = Array(bytes.dropFirst())
    switch door % 6 {
    case 0: login(datagram, known: false)
    case 1: login(datagram, known: true)
    case 2: session(datagram, .suite0)
    case 3: session(datagram, .suite17)
    case 4: legacy(datagram)
    default: serial(datagram)
    }
    if let packet = try? RMCPDatagram(parsing: datagram), case .session(let session) = packet,
      session.payloadType != .oemExplicit
    {
      let again = session.datagram
      precondition((try? RMCPDatagram(parsing: again)) == packet, "not stable")
    }
  }

  /// Numbers that the fuzzer can guess, so that its answers may fit.
  private struct Ones: RandomNumberGenerator {
    func next() -> UInt64 { 0x0403_0201 }
  }

  private static func login(_ bytes: [UInt8], known: Bool) {
    guard let login = try? IPMILogin(username: "admin", password: Secret("secret")) else { return }
    var random = Ones()
    var handshake = Handshake(
      login, traits: known ? BMCTraits(suite: .suite3) : nil)
    var effect = handshake.start(random: &random)
    // Several datagrams, each behind its length.
    var rest = bytes[...]
    while let length = rest.popFirst() {
      let datagram = Array(rest.prefix(Int(length)))
      rest = rest.dropFirst(Int(length))
      effect = handshake.receive(datagram, random: &random)
      if case .failed = effect { break }
      if datagram.isEmpty { effect = handshake.waitExpired(random: &random) }
    }
    _ = handshake.farewell(random: &random)
  }

  private static func session(_ bytes: [UInt8], _ suite: CipherSuite) {
    let sixteen = [UInt8](repeating: 1, count: 16)
    let exchange = KeyExchange(
      hash: suite.hash, consoleID: consoleID, bmcID: 7, consoleRandom: sixteen,
      bmcRandom: sixteen, guid: sixteen, role: 0x14, username: [])
    let seal = PacketSeal(
      suite: suite, keys: exchange.keys(password: Secret("secret"), kg: nil))
    var session = Session(seal: seal, consoleID: consoleID, bmcID: 7, privilege: .administrator)
    var random = Ones()
    _ = session.begin(GetChassisStatus().request, random: &random)
    _ = session.receive(bytes)
    // And the same behind a seal that is right.
    let sealed = seal.seal(bytes, sessionID: consoleID, sequence: 1, iv: sixteen)
    if case .answered(_, let data) = session.receive(sealed) {
      var reader = ByteReader(data)
      _ = try? GetChassisStatus.Response(parsing: &reader)
    }
    let serial = seal.seal(
      bytes, type: .serialOverLAN, sessionID: consoleID, sequence: 2, iv: sixteen)
    if case .serial(let payload) = session.receive(serial) {
      precondition(payload == bytes, "changed on the way")
    }
  }

  private static func legacy(_ bytes: [UInt8]) {
    var session = Session(
      legacy: LegacySeal(authentication: .none, perMessage: .none, password: Secret("secret")),
      id: 7, firstSequence: 1, privilege: .administrator)
    var random = Ones()
    _ = session.begin(GetChassisStatus().request, random: &random)
    _ = session.receive(bytes)
    _ = MD2.hash(bytes)
    _ = CipherSuite.numbers(inRecords: bytes)
  }

  private static func serial(_ bytes: [UInt8]) {
    var link = SerialLink()
    _ = link.write(bytes)
    var rest = bytes[...]
    while let length = rest.popFirst() {
      let count = Int(length % 32)
      _ = link.receive(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
      if length > 200 { _ = link.waitExpired() }
      if length > 230 { _ = link.write([length]) }
    }
    precondition(link.unsentCount >= 0)
  }
}
