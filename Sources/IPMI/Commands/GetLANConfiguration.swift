/// IPMI: how a BMC is set up for its network.

package import Wire

extension NetworkFunction {
  package static let transport = NetworkFunction(rawValue: 0x0c)
}

/// Some of IPMI 2.0 table 23-4.
package struct LANParameter: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let setInProgress = LANParameter(rawValue: 0)
  package static let ipAddress = LANParameter(rawValue: 3)
  package static let addressSource = LANParameter(rawValue: 4)
  package static let macAddress = LANParameter(rawValue: 5)
  package static let subnetMask = LANParameter(rawValue: 6)
  package static let gateway = LANParameter(rawValue: 12)
  package static let gatewayMAC = LANParameter(rawValue: 13)
  package static let backupGateway = LANParameter(rawValue: 14)
  package static let backupGatewayMAC = LANParameter(rawValue: 15)
  package static let community = LANParameter(rawValue: 16)
  package static let vlan = LANParameter(rawValue: 20)
  package static let vlanPriority = LANParameter(rawValue: 21)
  package static let cipherSuiteCount = LANParameter(rawValue: 22)
  package static let cipherSuites = LANParameter(rawValue: 23)
  package static let cipherPrivileges = LANParameter(rawValue: 24)
}

/// IPMI 2.0 §23.2. Channel, parameter, set selector 0, block selector 0.
package struct GetLANConfiguration: IPMICommand {
  package static let networkFunction = NetworkFunction.transport
  package static let code: UInt8 = 0x02
  package static let name = "Get LAN Configuration Parameters"
  package static let privilege = PrivilegeLevel.operator
  package static let meanings: [UInt8: String] = [0x80: "the BMC does not have this parameter"]

  package var channel: UInt8
  package var parameter: LANParameter

  package init(channel: UInt8, _ parameter: LANParameter) {
    self.channel = channel
    self.parameter = parameter
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    channel = try reader.readUInt8("channel") & 0x0f
    parameter = LANParameter(rawValue: try reader.readUInt8("parameter"))
    try reader.skip(2, "selectors")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write([channel & 0x0f, parameter.rawValue, 0, 0])
  }

  package struct Response: CommandData {
    package var revision: UInt8
    package var data: [UInt8]

    package init(revision: UInt8 = 0x11, data: [UInt8]) {
      self.revision = revision
      self.data = data
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      revision = try reader.readUInt8("parameter revision")
      data = Array(reader.readRest())
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(revision)
      writer.write(data)
    }
  }
}
