/// IPMI: a BMC's event log, in words.

package struct EventLogReport: BMCReport {
  package struct Entry: Encodable, Equatable, Sendable {
    package var id: UInt16
    /// Nil: the entry has none.
    package var time: String?
    /// Its name, or `Temperature #0x30`.
    package var sensor: String
    package var event: String
    /// Nil: an entry of the vendor's.
    package var isAssertion: Bool?
    package var reading: Double?
    package var threshold: Double?
    package var unit: String?

    package init(_ record: EventRecord, sensors: [SensorRecord.Sensor]) {
      id = record.id
      switch record.body {
      case .vendor(let type, let data):
        sensor = "OEM record \(hex(type))"
        event = hex(data)
      case .vendorTimed(let type, let time, let manufacturer, let data):
        self.time = time.text
        sensor = "OEM record \(hex(type))"
        event = "manufacturer \(manufacturer): \(hex(data))"
      case .system(let system):
        time = system.time.text
        let known = sensors.first {
          $0.number == system.sensor && UInt16($0.owner) == system.generator & 0xff
            && $0.type == system.sensorType
        }
        let name = known.map { "\(system.sensorType.name) \($0.name)" }
        sensor = name ?? "\(system.sensorType.name) #0x\(hex(system.sensor))"
        event = system.text
        isAssertion = system.isAssertion
        let values = system.values(known?.conversion)
        reading = values.reading
        threshold = values.threshold
        unit = reading == nil && threshold == nil ? nil : known?.unit.text
      }
    }

    package var line: String {
      var cells = ["\(hex(id))", time ?? "", sensor, event]
      if let isAssertion { cells.append(isAssertion ? "Asserted" : "Deasserted") }
      if let reading {
        let limit = threshold.map { ", threshold \(decimal($0))" } ?? ""
        cells.append("reading \(decimal(reading))\(limit) \(unit ?? "")".trimmedRight)
      }
      return cells.joined(separator: " | ")
    }
  }

  package var entries: [Entry]

  package var lines: [String] {
    entries.isEmpty ? ["the event log is empty"] : entries.map(\.line)
  }
}

package struct EventLogInfoReport: BMCReport {
  package var version: String
  package var entries: UInt16
  /// Bytes.
  package var free: UInt16
  package var lastAddition: String
  package var lastErase: String
  package var hasOverflowed: Bool

  package init(_ info: GetSELInfo.Response) {
    version = "\(info.version & 0x0f).\(info.version >> 4)"
    entries = info.entries
    free = info.free
    lastAddition = info.lastAddition.text
    lastErase = info.lastErase.text
    hasOverflowed = info.hasOverflowed
  }

  package var lines: [String] {
    table([
      ("Version", version),
      ("Entries", "\(entries)"),
      ("Free Space", "\(free) bytes"),
      ("Last Add Time", lastAddition),
      ("Last Del Time", lastErase),
      ("Overflow", "\(hasOverflowed)"),
    ])
  }
}
