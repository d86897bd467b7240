/// IPMITests: sensor records, events, inventories: what their bytes mean, and hostile ones.

import Fixtures
import IPMI
import Testing
import Wire

private enum Sample {
  /// Full: 12 V, 0.059 V a step, named in packed 6-bit ASCII.
  static let full: [UInt8] =
    [2, 0, 0x51, 0x01, 46, 0x20, 0, 3, 7, 1, 0x7f, 0x68, 2, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0]
    + [59, 0, 0, 0, 0, 0xd0] + [UInt8](repeating: 0, count: 17) + [0x83, 0x66, 0xe8, 0x46]
  /// Compact: three drives from one record, named with letters.
  static let compact: [UInt8] =
    [6, 0, 0x51, 0x02, 32, 0x20, 0, 0x30, 4, 1, 0x67, 0x40, 0x0d, 0x6f, 0, 0, 0, 0, 0, 0]
    + [0xc0, 0, 0, 0x13, 0x80, 0, 0, 0, 0, 0, 0, 0xc5] + Array("Drive".utf8)
  static let eventOnly: [UInt8] =
    [7, 0, 0x51, 0x03, 14, 0x20, 0, 9, 6, 1, 0x23, 0x6f, 1, 0, 0, 0, 0xc2] + Array("WD".utf8)
  static let inventory: [UInt8] =
    [8, 0, 0x51, 0x11, 13, 0x20, 1, 0x80, 0, 0, 0x10, 0, 7, 1, 0, 0xc2] + Array("R1".utf8)
  static let event: [UInt8] = [
    1, 0, 2, 0x00, 0xf1, 0x53, 0x65, 0x20, 0, 4, 1, 1, 0x81, 0x57, 0x75, 0x70,
  ]
  static let product: [UInt8] =
    [1, 3, 25, 0xc4] + Array("Acme".utf8) + [0x42, 0x12, 0x3a, 0x02, 0xde, 0xad, 0xc1]
    + [UInt8](repeating: 0, count: 9)
}

struct RecordTests {
  @Test func aFullRecordHasANameAUnitAndAConversion() throws {
    let record = try SensorRecord(parsing: Sample.full)
    guard case .sensors(let sensors) = record.body, let sensor = sensors.first else {
      Issue.record("is no sensor")
      return
    }
    #expect(record.id == 2 && sensor.number == 3 && sensor.unit.text == "Volts")
    #expect(sensor.name == "FAN1")
    #expect(sensor.conversion?.value(of: 0xcb) == 11.977)
    #expect(sensor.type.name == "Voltage")
  }

  @Test func aSharedRecordIsSeveralSensors() throws {
    guard case .sensors(let sensors) = try SensorRecord(parsing: Sample.compact).body else {
      Issue.record("is no sensor")
      return
    }
    #expect(sensors.map(\.name) == ["DriveA", "DriveB", "DriveC"])
    #expect(sensors.map(\.number) == [0x30, 0x31, 0x32])
    #expect(sensors.map(\.instance) == [1, 2, 3])
    #expect(sensors[0].conversion == nil)
  }

  @Test func otherRecords() throws {
    guard case .sensors(let sensors) = try SensorRecord(parsing: Sample.eventOnly).body,
      case .inventory(let locator) = try SensorRecord(parsing: Sample.inventory).body
    else {
      Issue.record("is something else")
      return
    }
    #expect(sensors.map(\.name) == ["WD"] && !sensors[0].isReadable)
    #expect(locator.device == 1 && locator.isLogical && locator.name == "R1")
    #expect(
      try SensorRecord(parsing: [9, 0, 0x51, 0xc0, 1, 7]).body == .other(0xc0))
  }

  @Test func conversions() {
    func value(
      _ raw: UInt8, _ format: SensorConversion.Format, _ linearization: UInt8 = 0, m: Int = 1,
      b: Int = 0, bExponent: Int = 0, resultExponent: Int = 0
    ) -> Double? {
      SensorConversion(
        format: format, linearization: linearization, m: m, b: b, bExponent: bExponent,
        resultExponent: resultExponent
      ).value(of: raw)
    }
    #expect(value(0xfd, .unsigned) == 253)
    #expect(value(0xfd, .twosComplement) == -3)
    #expect(value(0xfd, .onesComplement) == -2)
    #expect(value(0xfd, .none) == nil)
    #expect(value(0x30, .unsigned, m: 60, b: 5, bExponent: 1) == 2930)
    #expect(value(30, .unsigned, m: -1, b: 100) == 70)
    #expect(value(4, .unsigned, 7) == 0.25)
    #expect(value(0, .unsigned, 7) == nil)
    #expect(value(5, .unsigned, 8) == 25)
    #expect(value(2, .unsigned, 9) == 8)
    #expect(value(9, .unsigned, 10) == 3)
    #expect(value(100, .unsigned, 2) == 2)
    #expect(value(8, .unsigned, 3) == 3)
    #expect(value(3, .unsigned, 6) == 8)
    #expect(value(27, .unsigned, 11) == 3)
  }

  @Test func factorsAreSigned() throws {
    let conversion = try SensorConversion(
      format: .unsigned, linearization: 0, factors: [0xff, 0xc0, 0x9c, 0xc0, 0, 0xe1])
    #expect(conversion.m == -1 && conversion.b == -100)
    #expect(conversion.resultExponent == -2 && conversion.bExponent == 1)
  }

  @Test func events() throws {
    let record = try EventRecord(parsing: Sample.event)
    guard case .system(let event) = record.body else {
      Issue.record("is no system event")
      return
    }
    #expect(event.time.text == "2023-11-14 22:13:20")
    #expect(!event.isAssertion && event.text == "Upper Non-critical going high")
    #expect(SensorType(rawValue: 0x23).name == "Watchdog 2")
    #expect(SensorType(rawValue: 0xc3).name == "OEM 0xc3")
    #expect(
      SensorState.name(eventType: 0x0b, sensorType: SensorType(rawValue: 8), offset: 1)
        == "Redundancy Lost")
    #expect(
      SensorState.name(eventType: 0x6f, sensorType: SensorType(rawValue: 0x22), offset: 13) == nil)
    #expect(
      SensorState.name(eventType: 0x70, sensorType: SensorType(rawValue: 1), offset: 0) == nil)
  }

  @Test func units() {
    #expect(SensorUnit(flags: 1, base: 0, modifier: 0).text == "percent")
    #expect(SensorUnit(flags: 0x18, base: 70, modifier: 0).text == "byte per second")
    #expect(SensorUnit(flags: 0x02, base: 6, modifier: 24).text == "Watts/hour")
    #expect(SensorUnit(flags: 0, base: 92, modifier: 0).text == "grams")
    #expect(SensorUnit(flags: 0, base: 200, modifier: 0).text == "unit 200")
  }

  @Test func inventoryFieldsInAllEncodings() throws {
    let area = try InventoryArea(.product, parsing: Sample.product)
    // Two bytes of BCD plus, then two of binary.
    #expect(
      area.fields == [
        .init("Product Manufacturer", "Acme"), .init("Product Name", "123"),
        .init("Product Part Number", "dead"),
      ])
    #expect(!area.checksumMatches)
    let text = PackedText.decode([0x29, 0xdc, 0xa6][...], way: 2)
    #expect(text == "IPMI")
    #expect(PackedText.decode([0x41, 0x1b, 0x5b][...], way: 3) == "A?[")
    #expect(throws: WireError.self) { try InventoryHeader(parsing: [2, 0, 0, 0, 0, 0, 0, 0]) }
  }

  /// What begins a record's name may be the last of it: ends before it throw, later ones do not trap.
  @Test func prefixesAndMutationsNeverTrap() {
    let doors: [([UInt8], ([UInt8]) throws -> Void)] =
      [Sample.full, Sample.compact, Sample.eventOnly, Sample.inventory].map { sample in
        (sample, { _ = try SensorRecord(parsing: $0) })
      } + [
        (Sample.event, { _ = try EventRecord(parsing: $0) }),
        (Sample.product, { _ = try InventoryArea(.product, parsing: $0) }),
        (Sample.product, { _ = try InventoryArea(.board, parsing: $0) }),
      ]
    var random = SeededRandom(seed: 6)
    for (sample, parse) in doors {
      for count in sample.indices {
        #expect(throws: WireError.self, "\(count) bytes") { try parse(Array(sample.prefix(count))) }
      }
      for _ in 0..<5_000 { _ = try? parse(mutate(sample, &random)) }
    }
  }
}
