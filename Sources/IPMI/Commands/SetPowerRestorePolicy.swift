/// IPMI: what a machine does when the mains come back.

package import Wire

package enum PowerRestorePolicy: UInt8, CaseIterable, Sendable {
  case alwaysOff = 0
  /// As it was when the mains went.
  case previous = 1
  case alwaysOn = 2

  /// As ipmitool writes them.
  package var name: String {
    switch self {
    case .alwaysOff: "always-off"
    case .previous: "previous"
    case .alwaysOn: "always-on"
    }
  }
}

/// IPMI 2.0 §28.8. Nil asks only which policies there are.
package struct SetPowerRestorePolicy: IPMICommand {
  package static let networkFunction = NetworkFunction.chassis
  package static let code: UInt8 = 0x06
  package static let name = "Set Power Restore Policy"
  package static let privilege = PrivilegeLevel.operator

  package var policy: PowerRestorePolicy?

  package init(_ policy: PowerRestorePolicy?) {
    self.policy = policy
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    policy = PowerRestorePolicy(rawValue: try reader.readUInt8("power restore policy") & 0x07)
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(policy?.rawValue ?? 3)
  }

  package struct Response: CommandData {
    /// Bit n: the policy with the number n.
    package var support: UInt8

    package init(support: UInt8) {
      self.support = support
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      support = try reader.readUInt8("power restore policy support")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(support)
    }

    package var policies: [PowerRestorePolicy] {
      PowerRestorePolicy.allCases.filter { support & (1 << $0.rawValue) != 0 }
    }
  }
}
