/// IPMI: what a sensor shows now.

package import Wire

/// IPMI 2.0 §35.14.
package struct GetSensorReading: IPMICommand {
  package static let networkFunction = NetworkFunction.sensor
  package static let code: UInt8 = 0x2d
  package static let name = "Get Sensor Reading"

  package var sensor: UInt8

  package init(sensor: UInt8) { self.sensor = sensor }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    sensor = try reader.readUInt8("sensor number")
  }

  package func encode(into writer: inout ByteWriter) { writer.write(sensor) }

  package struct Response: CommandData {
    package var raw: UInt8
    /// Bits 7 events, 6 scanning, 5 not available.
    package var flags: UInt8
    /// Bit n: threshold n is crossed (0 to 5), or state n is there (0 to 14). Nil: not told.
    package var states: UInt16?

    package init(raw: UInt8, flags: UInt8 = 0xc0, states: UInt16? = nil) {
      self.raw = raw
      self.flags = flags
      self.states = states
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      raw = try reader.readUInt8("sensor reading")
      flags = try reader.readUInt8("sensor flags")
      guard reader.remaining > 0 else { return }
      let low = try reader.readUInt8("sensor states")
      let high = reader.remaining > 0 ? try reader.readUInt8("sensor states") : 0
      states = UInt16(low) | UInt16(high & 0x7f) << 8
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([raw, flags])
      if let states { writer.writeLE(states) }
    }

    /// False: neither the reading nor the states mean anything.
    package var isAvailable: Bool { flags & 0x60 == 0x40 }
  }
}
