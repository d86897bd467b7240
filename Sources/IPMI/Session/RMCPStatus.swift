/// IPMI: how a BMC answers a step of the login.

/// IPMI 2.0 table 13-15.
package struct RMCPStatus: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let ok = RMCPStatus(rawValue: 0x00)
  package static let insufficientResources = RMCPStatus(rawValue: 0x01)
  package static let invalidSessionID = RMCPStatus(rawValue: 0x02)
  package static let invalidAuthentication = RMCPStatus(rawValue: 0x04)
  package static let invalidIntegrity = RMCPStatus(rawValue: 0x05)
  package static let inactiveSession = RMCPStatus(rawValue: 0x08)
  package static let invalidRole = RMCPStatus(rawValue: 0x09)
  package static let unauthorizedRole = RMCPStatus(rawValue: 0x0a)
  package static let noResourcesForRole = RMCPStatus(rawValue: 0x0b)
  package static let unauthorizedName = RMCPStatus(rawValue: 0x0d)
  package static let invalidIntegrityValue = RMCPStatus(rawValue: 0x0f)
  package static let invalidConfidentiality = RMCPStatus(rawValue: 0x10)
  package static let noMatchingSuite = RMCPStatus(rawValue: 0x11)
  package static let illegalParameter = RMCPStatus(rawValue: 0x12)

  /// Another cipher suite may be welcome. Folklore: Intel M50CYP says "insufficient resources" for
  /// a suite that it does not have.
  package var refusesSuite: Bool {
    let refusals: [RMCPStatus] = [
      .insufficientResources, .invalidAuthentication, .invalidIntegrity, .invalidConfidentiality,
      .noMatchingSuite, .illegalParameter,
    ]
    return refusals.contains(self)
  }

  private static let names: [UInt8: String] = [
    0x00: "no error", 0x01: "insufficient resources to create a session",
    0x02: "invalid session id", 0x03: "invalid payload type",
    0x04: "invalid authentication algorithm", 0x05: "invalid integrity algorithm",
    0x06: "no matching authentication payload", 0x07: "no matching integrity payload",
    0x08: "inactive session id", 0x09: "invalid role",
    0x0a: "unauthorized role or privilege level requested",
    0x0b: "insufficient resources to create a session at the requested role",
    0x0c: "invalid name length", 0x0d: "unauthorized name", 0x0e: "unauthorized GUID",
    0x0f: "invalid integrity check value", 0x10: "invalid confidentiality algorithm",
    0x11: "no cipher suite match with the proposed algorithms",
    0x12: "illegal or unrecognized parameter",
  ]
}

extension RMCPStatus: CustomStringConvertible {
  package var description: String {
    let hex = String(rawValue, radix: 16)
    let number = "0x" + (hex.count < 2 ? "0" : "") + hex
    return Self.names[rawValue].map { "\(number) (\($0))" } ?? number
  }
}
