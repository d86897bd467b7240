/// IPMI: how a BMC is set up for its network, in words.

import Wire

package struct LANReport: BMCReport {
  package var channel: UInt8
  /// `static`, `DHCP`, `BIOS`, `other`.
  package var source: String?
  package var address: String?
  package var mask: String?
  package var mac: String?
  package var gateway: String?
  package var gatewayMAC: String?
  package var backupGateway: String?
  package var backupGatewayMAC: String?
  /// Nil: no tag.
  package var vlan: UInt16?
  package var vlanPriority: UInt8?
  package var community: String?
  package var cipherSuites: [UInt8]?
  /// By number of the suite: `user`, `admin`, …
  package var cipherPrivileges: [String]?

  /// Of `cipherSuites`; comes first.
  private var suiteCount: Int?

  private enum CodingKeys: CodingKey {
    case channel, source, address, mask, mac, gateway, gatewayMAC, backupGateway, backupGatewayMAC
    case vlan, vlanPriority, community, cipherSuites, cipherPrivileges
  }

  package init(channel: UInt8) { self.channel = channel }

  package mutating func note(_ parameter: LANParameter, _ data: [UInt8]) {
    switch parameter {
    case .ipAddress: address = Self.ipv4(data)
    case .subnetMask: mask = Self.ipv4(data)
    case .gateway: gateway = Self.ipv4(data)
    case .backupGateway: backupGateway = Self.ipv4(data)
    case .macAddress: mac = Self.mac(data)
    case .gatewayMAC: gatewayMAC = Self.mac(data)
    case .backupGatewayMAC: backupGatewayMAC = Self.mac(data)
    case .addressSource:
      let names = ["unspecified", "static", "DHCP", "BIOS", "other"]
      source = data.first.flatMap { index in
        names.indices.contains(Int(index & 0x0f)) ? names[Int(index & 0x0f)] : nil
      }
    case .community: community = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
    case .vlan:
      if data.count >= 2, data[1] & 0x80 != 0 {
        vlan = UInt16(data[0]) | UInt16(data[1] & 0x0f) << 8
      }
    case .vlanPriority: vlanPriority = data.first.map { $0 & 0x07 }
    case .cipherSuiteCount: suiteCount = Int((data.first ?? 0) & 0x1f)
    case .cipherSuites: cipherSuites = Array(data.dropFirst().prefix(suiteCount ?? 16))
    case .cipherPrivileges:
      let names = ["unused", "callback", "user", "operator", "admin", "OEM"]
      cipherPrivileges = data.dropFirst().flatMap { [$0 & 0x0f, $0 >> 4] }.map {
        names.indices.contains(Int($0)) ? names[Int($0)] : "?"
      }
    default: break
    }
  }

  private static func ipv4(_ data: [UInt8]) -> String? {
    data.count >= 4 ? data.prefix(4).map(String.init).joined(separator: ".") : nil
  }

  private static func mac(_ data: [UInt8]) -> String? {
    data.count >= 6 ? hex(data.prefix(6), ":") : nil
  }

  package var lines: [String] {
    table([
      ("Channel", "\(channel)"),
      ("IP Address Source", source),
      ("IP Address", address),
      ("Subnet Mask", mask),
      ("MAC Address", mac),
      ("SNMP Community String", community),
      ("Default Gateway IP", gateway),
      ("Default Gateway MAC", gatewayMAC),
      ("Backup Gateway IP", backupGateway),
      ("Backup Gateway MAC", backupGatewayMAC),
      ("802.1q VLAN ID", vlan.map { "\($0)" } ?? "disabled"),
      ("802.1q VLAN Priority", vlanPriority.map { "\($0)" }),
      ("RMCP+ Cipher Suites", cipherSuites.map { $0.map(String.init).joined(separator: ",") }),
      ("Cipher Suite Privilege", cipherSuites.flatMap { privileges($0) }),
    ])
  }

  /// `3=admin, 17=admin`: as many as there are suites, in their order.
  private func privileges(_ suites: [UInt8]) -> String? {
    cipherPrivileges.map { names in
      zip(suites, names).map { "\($0)=\($1)" }.joined(separator: ", ")
    }
  }
}

extension CommandExchange {
  /// The number of the channel that this session uses, or `given` where it is not nil.
  package func channelNumber(_ given: UInt8?) async throws(IPMIError) -> UInt8 {
    if let given { return given }
    let info = try await attempt(GetChannelInfo())
    // A BMC that does not tell takes "the one that is asked on".
    return (try? info.get().channel) ?? GetChannelInfo.current
  }

  /// Parameters that the BMC does not have are left out.
  package func lanReport(channel given: UInt8? = nil) async throws(IPMIError) -> LANReport {
    let channel = try await channelNumber(given)
    var report = LANReport(channel: channel)
    // This one every BMC must have: its error is the whole report's.
    let first = try await run(GetLANConfiguration(channel: channel, .ipAddress))
    report.note(.ipAddress, first.data)
    let others: [LANParameter] = [
      .addressSource, .subnetMask, .macAddress, .community, .gateway, .gatewayMAC, .backupGateway,
      .backupGatewayMAC, .vlan, .vlanPriority, .cipherSuiteCount, .cipherSuites, .cipherPrivileges,
    ]
    for parameter in others {
      let answer = try await attempt(GetLANConfiguration(channel: channel, parameter))
      if case .success(let response) = answer { report.note(parameter, response.data) }
    }
    return report
  }
}
