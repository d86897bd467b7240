/// IPMI: what is built into a machine, in words.

import Wire

package struct InventoryReport: BMCReport {
  package struct Device: Encodable, Equatable, Sendable {
    package var id: UInt8
    package var name: String
    package var fields: [InventoryArea.Field] = []
    /// Sentences: what could not be read, checksums that do not match.
    package var warnings: [String] = []
  }

  package var devices: [Device] = []

  package var lines: [String] {
    devices.flatMap { device in
      ["FRU Device Description : \(device.name) (ID \(device.id))"]
        + table(device.fields.map { (" \($0.name)", $0.value) })
        + device.warnings.map { " warning: \($0)" }
    }
  }
}

extension CommandExchange {
  /// All inventories that the sensor records list, and number 0, which every BMC has; or only
  /// `device`.
  package func inventoryReport(
    device only: UInt8? = nil
  ) async throws(IPMIError) -> InventoryReport {
    var names: [(UInt8, String)] = [(only ?? 0, only == nil ? "Builtin FRU Device" : "FRU Device")]
    if only == nil {
      var records: [SensorRecord] = []
      do throws(IPMIError) {
        records = try await sensorRecords()
      } catch {
        switch error {
        case .unanswered, .failed, .malformed: break
        default: throw error
        }
      }
      for record in records {
        // Those of other controllers, and plain chips on a bus, need other commands.
        if case .inventory(let locator) = record.body, locator.isLogical,
          locator.address == LANRequest.bmcAddress,
          !names.contains(where: { $0.0 == locator.device })
        {
          names.append((locator.device, locator.name))
        }
      }
    }
    var report = InventoryReport()
    for (id, name) in names { report.devices.append(try await inventory(id, name)) }
    return report
  }

  private func inventory(
    _ id: UInt8, _ name: String
  ) async throws(IPMIError) -> InventoryReport.Device {
    var device = InventoryReport.Device(id: id, name: name)
    let info: GetFRUInventoryAreaInfo.Response
    switch try await attempt(GetFRUInventoryAreaInfo(device: id)) {
    case .success(let response): info = response
    case .failure(let error):
      device.warnings.append("\(error)")
      return device
    }
    var reader = InventoryReader(device: id, isInWords: info.isInWords, size: Int(info.size))
    do throws(IPMIError) {
      let header = try await reader.read(0, InventoryHeader.length, from: self)
      let areas = try InventoryReport.parse { () throws(WireError) in
        try InventoryHeader(parsing: header)
      }
      if !areas.checksumMatches { device.warnings.append("the header's checksum does not match") }
      for (kind, offset) in [
        (InventoryArea.Kind.chassis, areas.chassis), (.board, areas.board),
        (.product, areas.product),
      ] {
        guard let offset else { continue }
        let head = try await reader.read(offset, 2, from: self)
        let length = try InventoryReport.parse { () throws(WireError) in
          try InventoryArea.length(head)
        }
        let bytes = try await reader.read(offset, length, from: self)
        let area = try InventoryReport.parse { () throws(WireError) in
          try InventoryArea(kind, parsing: bytes)
        }
        device.fields += area.fields
        if !area.checksumMatches {
          device.warnings.append("the checksum of the \(kind) area does not match")
        }
      }
    } catch {
      switch error {
      case .unanswered, .failed, .malformed: device.warnings.append("\(error)")
      default: throw error
      }
    }
    return device
  }
}

extension InventoryReport {
  fileprivate static func parse<Value>(
    _ body: () throws(WireError) -> Value
  ) throws(IPMIError) -> Value {
    do throws(WireError) {
      return try body()
    } catch {
      throw .malformed(command: ReadFRUData.name, error)
    }
  }
}
