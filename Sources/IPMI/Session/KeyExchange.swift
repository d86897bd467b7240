/// IPMI: RAKP's formulas, from two random numbers and a password to the keys of a session.

import Crypto
import Wire

/// What both sides know after RAKP 2 (IPMI 2.0 §13.31, §13.32). Session ids go into the formulas as
/// their four bytes on the wire; random numbers and GUID in wire order.
package struct KeyExchange: Equatable, Sendable {
  package var hash: KeyedHash
  /// SIDm
  package var consoleID: UInt32
  /// SIDc
  package var bmcID: UInt32
  /// Rm
  package var consoleRandom: [UInt8]
  /// Rc
  package var bmcRandom: [UInt8]
  package var guid: [UInt8]
  /// The whole byte of RAKP 1, the look-up bit included.
  package var role: UInt8
  package var username: [UInt8]

  package init(
    hash: KeyedHash, consoleID: UInt32, bmcID: UInt32, consoleRandom: [UInt8], bmcRandom: [UInt8],
    guid: [UInt8], role: UInt8, username: [UInt8]
  ) {
    self.hash = hash
    self.consoleID = consoleID
    self.bmcID = bmcID
    self.consoleRandom = consoleRandom
    self.bmcRandom = bmcRandom
    self.guid = guid
    self.role = role
    self.username = username
  }

  /// The code in RAKP 2: the BMC knows the password.
  package func rakp2Code(password: Secret) -> [UInt8] {
    let data = Self.bytes(consoleID) + Self.bytes(bmcID) + consoleRandom + bmcRandom + guid + user
    return hash.code(of: data, key: password.padded)
  }

  /// The code in RAKP 3: we know the password.
  package func rakp3Code(password: Secret) -> [UInt8] {
    hash.code(of: bmcRandom + Self.bytes(consoleID) + user, key: password.padded)
  }

  /// The check value in RAKP 4: the BMC has the same session integrity key.
  /// `length` in bytes; nil is the standard's.
  package func rakp4CheckValue(_ keys: SessionKeys, length: Int? = nil) -> [UInt8] {
    let data = consoleRandom + Self.bytes(bmcID) + guid
    return Array(hash.code(of: data, key: keys.sik).prefix(length ?? hash.integrityLength))
  }

  /// A BMC without a K_g of its own uses the user's password in its place.
  package func keys(password: Secret, kg: Secret?) -> SessionKeys {
    SessionKeys(
      sik: hash.key(of: consoleRandom + bmcRandom + user, key: (kg ?? password).padded),
      hash: hash, password: password.padded)
  }

  private var user: [UInt8] { [role, UInt8(clamping: username.count)] + username }

  private static func bytes(_ id: UInt32) -> [UInt8] {
    var writer = ByteWriter()
    writer.writeLE(id)
    return writer.bytes
  }
}

/// The keys of one session.
package struct SessionKeys: Equatable, Sendable {
  /// Session integrity key.
  let sik: SymmetricKey
  /// For authentication codes.
  let k1: SymmetricKey
  /// For encryption: the first 16 bytes of K2.
  let encryption: SymmetricKey
  /// Zero-padded to 20 bytes; suites 11 and 12 sign with it.
  let password: SymmetricKey

  fileprivate init(sik: SymmetricKey, hash: KeyedHash, password: SymmetricKey) {
    self.sik = sik
    self.password = password
    // Twenty bytes with every hash.
    k1 = hash.key(of: Array(repeating: 1, count: 20), key: sik)
    encryption = hash.key(of: Array(repeating: 2, count: 20), key: sik).withUnsafeBytes {
      SymmetricKey(data: UnsafeRawBufferPointer(rebasing: $0.prefix(16)))
    }
  }
}

extension SessionKeys: CustomStringConvertible, CustomReflectable {
  package var description: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
