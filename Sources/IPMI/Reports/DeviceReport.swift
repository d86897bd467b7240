/// IPMI: which BMC this is, in words.

package struct DeviceReport: BMCReport {
  package var deviceID: UInt8
  package var deviceRevision: UInt8
  package var providesDeviceSDRs: Bool
  /// `9.8`: the second number has two binary-coded decimal digits.
  package var firmware: String
  /// `2.0`
  package var ipmiVersion: String
  /// An IANA enterprise number.
  package var manufacturer: UInt32
  package var manufacturerName: String?
  package var product: UInt16
  /// False while the firmware is being updated.
  package var isAvailable: Bool
  package var support: [String]
  /// Hexadecimal.
  package var auxiliaryFirmware: String?

  private static let supportNames = [
    "sensors", "sensor records (SDR)", "event log (SEL)", "inventory (FRU)", "event receiver",
    "event generator", "bridge", "chassis",
  ]

  /// Those that stand on most boards.
  private static let manufacturers: [UInt32: String] = [
    2: "IBM", 11: "HPE", 42: "Oracle/Sun", 116: "Hitachi", 119: "NEC", 343: "Intel", 674: "Dell",
    1734: "Nokia", 2011: "Huawei", 2623: "ASUS", 4163: "OpenIPMI", 5771: "Cisco", 6569: "Inventec",
    6653: "Tyan", 7244: "Quanta", 10368: "Fujitsu", 10876: "Supermicro", 15370: "Gigabyte",
    19046: "Lenovo", 20569: "Inspur", 28458: "Wistron", 49622: "ASRock Rack", 49769: "Mellanox",
  ]

  package init(_ response: GetDeviceID.Response) {
    deviceID = response.deviceID
    deviceRevision = response.revision & 0x0f
    providesDeviceSDRs = response.revision & 0x80 != 0
    firmware = "\(response.firmwareMajor & 0x7f).\(hex(response.firmwareMinor))"
    ipmiVersion = "\(response.ipmiVersion & 0x0f).\(response.ipmiVersion >> 4)"
    manufacturer = response.manufacturer & 0x0f_ffff
    manufacturerName = Self.manufacturers[manufacturer]
    product = response.product
    isAvailable = response.firmwareMajor & 0x80 == 0
    support = Self.supportNames.indices.filter { response.support & (1 << UInt8($0)) != 0 }
      .map { Self.supportNames[$0] }
    auxiliaryFirmware = response.auxiliary.isEmpty ? nil : hex(response.auxiliary)
  }

  package var lines: [String] {
    table([
      ("Device ID", "\(deviceID)"),
      ("Device Revision", "\(deviceRevision)"),
      ("Firmware Revision", firmware),
      ("IPMI Version", ipmiVersion),
      ("Manufacturer ID", "\(manufacturer)"),
      ("Manufacturer Name", manufacturerName),
      ("Product ID", "\(product) (0x\(hex(product, 4)))"),
      ("Device Available", yes(isAvailable)),
      ("Provides Device SDRs", yes(providesDeviceSDRs)),
      ("Device Support", support.joined(separator: ", ")),
      ("Aux Firmware Rev Info", auxiliaryFirmware),
    ])
  }
}

extension CommandExchange {
  package func deviceReport() async throws(IPMIError) -> DeviceReport {
    DeviceReport(try await run(GetDeviceID()))
  }
}
