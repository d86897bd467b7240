/// IPMI: is the machine on?

package import Wire

/// IPMI 2.0 §28.2. No request data.
package struct GetChassisStatus: IPMICommand {
  package static let networkFunction = NetworkFunction.chassis
  package static let code: UInt8 = 0x01
  package static let name = "Get Chassis Status"

  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}

  package struct Response: CommandData {
    /// Bits 6…5 power restore policy, 4 control fault, 3 power fault, 2 interlock, 1 overload, 0 on.
    package var powerState: UInt8
    /// Bits 4 on by IPMI, 3 fault, 2 interlock, 1 overload, 0 mains lost.
    package var lastPowerEvent: UInt8
    /// Bits 6 identify known, 5…4 identify state, 3 fan, 2 drive, 1 lock-out, 0 intrusion.
    package var miscellaneous: UInt8
    /// Optional: which buttons of the front panel are allowed and disabled.
    package var frontPanel: UInt8?

    package init(
      powerState: UInt8, lastPowerEvent: UInt8 = 0, miscellaneous: UInt8 = 0,
      frontPanel: UInt8? = nil
    ) {
      self.powerState = powerState
      self.lastPowerEvent = lastPowerEvent
      self.miscellaneous = miscellaneous
      self.frontPanel = frontPanel
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      powerState = try reader.readUInt8("power state")
      lastPowerEvent = try reader.readUInt8("last power event")
      miscellaneous = try reader.readUInt8("miscellaneous chassis state")
      frontPanel = reader.remaining > 0 ? try reader.readUInt8("front panel") : nil
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([powerState, lastPowerEvent, miscellaneous])
      if let frontPanel { writer.write(frontPanel) }
    }

    package var power: PowerState { powerState & 0x01 != 0 ? .on : .off }
    package var hasPowerFault: Bool { powerState & 0x18 != 0 }
    package var isOverloaded: Bool { powerState & 0x02 != 0 }
  }
}

/// Whether a machine is running.
package enum PowerState: String, Codable, Sendable {
  case on
  case off
}
