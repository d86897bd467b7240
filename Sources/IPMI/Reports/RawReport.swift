/// IPMI: any command, byte for byte.

package struct RawReport: BMCReport {
  /// The bytes behind the completion code, hexadecimal.
  package var data: String

  package var lines: [String] { [data] }
}

/// What a person wrote as `0x06 0x01`: network function, command, data.
package struct RawCommand: Equatable, Sendable {
  package var networkFunction: NetworkFunction
  package var code: UInt8
  package var data: [UInt8]

  /// Bytes between blanks or commas, hexadecimal with 0x, else decimal. Nil: not at least two such
  /// bytes, or a network function that is odd (an answer's) or has more than six bits.
  package init?(_ text: String) {
    var bytes: [UInt8] = []
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      let isHex = word.lowercased().hasPrefix("0x")
      guard let byte = UInt8(isHex ? word.dropFirst(2) : word, radix: isHex ? 16 : 10)
      else { return nil }
      bytes.append(byte)
    }
    guard bytes.count >= 2, bytes[0] < 0x40, bytes[0] % 2 == 0 else { return nil }
    networkFunction = NetworkFunction(rawValue: bytes[0])
    code = bytes[1]
    data = Array(bytes.dropFirst(2))
  }
}

extension CommandExchange {
  /// Sent once: nobody knows what it does.
  package func raw(_ command: RawCommand) async throws(IPMIError) -> RawReport {
    let request = CommandRequest(
      networkFunction: command.networkFunction, command: command.code, data: command.data,
      isIdempotent: false)
    switch try await exchange(request) {
    case .completed(.ok, let data): return RawReport(data: hex(data))
    case .completed(let code, _): throw .failed(command: "raw", code, meaning: "")
    case .unanswered: throw .unanswered(command: "raw")
    }
  }
}
