/// IPMI: what all sensors of a machine show, in words.

package struct SensorReport: BMCReport {
  package struct Reading: Encodable, Equatable, Sendable {
    package var name: String
    package var number: UInt8
    package var type: String
    /// Nil: not a number, or not available.
    package var value: Double?
    package var unit: String
    /// `ok`, `nc` (non-critical), `cr` (critical), `nr` (non-recoverable), `ns` (no reading).
    package var status: String
    /// Of sensors without numbers.
    package var states: [String]
    /// By `lnr`, `lcr`, `lnc`, `unc`, `ucr`, `unr`.
    package var thresholds: [String: Double]

    package init(_ sensor: SensorRecord.Sensor) {
      name = sensor.name
      number = sensor.number
      type = sensor.type.name
      unit = sensor.unit.text
      status = "ns"
      states = []
      thresholds = [:]
    }
  }

  package var sensors: [Reading] = []

  package var lines: [String] {
    sensors.map { sensor in
      let shown =
        sensor.value.map { "\(decimal($0)) \(sensor.unit)" }
        ?? sensor.states.joined(separator: ", ")
      let cells: [(String, Int)] = [
        (sensor.name, 16), (shown.isEmpty ? "na" : shown, 24), (sensor.status, 4),
      ]
      let limits = ["lnr", "lcr", "lnc", "unc", "ucr", "unr"].map { key in
        sensor.thresholds[key].map(decimal) ?? "na"
      }
      let padded = cells.map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
      return (padded + (sensor.thresholds.isEmpty ? [] : limits)).joined(separator: " | ")
        .trimmedRight
    }
  }
}

/// In the order of bits and of thresholds on the wire (IPMI 2.0 §35.9).
private let thresholdNames = ["lnc", "lcr", "lnr", "unc", "ucr", "unr"]

extension SensorReport.Reading {
  package mutating func note(
    _ reading: GetSensorReading.Response, _ sensor: SensorRecord.Sensor,
    _ conversion: SensorConversion?
  ) {
    guard reading.isAvailable else { return }
    status = "ok"
    if sensor.eventType == SensorState.thresholdType {
      value = conversion?.value(of: reading.raw)
      let crossed = UInt8(truncatingIfNeeded: reading.states ?? 0)
      if crossed & 0x09 != 0 { status = "nc" }
      if crossed & 0x12 != 0 { status = "cr" }
      if crossed & 0x24 != 0 { status = "nr" }
      return
    }
    // Discrete sensors with a number are rare, but there are some.
    if let conversion, conversion.format != .none, !sensor.unit.text.isEmpty {
      value = conversion.value(of: reading.raw)
    }
    let bits = reading.states ?? 0
    states = (0..<UInt8(15)).filter { bits & (1 << UInt16($0)) != 0 }.map { offset in
      SensorState.name(eventType: sensor.eventType, sensorType: sensor.type, offset: offset)
        ?? "state \(offset)"
    }
  }

  package mutating func note(
    _ limits: GetSensorThresholds.Response, _ conversion: SensorConversion
  ) {
    for (index, name) in thresholdNames.enumerated()
    where limits.readable & (1 << UInt8(index)) != 0 {
      thresholds[name] = conversion.value(of: limits.raw[index])
    }
  }
}

extension CommandExchange {
  /// All that the BMC reads itself. A sensor that it does not answer for is listed without reading.
  package func sensorReport() async throws(IPMIError) -> SensorReport {
    var report = SensorReport()
    for record in try await sensorRecords() {
      guard case .sensors(let sensors) = record.body else { continue }
      // Other controllers' sensors need a bridge, other LUNs another address.
      for sensor in sensors
      where sensor.isReadable && sensor.owner == LANRequest.bmcAddress && sensor.lun == 0 {
        report.sensors.append(try await reading(of: sensor))
      }
    }
    return report
  }

  private func reading(
    of sensor: SensorRecord.Sensor
  ) async throws(IPMIError) -> SensorReport.Reading {
    var result = SensorReport.Reading(sensor)
    let answer = try await attempt(GetSensorReading(sensor: sensor.number))
    guard case .success(let reading) = answer else { return result }
    var conversion = sensor.conversion
    if let known = conversion, known.needsFactorsOfReading {
      let factors = try await attempt(
        GetSensorReadingFactors(sensor: sensor.number, reading: reading.raw))
      conversion =
        (try? factors.get()).flatMap {
          try? SensorConversion(
            format: known.format, linearization: 0, factors: $0.factors)
        }
    }
    result.note(reading, sensor, conversion)
    guard sensor.eventType == SensorState.thresholdType, let known = sensor.conversion,
      !known.needsFactorsOfReading, known.format != .none
    else { return result }
    if case .success(let limits) = try await attempt(GetSensorThresholds(sensor: sensor.number)) {
      result.note(limits, known)
    }
    return result
  }
}
