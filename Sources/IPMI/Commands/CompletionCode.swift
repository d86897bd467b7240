/// IPMI: how a BMC says that a command worked, or why not.

/// The first byte of every answer (IPMI 2.0 table 5-2). 0x80 to 0xbe mean something else in every
/// command; 0x01 to 0x7e are the vendor's.
package struct CompletionCode: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let ok = CompletionCode(rawValue: 0x00)
  package static let nodeBusy = CompletionCode(rawValue: 0xc0)
  package static let invalidCommand = CompletionCode(rawValue: 0xc1)
  package static let timeout = CompletionCode(rawValue: 0xc3)
  package static let dataLengthInvalid = CompletionCode(rawValue: 0xc7)
  package static let outOfRange = CompletionCode(rawValue: 0xc9)
  package static let invalidField = CompletionCode(rawValue: 0xcc)
  package static let duplicateRequest = CompletionCode(rawValue: 0xcf)
  package static let initializing = CompletionCode(rawValue: 0xd2)
  package static let destinationUnavailable = CompletionCode(rawValue: 0xd3)
  package static let insufficientPrivilege = CompletionCode(rawValue: 0xd4)
  package static let notInPresentState = CompletionCode(rawValue: 0xd5)
  package static let unspecified = CompletionCode(rawValue: 0xff)

  private static let names: [UInt8: String] = [
    0x00: "done", 0xc0: "the BMC is busy", 0xc1: "the BMC does not know this command",
    0xc2: "the command is not valid for this LUN", 0xc3: "the BMC timed out on its own work",
    0xc4: "the BMC is out of space", 0xc5: "the reservation was cancelled",
    0xc6: "the request was cut short", 0xc7: "the request has the wrong length",
    0xc8: "the request is too long", 0xc9: "a value is out of range",
    0xca: "the BMC cannot return that many bytes", 0xcb: "no such sensor or record",
    0xcc: "a field of the request is not valid", 0xcd: "not possible for this sensor or record",
    0xce: "the BMC cannot answer now", 0xcf: "the request was seen twice",
    0xd0: "the sensor records are being updated", 0xd1: "the firmware is being updated",
    0xd2: "the BMC is still starting", 0xd3: "the destination cannot be reached",
    0xd4: "the privilege is not enough", 0xd5: "not possible in the present state of the machine",
    0xd6: "this function is disabled", 0xff: "unspecified error",
  ]

  /// `0xd4 (the privilege is not enough)`
  package func description(for command: [UInt8: String]) -> String {
    let hex = String(rawValue, radix: 16)
    let number = "0x" + (hex.count < 2 ? "0" : "") + hex
    let name = command[rawValue] ?? Self.names[rawValue]
    return name.map { "\(number) (\($0))" } ?? number
  }
}

extension CompletionCode: CustomStringConvertible {
  package var description: String { description(for: [:]) }
}
