/// FinoFuzz: what a BMC keeps: sensors, events, inventory; and how they read for people.

import Foundation
import Wire

@testable import IPMI

/// The first byte says which record the rest is.
enum RecordsFuzz {
  static func swallow(_ bytes: [UInt8]) {
    guard let door = bytes.first else { return }
    let record = Array(bytes.dropFirst())
    switch door % 5 {
    case 0: sensors(record)
    case 1: events(record)
    case 2: inventory(record, .chassis)
    case 3: inventory(record, .board)
    default: inventory(record, .product)
    }
  }

  /// A record, and behind it what the sensor answers.
  private static func sensors(_ bytes: [UInt8]) {
    guard let record = try? SensorRecord(parsing: bytes) else { return }
    guard case .sensors(let sensors) = record.body else { return }
    precondition((1...15).contains(sensors.count), "too many sensors")
    let answer = Array(bytes.suffix(7))
    for sensor in sensors {
      var reading = SensorReport.Reading(sensor)
      var reader = ByteReader(answer)
      if let found = try? GetSensorReading.Response(parsing: &reader) {
        reading.note(found, sensor, sensor.conversion)
      }
      reader = ByteReader(answer)
      if let conversion = sensor.conversion,
        let limits = try? GetSensorThresholds.Response(parsing: &reader)
      {
        reading.note(limits, conversion)
      }
      for raw in bytes.prefix(8) {
        if let value = sensor.conversion?.value(of: raw) {
          precondition(value.isFinite, "no number")
        }
      }
      var report = SensorReport()
      report.sensors = [reading]
      precondition(report.lines.count >= 1 && (try? JSONEncoder().encode(report)) != nil)
    }
  }

  /// Events of sensors that stand in front of them: `length · sensor record · 16 bytes each`.
  private static func events(_ bytes: [UInt8]) {
    let length = Int(bytes.first ?? 0) % 96
    var rest = bytes.dropFirst(1 + length)
    var sensors: [SensorRecord.Sensor] = []
    if let record = try? SensorRecord(parsing: Array(bytes.dropFirst().prefix(length))),
      case .sensors(let found) = record.body
    {
      sensors = found
    }
    while !rest.isEmpty {
      if let record = try? EventRecord(parsing: Array(rest.prefix(EventRecord.length))) {
        let entry = EventLogReport.Entry(record, sensors: sensors)
        precondition(!entry.line.isEmpty && (try? JSONEncoder().encode(entry)) != nil)
      }
      rest = rest.dropFirst(EventRecord.length)
    }
  }

  private static func inventory(_ bytes: [UInt8], _ kind: InventoryArea.Kind) {
    if let header = try? InventoryHeader(parsing: bytes) {
      for offset in [header.chassis, header.board, header.product].compactMap(\.self) {
        precondition((8...2040).contains(offset), "outside")
        _ = try? InventoryArea(kind, parsing: Array(bytes.dropFirst(offset)))
      }
    }
    guard let area = try? InventoryArea(kind, parsing: bytes) else { return }
    precondition((try? JSONEncoder().encode(area)) != nil)
    precondition((try? InventoryArea.length(bytes)).map { $0 <= bytes.count } == true)
  }
}
