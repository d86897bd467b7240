/// IPMI: a record of the sensor repository: what there is to read, and how.

package import Wire

/// IPMI 2.0 §43, with the five bytes of its header in front.
package struct SensorRecord: Equatable, Sendable {
  package static let headerLength = 5

  package struct Sensor: Equatable, Sendable {
    /// Whose sensor it is: 0x20 is the BMC itself.
    package var owner: UInt8
    package var lun: UInt8
    package var number: UInt8
    package var entity: UInt8
    package var instance: UInt8
    package var type: SensorType
    package var eventType: UInt8
    package var unit: SensorUnit
    /// Only full records have one.
    package var conversion: SensorConversion?
    package var name: String
    /// Event-only sensors have nothing to read.
    package var isReadable: Bool
  }

  package struct Locator: Equatable, Sendable {
    package var address: UInt8
    /// The number of an inventory device.
    package var device: UInt8
    /// The inventory is read through the BMC with `device`; else it is a chip on a bus.
    package var isLogical: Bool
    package var name: String
  }

  package enum Body: Equatable, Sendable {
    /// One for each sensor that shares the record.
    case sensors([Sensor])
    case inventory(Locator)
    case controller(Locator)
    /// A type that is not read here.
    case other(UInt8)
  }

  package var id: UInt16
  package var body: Body

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    id = try reader.readUInt16LE("record id")
    try reader.skip(1, "SDR version")
    let type = try reader.readUInt8("record type")
    let length = try reader.readUInt8("record length")
    var rest = try reader.readReader(Int(length), "record")
    switch type {
    case 0x01: body = .sensors([try Self.full(&rest)])
    case 0x02: body = .sensors(try Self.compact(&rest))
    case 0x03: body = .sensors(try Self.eventOnly(&rest))
    case 0x11: body = .inventory(try Self.inventory(&rest))
    case 0x12: body = .controller(try Self.controller(&rest))
    default: body = .other(type)
    }
  }

  /// Owner, LUN, number: the same in all sensor records.
  private static func head(_ reader: inout ByteReader) throws(WireError) -> Sensor {
    let owner = try reader.readUInt8("sensor owner")
    let lun = try reader.readUInt8("sensor owner LUN") & 0x03
    let number = try reader.readUInt8("sensor number")
    return Sensor(
      owner: owner, lun: lun, number: number, entity: try reader.readUInt8("entity id"),
      instance: try reader.readUInt8("entity instance"), type: SensorType(rawValue: 0),
      eventType: 0, unit: SensorUnit(flags: 0, base: 0, modifier: 0), name: "", isReadable: true)
  }

  /// Initialisation, capabilities, type, masks, units: what full and compact ones share.
  private static func readable(_ reader: inout ByteReader) throws(WireError) -> Sensor {
    var sensor = try head(&reader)
    try reader.skip(2, "sensor initialisation and capabilities")
    sensor.type = SensorType(rawValue: try reader.readUInt8("sensor type"))
    sensor.eventType = try reader.readUInt8("event/reading type") & 0x7f
    try reader.skip(6, "event and reading masks")
    sensor.unit = SensorUnit(
      flags: try reader.readUInt8("sensor units"), base: try reader.readUInt8("base unit"),
      modifier: try reader.readUInt8("modifier unit"))
    return sensor
  }

  /// Table 43-1.
  private static func full(_ reader: inout ByteReader) throws(WireError) -> Sensor {
    var sensor = try readable(&reader)
    let linearization = try reader.readUInt8("linearisation")
    let factors = Array(try reader.readBytes(6, "reading factors"))
    sensor.conversion = try SensorConversion(
      format: .init(rawValue: sensor.unit.flags >> 6) ?? .none, linearization: linearization,
      factors: factors)
    try reader.skip(17, "nominal reading to OEM byte")
    sensor.name = try reader.readSensorName()
    return sensor
  }

  /// Table 43-2.
  private static func compact(_ reader: inout ByteReader) throws(WireError) -> [Sensor] {
    let sensor = try readable(&reader)
    let sharing = try reader.readUInt16LE("record sharing")
    try reader.skip(6, "hysteresis to OEM byte")
    return try shared(sensor, sharing, &reader)
  }

  /// Table 43-3.
  private static func eventOnly(_ reader: inout ByteReader) throws(WireError) -> [Sensor] {
    var sensor = try head(&reader)
    sensor.type = SensorType(rawValue: try reader.readUInt8("sensor type"))
    sensor.eventType = try reader.readUInt8("event/reading type") & 0x7f
    sensor.isReadable = false
    let sharing = try reader.readUInt16LE("record sharing")
    try reader.skip(2, "reserved and OEM bytes")
    return try shared(sensor, sharing, &reader)
  }

  /// One record for several sensors with numbers in a row. Low byte: bits 5…4 numeric or letters,
  /// 3…0 how many. High byte: bit 7 the entity instance counts too, 6…0 the first name's number.
  private static func shared(
    _ sensor: Sensor, _ sharing: UInt16, _ reader: inout ByteReader
  ) throws(WireError) -> [Sensor] {
    var first = sensor
    first.name = try reader.readSensorName()
    let count = max(1, UInt8(sharing & 0x0f))
    guard count > 1 else { return [first] }
    let offset = UInt8(sharing >> 8 & 0x7f)
    return (0..<count).map { index in
      var one = first
      one.number = first.number &+ index
      if sharing & 0x8000 != 0 { one.instance = first.instance &+ index }
      let number = Int(offset) + Int(index)
      one.name +=
        sharing >> 4 & 0x03 == 1
        ? String(Unicode.Scalar(UInt8(0x41 + number % 26))) : "\(number)"
      return one
    }
  }

  /// Table 43-7.
  private static func inventory(_ reader: inout ByteReader) throws(WireError) -> Locator {
    let address = try reader.readUInt8("device access address")
    let device = try reader.readUInt8("FRU device id")
    let flags = try reader.readUInt8("logical device and bus")
    try reader.skip(7, "channel to OEM byte")
    return Locator(
      address: address, device: device, isLogical: flags & 0x80 != 0,
      name: try reader.readSensorName())
  }

  /// Table 43-8.
  private static func controller(_ reader: inout ByteReader) throws(WireError) -> Locator {
    let address = try reader.readUInt8("device slave address")
    try reader.skip(9, "channel to OEM byte")
    return Locator(
      address: address, device: 0, isLogical: true, name: try reader.readSensorName())
  }
}
