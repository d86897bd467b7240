/// IPMITests: what a BMC tells, beside what ipmitool reads from the same one.

import Datagram
import IPMI
import Testing

/// Needs Debian's packages `openipmi` and `ipmitool`.
@Suite(
  .serialized, .enabled(if: FurnishedSimulator.isInstalled, "ipmi_sim or ipmitool is missing"))
struct FurnishedSimulatorTests {
  private let loop: DatagramLoop
  private let simulator: FurnishedSimulator

  init() async throws {
    loop = try DatagramLoop(name: "ipmi-furnished")
    simulator = try FurnishedSimulator(loop: loop)
    // It takes a moment until it listens.
    for _ in 0..<100 {
      if (try? await ask { session async throws(IPMIError) in try await session.powerState() })
        != nil
      {
        return
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private func ask<Value: Sendable>(
    _ work: @Sendable (BMCSession) async throws(IPMIError) -> Value
  ) async throws -> Value {
    let login = try IPMILogin(
      username: "admin", password: Secret(bytes: Array(FurnishedSimulator.password.utf8)),
      suite: CipherSuite(id: 3))
    return try await IPMIClient(loop: loop, login: login)
      .withSession(to: simulator.address, limit: .seconds(30), work)
  }

  /// By the text before the colon.
  private func rows(_ words: String) throws -> [String: String] {
    try simulator.ipmitool(words, separator: ":").reduce(into: [:]) { rows, row in
      if row.count > 1 { rows[row[0]] = row.dropFirst().joined(separator: ":") }
    }
  }

  @Test func theBMCItself() async throws {
    let report = try await ask { session async throws(IPMIError) in
      try await session.deviceReport()
    }
    let theirs = try rows("mc info")
    #expect(theirs["Device ID"] == "\(report.deviceID)")
    #expect(theirs["Device Revision"] == "\(report.deviceRevision)")
    #expect(theirs["Firmware Revision"] == report.firmware)
    #expect(theirs["IPMI Version"] == report.ipmiVersion)
    #expect(theirs["Manufacturer ID"] == "\(report.manufacturer)")
    #expect(theirs["Product ID"]?.hasPrefix("\(report.product) ") == true)
    #expect(report.isAvailable && !report.providesDeviceSDRs)
    #expect(
      report.support == [
        "sensors", "sensor records (SDR)", "event log (SEL)", "inventory (FRU)",
        "event receiver", "chassis",
      ])
    loop.shutdown()
  }

  @Test func sensorsHaveTheValuesAndThresholdsThatIpmitoolShows() async throws {
    let report = try await ask { session async throws(IPMIError) in
      try await session.sensorReport()
    }
    let theirs = try simulator.ipmitool("sensor", separator: "|")
    #expect(
      report.sensors.map(\.name) == ["CPU Temp", "12V", "Inlet", "FAN1", "Load", "PSU Present"])
    try #require(theirs.count == report.sensors.count)
    for (sensor, row) in zip(report.sensors, theirs) {
      // ipmitool shows packed names as garbage.
      if sensor.name != "FAN1" { #expect(row[0] == sensor.name) }
      guard let value = sensor.value else { continue }
      let difference = abs((Double(row[1]) ?? .infinity) - value)
      #expect(difference < 0.001, "\(sensor.name): \(value), ipmitool \(row[1])")
      #expect(row[2] == sensor.unit)
      #expect(row[3] == sensor.status)
      for (index, key) in ["lnr", "lcr", "lnc", "unc", "ucr", "unr"].enumerated() {
        let ours = sensor.thresholds[key]
        #expect((ours == nil) == (row[4 + index] == "na"), "\(sensor.name) \(key)")
        if let ours, let other = Double(row[4 + index]) {
          #expect(abs(ours - other) < 0.001, "\(sensor.name) \(key)")
        }
      }
    }
    #expect(report.sensors.compactMap(\.value) == [96, 11.977, -3, 2930, 70])
    #expect(report.sensors.last?.states == ["Present"])
    loop.shutdown()
  }

  @Test func theEventLogIsReadAsIpmitoolReadsItAndEmptied() async throws {
    let report = try await ask { session async throws(IPMIError) in
      try await session.eventLog()
    }
    let theirs = try simulator.ipmitool("sel list", separator: "|")
    try #require(theirs.count == 7 && report.entries.count == 7)
    for (entry, row) in zip(report.entries.prefix(5), theirs) {
      #expect(row[0] == "\(entry.id)")
      #expect(row[4] == entry.event)
      #expect(row[5] == (entry.isAssertion == true ? "Asserted" : "Deasserted"))
    }
    #expect(
      report.entries.map(\.sensor) == [
        "Temperature CPU Temp", "Temperature CPU Temp", "Entity Presence PSU Present",
        "Watchdog 2 Watchdog", "Memory #0x77", "OEM record c1", "OEM record e2",
      ])
    #expect(report.entries[0].reading == 117)
    #expect(report.entries[0].threshold == 112)
    #expect(report.entries[5].event == "manufacturer 343: 01 02 03 04 05 06")

    let info = try await ask { session async throws(IPMIError) in
      let before = try await session.eventLogInfo()
      _ = try await session.clearEventLog()
      return (before, try await session.eventLogInfo(), try await session.eventLog())
    }
    #expect(info.0.entries == 7)
    #expect(info.1.entries == 0)
    #expect(info.2.entries.isEmpty)
    #expect(try rows("sel info")["Entries"] == "0")
    loop.shutdown()
  }

  @Test func inventoriesAreReadAsIpmitoolReadsThem() async throws {
    let report = try await ask { session async throws(IPMIError) in
      try await session.inventoryReport()
    }
    #expect(report.devices.map(\.name) == ["Builtin FRU Device", "Riser"])
    #expect(report.devices.flatMap(\.warnings).isEmpty)
    for device in report.devices {
      let theirs = try rows("fru print \(device.id)")
      // Each line of theirs but the device's name is one of ours.
      #expect(
        theirs.count - (theirs["FRU Device Description"] == nil ? 0 : 1) == device.fields.count)
      for field in device.fields where field.name != "Board Mfg Date" {
        #expect(theirs[field.name] == field.value)
      }
    }
    let date = report.devices[0].fields.first { $0.name == "Board Mfg Date" }
    #expect(date?.value == "2023-11-14 22:13:00")
    loop.shutdown()
  }

  @Test func networkAndUsers() async throws {
    let (lan, users) = try await ask { session async throws(IPMIError) in
      (try await session.lanReport(), try await session.userReport())
    }
    let theirs = try rows("lan print 1")
    #expect(lan.channel == 1)
    #expect(theirs["IP Address"] == lan.address)
    #expect(theirs["Subnet Mask"] == lan.mask)
    #expect(theirs["MAC Address"] == lan.mac)
    #expect(theirs["SNMP Community String"] == lan.community)
    #expect(theirs["Default Gateway IP"] == lan.gateway)
    #expect(
      theirs["RMCP+ Cipher Suites"] == lan.cipherSuites?.map(String.init).joined(separator: ","))
    #expect(users.users.map(\.name) == ["admin", "viewer"])
    #expect(users.users.map(\.privilege) == ["ADMINISTRATOR", "USER"])
    #expect(users.users.map(\.id) == [2, 3])
    loop.shutdown()
  }

  @Test func chassisIdentifyBootAndRaw() async throws {
    let chassis = try await ask { session async throws(IPMIError) in
      _ = try await session.identify(seconds: 7)
      _ = try await session.setBootDevice(.setup)
      return (
        try await session.chassisReport(), try await session.bootReport(),
        try await session.restorePolicy()
      )
    }
    let theirs = try rows("chassis status")
    #expect(theirs["System Power"] == "\(chassis.0.power)")
    #expect(theirs["Power Restore Policy"] == chassis.0.restorePolicy)
    #expect(theirs["Chassis Intrusion"] == "inactive" && !chassis.0.isIntruded)
    #expect(chassis.1.device == "setup")
    // Its flaw: it does not know the command; the chassis status still tells.
    #expect(chassis.2 == RestorePolicyReport(policy: "always-off", supported: []))
    #expect(simulator.log.contains("identify 7"))
    let command = try #require(RawCommand("0x06 0x01"))
    let raw = try await ask { session async throws(IPMIError) in try await session.raw(command) }
    let words = try simulator.ipmitool("raw 0x06 0x01", separator: "|")
    #expect(words.first?.first == raw.data)
    // Nobody here has one.
    await #expect(throws: IPMIError.self) {
      try await ask { session async throws(IPMIError) in try await session.powerReading() }
    }
    loop.shutdown()
  }
}
