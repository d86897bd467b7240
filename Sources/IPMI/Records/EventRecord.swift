/// IPMI: an entry of the event log.

package import Wire

// IPMI 2.0 §32.1, 32.2, 32.3
//
//   0    2      3      7           9       10     11       12          13
//  +----+------+------+-----------+-------+------+--------+-----------+--------+
//  | id | type | time | generator | EvMRev| type | number | dir, type | data 3 |
//  +----+------+------+-----------+-------+------+--------+-----------+--------+
//
// Types 0xc0 to 0xdf: time, manufacturer (3), six bytes. 0xe0 to 0xff: thirteen bytes.

package struct EventRecord: Equatable, Sendable {
  package static let length = 16

  package struct Event: Equatable, Sendable {
    package var time: BMCTime
    /// Low byte: bit 0 software, else an address; 0x20 is the BMC.
    package var generator: UInt16
    package var sensorType: SensorType
    package var sensor: UInt8
    /// The state began; false: it ended.
    package var isAssertion: Bool
    package var eventType: UInt8
    /// Three bytes; the low four bits of the first one say which state.
    package var data: [UInt8]

    package var offset: UInt8 { (data.first ?? 0) & 0x0f }
  }

  package enum Body: Equatable, Sendable {
    case system(Event)
    case vendorTimed(type: UInt8, BMCTime, manufacturer: UInt32, data: [UInt8])
    case vendor(type: UInt8, data: [UInt8])
  }

  package var id: UInt16
  package var body: Body

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    id = try reader.readUInt16LE("record id")
    let type = try reader.readUInt8("record type")
    switch type {
    case 0xe0...: body = .vendor(type: type, data: Array(try reader.readBytes(13, "OEM data")))
    case 0xc0...0xdf:
      let time = BMCTime(try reader.readUInt32LE("time stamp"))
      let low = try reader.readUInt16LE("manufacturer")
      let high = try reader.readUInt8("manufacturer")
      body = .vendorTimed(
        type: type, time, manufacturer: UInt32(low) | UInt32(high) << 16,
        data: Array(try reader.readBytes(6, "OEM data")))
    default:
      // Some BMCs write other types than 0x02; all read them as this one.
      let time = BMCTime(try reader.readUInt32LE("time stamp"))
      let generator = try reader.readUInt16LE("generator id")
      try reader.skip(1, "event message revision")
      let sensorType = SensorType(rawValue: try reader.readUInt8("sensor type"))
      let sensor = try reader.readUInt8("sensor number")
      let kind = try reader.readUInt8("event direction and type")
      body = .system(
        Event(
          time: time, generator: generator, sensorType: sensorType, sensor: sensor,
          isAssertion: kind & 0x80 == 0, eventType: kind & 0x7f,
          data: Array(try reader.readBytes(3, "event data"))))
    }
  }
}

extension EventRecord.Event {
  /// `Upper Critical going high`; what has no name is hexadecimal.
  package var text: String {
    SensorState.name(eventType: eventType, sensorType: sensorType, offset: offset)
      ?? "event 0x\(hex(eventType)), data \(hex(data))"
  }

  /// The reading and the threshold behind a threshold event, where the event has them (table 29-6).
  package func values(_ conversion: SensorConversion?) -> (reading: Double?, threshold: Double?) {
    guard eventType == SensorState.thresholdType, data.count == 3, let conversion,
      !conversion.needsFactorsOfReading
    else { return (nil, nil) }
    return (
      data[0] >> 6 == 1 ? conversion.value(of: data[1]) : nil,
      data[0] >> 4 & 0x03 == 1 ? conversion.value(of: data[2]) : nil
    )
  }
}
