/// IPMI: how packets of IPMI 1.5 prove who sent them.

import Crypto

/// IPMI 1.5 §6.11.1; the number is that of the packet and of Get Channel Authentication Capabilities.
package enum LegacyAuthentication: UInt8, CaseIterable, Sendable {
  /// Nothing is proved.
  case none = 0
  case md2 = 1
  case md5 = 2
  /// The password itself is in every packet.
  case password = 4

  /// Those that may be chosen without being named, best first: the others show the password to
  /// everybody on the way, or need none.
  package static let automatic: [LegacyAuthentication] = [.md5, .md2]

  /// As the capabilities' byte has it.
  package var bit: UInt8 { 1 << rawValue }

  /// The word of the configuration: `none`, `md2`, `md5`, `password`; anything else is nil.
  package init?(name: String) {
    guard let found = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = found
  }
}

/// Whether IPMI 1.5 may be spoken: its packets are not encrypted, and its login is weak.
package enum LegacyUse: Hashable, Sendable {
  case never
  /// With a BMC that says that it has nothing else, signed with MD5 or MD2.
  case whereNothingElse
  /// Always, and only so.
  case only(LegacyAuthentication)
}

/// Signs and checks the packets of one session.
package struct LegacySeal: Equatable, Sendable {
  package static let maximumPasswordLength = 16

  /// What the login used.
  package let authentication: LegacyAuthentication
  /// What the session's packets use: none where the BMC has switched that off.
  package let perMessage: LegacyAuthentication
  private let key: SymmetricKey

  package init(
    authentication: LegacyAuthentication, perMessage: LegacyAuthentication, password: Secret
  ) {
    self.authentication = authentication
    self.perMessage = perMessage
    key = password.padded(to: Self.maximumPasswordLength)
  }

  /// The finished packet.
  package func seal(_ message: [UInt8], sessionID: UInt32, sequence: UInt32) -> LegacyPacket {
    packet(message, perMessage, sessionID: sessionID, sequence: sequence)
  }

  /// Whether the packet is what this session's BMC sends.
  package func accepts(_ packet: LegacyPacket) -> Bool {
    // Folklore: IBM eServer 325 says that packets are not signed, and signs them.
    let types = Set([perMessage, perMessage == .none ? authentication : perMessage])
    guard let type = types.first(where: { $0.rawValue == packet.authenticationType }) else {
      return false
    }
    return constantTimeEqual(
      code(type, packet.payload, packet.sessionID, packet.sequence), packet.authenticationCode)
  }

  private func packet(
    _ message: [UInt8], _ type: LegacyAuthentication, sessionID: UInt32, sequence: UInt32
  ) -> LegacyPacket {
    LegacyPacket(
      authenticationType: type.rawValue, sequence: sequence, sessionID: sessionID,
      authenticationCode: code(type, message, sessionID, sequence), payload: message)
  }

  /// IPMI 1.5 §18.15.1: password, session id, message, session sequence, password.
  private func code(
    _ type: LegacyAuthentication, _ message: [UInt8], _ sessionID: UInt32, _ sequence: UInt32
  ) -> [UInt8] {
    func little(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let middle = little(sessionID) + message + little(sequence)
    return key.withUnsafeBytes { password in
      switch type {
      case .none:
        return []
      case .password:
        return Array(password)
      case .md5:
        var hash = Insecure.MD5()
        hash.update(bufferPointer: password)
        hash.update(data: middle)
        hash.update(bufferPointer: password)
        return Array(hash.finalize())
      case .md2:
        return MD2.hash(Array(password) + middle + Array(password))
      }
    }
  }
}

extension LegacySeal: CustomStringConvertible, CustomReflectable {
  package var description: String { "IPMI 1.5, \(authentication)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
