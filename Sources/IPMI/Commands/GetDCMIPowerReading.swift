/// IPMI: how many watts a machine takes.

package import Wire

extension NetworkFunction {
  /// Commands of other bodies than the IPMI promoters; the first byte names the body.
  package static let group = NetworkFunction(rawValue: 0x2c)
}

/// DCMI 1.5 §6.6.1: group 0xdc, mode 1 (system power), no attributes.
package struct GetDCMIPowerReading: IPMICommand {
  package static let networkFunction = NetworkFunction.group
  package static let code: UInt8 = 0x02
  package static let name = "Get DCMI Power Reading"
  package static let group: UInt8 = 0xdc
  package static let meanings: [UInt8: String] = [
    0xc1: "the BMC has no DCMI power reading", 0xcc: "the BMC has no DCMI power reading",
  ]

  package init() {}

  package init(parsing reader: inout ByteReader) throws(WireError) {
    guard try reader.readUInt8("group") == Self.group else {
      throw reader.invalid("group", "is not DCMI", back: 1)
    }
    try reader.skip(3, "mode and attributes")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write([Self.group, 0x01, 0, 0])
  }

  package struct Response: CommandData {
    /// Watts.
    package var now: UInt16
    package var minimum: UInt16
    package var maximum: UInt16
    package var average: UInt16
    /// Seconds since 1970, of the BMC's clock.
    package var time: UInt32
    /// Milliseconds over which the others were taken.
    package var period: UInt32
    /// Bit 6: the BMC measures.
    package var state: UInt8

    package init(
      now: UInt16, minimum: UInt16, maximum: UInt16, average: UInt16, time: UInt32, period: UInt32,
      state: UInt8
    ) {
      self.now = now
      self.minimum = minimum
      self.maximum = maximum
      self.average = average
      self.time = time
      self.period = period
      self.state = state
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      guard try reader.readUInt8("group") == GetDCMIPowerReading.group else {
        throw reader.invalid("group", "is not DCMI", back: 1)
      }
      now = try reader.readUInt16LE("current power")
      minimum = try reader.readUInt16LE("minimum power")
      maximum = try reader.readUInt16LE("maximum power")
      average = try reader.readUInt16LE("average power")
      time = try reader.readUInt32LE("time stamp")
      period = try reader.readUInt32LE("reporting period")
      state = try reader.readUInt8("power reading state")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(GetDCMIPowerReading.group)
      for watts in [now, minimum, maximum, average] { writer.writeLE(watts) }
      writer.writeLE(time)
      writer.writeLE(period)
      writer.write(state)
    }

    package var isMeasuring: Bool { state & 0x40 != 0 }
  }
}
