/// IPMI: what a sensor watches.

/// IPMI 2.0 table 42-3.
package struct SensorType: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  private static let names = [
    "Reserved", "Temperature", "Voltage", "Current", "Fan", "Physical Security",
    "Platform Security", "Processor", "Power Supply", "Power Unit", "Cooling Device", "Other",
    "Memory", "Drive Slot / Bay", "POST Memory Resize", "System Firmware", "Event Logging Disabled",
    "Watchdog 1", "System Event", "Critical Interrupt", "Button", "Module / Board",
    "Microcontroller", "Add-in Card", "Chassis", "Chip Set", "Other FRU", "Cable / Interconnect",
    "Terminator", "System Boot Initiated", "Boot Error", "OS Boot", "OS Stop / Shutdown",
    "Slot / Connector", "System ACPI Power State", "Watchdog 2", "Platform Alert",
    "Entity Presence", "Monitor ASIC", "LAN", "Management Subsystem Health", "Battery",
    "Session Audit", "Version Change", "FRU State",
  ]

  package var name: String {
    Self.names.indices.contains(Int(rawValue))
      ? Self.names[Int(rawValue)]
      : rawValue >= 0xc0 ? "OEM 0x\(hex(rawValue))" : "0x\(hex(rawValue))"
  }
}
