/// IPMI: the boot options, written and read back.

package import Wire

/// The parameters that Fino uses (IPMI 2.0 table 28-14).
package struct BootOptionParameter: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Which events do *not* take back the boot flags.
  package static let flagsStayValid = BootOptionParameter(rawValue: 3)
  package static let bootFlags = BootOptionParameter(rawValue: 5)
}

private let bootOptionMeanings: [UInt8: String] = [
  0x80: "the BMC does not have this boot option",
  0x81: "somebody else is changing the boot options",
  0x82: "this boot option is read-only",
]

/// IPMI 2.0 §28.12. Byte 0: parameter; then its data.
package struct SetSystemBootOptions: IPMICommand {
  package static let networkFunction = NetworkFunction.chassis
  package static let code: UInt8 = 0x08
  package static let name = "Set System Boot Options"
  package static let meanings = bootOptionMeanings
  package static let privilege = PrivilegeLevel.operator

  package var parameter: BootOptionParameter
  package var data: [UInt8]

  /// Keeps the flags when no power command follows within 60 seconds, which would otherwise take
  /// them back (bit 3 of parameter 3).
  package static let keepFlags = SetSystemBootOptions(parameter: .flagsStayValid, data: [0x08])

  package init(_ flags: BootFlags) {
    self.init(parameter: .bootFlags, data: flags.bytes)
  }

  package init(parameter: BootOptionParameter, data: [UInt8]) {
    self.parameter = parameter
    self.data = data
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    parameter = BootOptionParameter(rawValue: try reader.readUInt8("parameter") & 0x7f)
    data = Array(reader.readRest())
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(parameter.rawValue)
    writer.write(data)
  }

  package typealias Response = NoData
}

/// IPMI 2.0 §28.13. Parameter, set selector 0, block selector 0.
package struct GetSystemBootOptions: IPMICommand {
  package static let networkFunction = NetworkFunction.chassis
  package static let code: UInt8 = 0x09
  package static let name = "Get System Boot Options"
  package static let meanings = bootOptionMeanings
  package static let privilege = PrivilegeLevel.operator

  package var parameter: BootOptionParameter

  package init(_ parameter: BootOptionParameter) {
    self.parameter = parameter
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    parameter = BootOptionParameter(rawValue: try reader.readUInt8("parameter") & 0x7f)
    try reader.skip(2, "selectors")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write([parameter.rawValue, 0, 0])
  }

  package struct Response: CommandData {
    package var version: UInt8
    package var parameter: BootOptionParameter
    /// The BMC says that the parameter is invalid or locked.
    package var isLocked: Bool
    package var data: [UInt8]

    package init(parameter: BootOptionParameter, isLocked: Bool = false, data: [UInt8]) {
      version = 1
      self.parameter = parameter
      self.isLocked = isLocked
      self.data = data
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      version = try reader.readUInt8("parameter version")
      let raw = try reader.readUInt8("parameter")
      parameter = BootOptionParameter(rawValue: raw & 0x7f)
      isLocked = raw & 0x80 != 0
      data = Array(reader.readRest())
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([version, parameter.rawValue | (isLocked ? 0x80 : 0)])
      writer.write(data)
    }

    package var bootFlags: BootFlags? {
      guard parameter == .bootFlags else { return nil }
      var reader = ByteReader(data)
      return try? BootFlags(parsing: &reader)
    }
  }
}
