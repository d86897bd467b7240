/// IPMI: how a sensor without a formula converts one reading.

package import Wire

/// IPMI 2.0 §35.5: sensor and reading, for sensors whose linearisation is 0x70 to 0x7f.
package struct GetSensorReadingFactors: IPMICommand {
  package static let networkFunction = NetworkFunction.sensor
  package static let code: UInt8 = 0x23
  package static let name = "Get Sensor Reading Factors"

  package var sensor: UInt8
  package var reading: UInt8

  package init(sensor: UInt8, reading: UInt8) {
    self.sensor = sensor
    self.reading = reading
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    sensor = try reader.readUInt8("sensor number")
    reading = try reader.readUInt8("reading")
  }

  package func encode(into writer: inout ByteWriter) { writer.write([sensor, reading]) }

  package struct Response: CommandData {
    package var nextReading: UInt8
    /// M, tolerance, B, accuracy, exponents: as in a sensor record.
    package var factors: [UInt8]

    package init(nextReading: UInt8, factors: [UInt8]) {
      self.nextReading = nextReading
      self.factors = factors
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      nextReading = try reader.readUInt8("next reading")
      factors = Array(try reader.readBytes(6, "reading factors"))
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(nextReading)
      writer.write(factors)
    }
  }
}
