/// IPMI: the limits at which a sensor raises its hand.

package import Wire

/// IPMI 2.0 §35.9.
package struct GetSensorThresholds: IPMICommand {
  package static let networkFunction = NetworkFunction.sensor
  package static let code: UInt8 = 0x27
  package static let name = "Get Sensor Thresholds"

  package var sensor: UInt8

  package init(sensor: UInt8) { self.sensor = sensor }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    sensor = try reader.readUInt8("sensor number")
  }

  package func encode(into writer: inout ByteWriter) { writer.write(sensor) }

  package struct Response: CommandData {
    /// Bit n: `raw[n]` can be read.
    package var readable: UInt8
    /// Six: lower non-critical, critical, non-recoverable; upper non-critical, critical,
    /// non-recoverable.
    package var raw: [UInt8]

    package init(readable: UInt8, raw: [UInt8]) {
      self.readable = readable
      self.raw = raw
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      readable = try reader.readUInt8("readable thresholds") & 0x3f
      raw = Array(try reader.readBytes(6, "thresholds"))
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(readable)
      writer.write(raw)
    }
  }
}
