/// IPMI: a command to a BMC and its answer, as they travel over a LAN.

package import Wire

/// Which family a command belongs to (IPMI 2.0 table 5-1); the answer has the next number.
package struct NetworkFunction: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let chassis = NetworkFunction(rawValue: 0x00)
  package static let sensor = NetworkFunction(rawValue: 0x04)
  package static let app = NetworkFunction(rawValue: 0x06)
  package static let storage = NetworkFunction(rawValue: 0x0a)

  /// The number in answers.
  package var response: NetworkFunction { NetworkFunction(rawValue: rawValue | 1) }
}

// IPMI 2.0 §13.8
//
//   0        1             2          3        4             5     6
//  +--------+-------------+----------+--------+-------------+-----+------+----------+
//  | rsAddr | netFn rsLUN | checksum | rqAddr | rqSeq rqLUN | cmd | data | checksum |
//  +--------+-------------+----------+--------+-------------+-----+------+----------+
//
// In an answer rqAddr and rsAddr have changed places and the data begins with a completion code.

package struct LANRequest: Equatable, Sendable {
  /// The BMC itself.
  package static let bmcAddress: UInt8 = 0x20
  /// A program on the network ("remote console software").
  package static let consoleAddress: UInt8 = 0x81

  package var networkFunction: NetworkFunction
  /// Six bits.
  package var rqSeq: UInt8
  package var command: UInt8
  package var data: [UInt8]

  package init(networkFunction: NetworkFunction, rqSeq: UInt8, command: UInt8, data: [UInt8]) {
    self.networkFunction = networkFunction
    self.rqSeq = rqSeq & 0x3f
    self.command = command
    self.data = data
  }

  package init(parsing payload: [UInt8]) throws(WireError) {
    let frame = try LANFrame(parsing: payload)
    guard frame.checksumsMatch else {
      throw WireError(field: "checksum", offset: payload.count, reason: .invalid("does not match"))
    }
    self.init(
      networkFunction: frame.networkFunction, rqSeq: frame.rqSeq, command: frame.command,
      data: Array(frame.data))
  }

  package var payload: [UInt8] {
    LANFrame.encode(
      to: Self.bmcAddress, from: Self.consoleAddress, networkFunction, rqSeq, command, data)
  }
}

package struct LANResponse: Equatable, Sendable {
  package var networkFunction: NetworkFunction
  package var rqSeq: UInt8
  package var command: UInt8
  package var completionCode: CompletionCode
  package var data: [UInt8]
  /// Folklore: some Supermicro X9 boards send wrong checksums. Where a packet is authenticated they
  /// prove nothing, so they are noted and not enforced.
  package var checksumsMatch = true

  package init(
    to request: LANRequest, completionCode: CompletionCode = .ok, data: [UInt8] = []
  ) {
    networkFunction = request.networkFunction.response
    rqSeq = request.rqSeq
    command = request.command
    self.completionCode = completionCode
    self.data = data
  }

  package init(parsing payload: [UInt8]) throws(WireError) {
    let frame = try LANFrame(parsing: payload)
    guard let code = frame.data.first else {
      throw WireError(
        field: "completion code", offset: 6, reason: .truncated(needed: 1, available: 0))
    }
    networkFunction = frame.networkFunction
    rqSeq = frame.rqSeq
    command = frame.command
    completionCode = CompletionCode(rawValue: code)
    data = Array(frame.data.dropFirst())
    checksumsMatch = frame.checksumsMatch
  }

  package var payload: [UInt8] {
    LANFrame.encode(
      to: LANRequest.consoleAddress, from: LANRequest.bmcAddress, networkFunction, rqSeq, command,
      [completionCode.rawValue] + data)
  }
}

/// What request and answer have in common.
private struct LANFrame {
  var networkFunction: NetworkFunction
  var rqSeq: UInt8
  var command: UInt8
  var data: ArraySlice<UInt8>
  var checksumsMatch: Bool

  init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    try reader.skip(1, "receiver address")
    networkFunction = NetworkFunction(rawValue: try reader.readUInt8("netFn and LUN") >> 2)
    try reader.skip(2, "checksum and sender address")
    rqSeq = try reader.readUInt8("rqSeq and LUN") >> 2
    command = try reader.readUInt8("command")
    let rest = reader.readRest()
    guard !rest.isEmpty else {
      throw WireError(field: "checksum", offset: 6, reason: .truncated(needed: 1, available: 0))
    }
    data = rest.dropLast()
    // The two's complement of a sum, added to it, is zero.
    checksumsMatch = Self.sum(payload[..<3]) == 0 && Self.sum(payload[3...]) == 0
  }

  static func encode(
    to receiver: UInt8, from sender: UInt8, _ networkFunction: NetworkFunction, _ rqSeq: UInt8,
    _ command: UInt8, _ data: [UInt8]
  ) -> [UInt8] {
    var bytes = [receiver, networkFunction.rawValue << 2]
    bytes.append(0 &- sum(bytes[...]))
    bytes += [sender, rqSeq << 2, command] + data
    bytes.append(0 &- sum(bytes[3...]))
    return bytes
  }

  static func sum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0, &+)
  }
}
