/// IPMI: signs and encrypts the packets of a session, and undoes it.

import Crypto
import CryptoExtras
import FoundationEssentials
package import Wire

//  with authentication (IPMI 2.0 §13.28.4):
//
//  +------+------------------+---------+--------------+------------+-------------+------+
//  | RMCP | session header   | payload | pad 0xff …   | pad length | next header | code |
//  |      |<------------------------- signed -------------------- ------- 0x07 ->|      |
//  +------+------------------+---------+--------------+------------+-------------+------+
//
//  with encryption (§13.29): payload = IV (16) | AES-CBC of (message | 1 2 3 … n | n)

package struct PacketSeal: Equatable, Sendable {
  package let suite: CipherSuite
  private let keys: SessionKeys
  /// The two bytes behind the padding do not count (`BMCQuirk.shortPad`).
  private let padsShort: Bool

  package init(suite: CipherSuite, keys: SessionKeys, padsShort: Bool = false) {
    self.suite = suite
    self.keys = keys
    self.padsShort = padsShort
  }

  package static let blockLength = 16
  private static let nextHeader: UInt8 = 0x07
  private static let rmcpHeaderLength = 4
  private static let sessionHeaderLength = 12

  /// The finished datagram. `iv` is 16 fresh random bytes.
  package func seal(
    _ message: [UInt8], type: PayloadType = .message, sessionID: UInt32, sequence: UInt32,
    iv: [UInt8]
  ) -> [UInt8] {
    var packet = SessionPacket(
      payloadType: type, isEncrypted: suite.encrypts, isAuthenticated: suite.authenticates,
      sessionID: sessionID, sequence: sequence,
      payload: suite.encrypts ? encrypt(message, iv: iv) : message)
    guard suite.authenticates else { return packet.datagram }
    // The signed part ends on a multiple of four.
    let length = Self.sessionHeaderLength + packet.payload.count + (padsShort ? 0 : 2)
    let pad = (4 - length % 4) % 4
    packet.trailer =
      Array(repeating: 0xff, count: pad) + [UInt8(truncatingIfNeeded: pad), Self.nextHeader]
    let datagram = packet.datagram
    return datagram + code(of: datagram[Self.rmcpHeaderLength...])
  }

  /// The packet with its message in the clear. Throws when it is not what this session's BMC sends:
  /// not signed, signed wrongly, or not encrypted. Nothing is decrypted before the code is right.
  package func open(
    _ packet: SessionPacket, datagram: [UInt8]
  ) throws(WireError) -> SessionPacket {
    guard packet.isAuthenticated == suite.authenticates, packet.isEncrypted == suite.encrypts else {
      throw WireError(
        field: "payload type", offset: 5,
        reason: .invalid("is not protected as this session demands"))
    }
    if suite.authenticates {
      let length = suite.integrity.codeLength
      // Pad length and next header stand before the code; OpenBMC varies them, so only the code counts.
      guard packet.trailer.count >= length + 2 else {
        throw WireError(
          field: "authentication code", offset: datagram.count,
          reason: .truncated(needed: length + 2, available: packet.trailer.count))
      }
      let signed = datagram.dropFirst(Self.rmcpHeaderLength).dropLast(length)
      guard constantTimeEqual(code(of: signed), datagram.suffix(length)) else {
        throw WireError(
          field: "authentication code", offset: datagram.count - length,
          reason: .invalid("does not match"))
      }
    }
    var opened = packet
    opened.trailer = []
    if suite.encrypts { opened.payload = try decrypt(packet.payload) }
    return opened
  }

  private func code(of signed: ArraySlice<UInt8>) -> [UInt8] {
    suite.integrity.code(of: signed, keys: keys)
  }

  private func encrypt(_ message: [UInt8], iv: [UInt8]) -> [UInt8] {
    let pad = (Self.blockLength - (message.count + 1) % Self.blockLength) % Self.blockLength
    let padding = (0..<pad).map { UInt8(truncatingIfNeeded: $0 + 1) }
    let plain = message + padding + [UInt8(truncatingIfNeeded: pad)]
    // Neither call can fail: sixteen bytes of IV, a sixteen-byte key, whole blocks. An empty
    // payload would be dropped by the BMC, like any lost packet.
    guard let vector = try? AES._CBC.IV(ivBytes: iv),
      let sealed = try? AES._CBC.encrypt(
        plain, using: keys.encryption, iv: vector, noPadding: true)
    else { return [] }
    return iv + sealed
  }

  private func decrypt(_ payload: [UInt8]) throws(WireError) -> [UInt8] {
    guard payload.count >= 2 * Self.blockLength, payload.count.isMultiple(of: Self.blockLength),
      let vector = try? AES._CBC.IV(ivBytes: payload[..<Self.blockLength]),
      let plain = try? AES._CBC.decrypt(
        payload[Self.blockLength...], using: keys.encryption, iv: vector, noPadding: true)
    else {
      throw WireError(
        field: "encrypted payload", offset: 16,
        reason: .invalid("is not an initialization vector and whole blocks"))
    }
    // Folklore: some BMCs pad with 16 bytes instead of none (OpenIPMI ed1a49ee), and the bytes of
    // the padding are not always 1, 2, 3.
    let pad = Int(plain.last ?? 0)
    guard pad <= Self.blockLength, plain.count >= pad + 1 else {
      throw WireError(
        field: "confidentiality pad", offset: 16, reason: .invalid("is longer than a block"))
    }
    return Array(plain.dropLast(pad + 1))
  }
}
