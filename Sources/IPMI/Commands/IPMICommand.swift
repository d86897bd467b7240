/// IPMI: what every command states about itself.

package import Wire

/// The bytes behind a completion code of 0, or behind a command's number.
package protocol CommandData: Equatable, Sendable {
  init(parsing reader: inout ByteReader) throws(WireError)
  func encode(into writer: inout ByteWriter)
}

extension CommandData {
  package var bytes: [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }
}

/// A request: a codec with both doors, its number, and how it may be repeated.
package protocol IPMICommand: CommandData {
  /// Answers may be longer than what is read here: later revisions append fields.
  associatedtype Response: CommandData

  static var networkFunction: NetworkFunction { get }
  static var code: UInt8 { get }
  /// As people know it: `Get Chassis Status`.
  static var name: String { get }
  /// The completion codes that mean something of their own in this command.
  static var meanings: [UInt8: String] { get }
  /// True when doing it twice is the same as doing it once; only such a command is ever resent.
  static var isIdempotent: Bool { get }
  /// The least that a session needs for it (IPMI 2.0 appendix G). One that says too little costs a
  /// round trip: the BMC refuses, and the session asks for more.
  static var privilege: PrivilegeLevel { get }
}

extension IPMICommand {
  package static var meanings: [UInt8: String] { [:] }
  package static var isIdempotent: Bool { true }
  package static var privilege: PrivilegeLevel { .user }

  package var request: CommandRequest {
    CommandRequest(
      networkFunction: Self.networkFunction, command: Self.code, data: bytes,
      isIdempotent: Self.isIdempotent, privilege: Self.privilege)
  }
}

/// A command without its Swift type, as the session sends it.
package struct CommandRequest: Equatable, Sendable {
  package var networkFunction: NetworkFunction
  package var command: UInt8
  package var data: [UInt8]
  package var isIdempotent: Bool
  package var privilege: PrivilegeLevel = .user
}

/// The answer of a command that returns nothing but its completion code.
package struct NoData: CommandData {
  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}
}
