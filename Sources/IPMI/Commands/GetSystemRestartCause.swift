/// IPMI: why a machine started the last time.

package import Wire

/// IPMI 2.0 §28.11. No request data.
package struct GetSystemRestartCause: IPMICommand {
  package static let networkFunction = NetworkFunction.chassis
  package static let code: UInt8 = 0x07
  package static let name = "Get System Restart Cause"

  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}

  package struct Response: CommandData {
    /// Four bits.
    package var cause: UInt8
    /// Over which the order came.
    package var channel: UInt8

    package init(cause: UInt8, channel: UInt8) {
      self.cause = cause
      self.channel = channel
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      cause = try reader.readUInt8("restart cause") & 0x0f
      channel = try reader.readUInt8("channel")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([cause, channel])
    }

    private static let names = [
      "unknown", "chassis control command", "reset button", "power button", "watchdog expired",
      "OEM", "power restored: always on", "power restored: as before", "reset by an event filter",
      "power cycle by an event filter", "soft reset", "powered up by its clock",
    ]

    package var text: String {
      Self.names.indices.contains(Int(cause)) ? Self.names[Int(cause)] : "cause \(cause)"
    }
  }
}
