/// IPMI: the power button, from afar.

package import Wire

/// IPMI 2.0 §28.3. Never resent blindly: a machine that is cycled twice loses its boot-once setting.
package struct ChassisControl: IPMICommand {
  package static let networkFunction = NetworkFunction.chassis
  package static let code: UInt8 = 0x02
  package static let name = "Chassis Control"
  package static let isIdempotent = false
  package static let privilege = PrivilegeLevel.operator

  package enum Action: UInt8, CaseIterable, Sendable {
    /// At once, without asking the operating system.
    case powerDown = 0
    case powerUp = 1
    /// Off for at least a second, then on.
    case powerCycle = 2
    case hardReset = 3
    /// A non-maskable interrupt.
    case diagnosticInterrupt = 4
    /// Asks the operating system (ACPI).
    case softShutdown = 5
  }

  package var action: Action

  package init(_ action: Action) {
    self.action = action
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    guard let action = Action(rawValue: try reader.readUInt8("chassis control") & 0x0f) else {
      throw reader.invalid("chassis control", "is not a known action", back: 1)
    }
    self.action = action
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(action.rawValue)
  }

  package typealias Response = NoData
}
