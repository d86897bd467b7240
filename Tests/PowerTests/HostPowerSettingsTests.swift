/// PowerTests: from a host's parameters to its driver.

import IPMI
import Testing

@testable import Power

/// Stands where IPMI would be.
struct NamedDriver: PowerDriver {
  static let name = "ipmi"
  let target: String
  var queueKey: String { "ipmi://\(target)" }
  var failure: PowerError.Cause?
  /// Takes part in a test that counts.
  var asked: @Sendable (PowerRequest) -> Void = { _ in }

  func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    asked(request)
    if let failure { throw PowerError(target: target, cause: failure) }
    return PowerOutcome(
      target: target, driver: Self.name, request: request, before: .on, text: "done at \(target)")
  }
}

extension PowerDriverMaker {
  static let forTests = PowerDriverMaker(
    ipmi: { address, _ in NamedDriver(target: "\(address)") },
    commands: ["pdu": (try? CommandTemplate(["/bin/echo", "{action}"]))].compactMapValues(\.self))
}

struct HostPowerSettingsTests {
  private static let uuid = "00112233-4455-6677-8899-aabbccddeeff"

  private func driver(
    _ parameters: [String: String], host: String = uuid
  ) throws(HostPowerSettings.Problem) -> any PowerDriver {
    try HostPowerSettings(host: host) { parameters[$0] }.driver(.forTests)
  }

  @Test func everyDriverIsMade() throws {
    let ipmi = [
      "power_driver": "ipmi", "ipmi_host": "10.0.0.7", "ipmi_port": "9623", "ipmi_user": "root",
      "ipmi_password": "calvin",
    ]
    let cases: [([String: String], String, String)] = [
      (ipmi, "ipmi://10.0.0.7:9623", "10.0.0.7:9623"),
      (
        [
          "power_driver": "redfish", "redfish_host": "bmc7", "redfish_port": "8443",
          "redfish_user": "root", "redfish_password": "calvin", "redfish_system": "1",
        ], "redfish://bmc7:8443/1", "bmc7:8443"
      ),
      (
        ["power_driver": "libvirt", "libvirt_url": "qemu:///system"],
        "libvirt://qemu:///system \(Self.uuid)", "qemu:///system \(Self.uuid)"
      ),
      (
        [
          "power_driver": "libvirt", "libvirt_url": "qemu+tcp://h/system", "libvirt_domain": "pc7",
        ], "libvirt://qemu+tcp://h/system pc7", "qemu+tcp://h/system pc7"
      ),
      (
        [
          "power_driver": "vmware", "vmware_host": "vc", "vmware_user": "root",
          "vmware_password": "x",
        ], "vmware://vc/\(Self.uuid)", "vc \(Self.uuid)"
      ),
      (
        ["power_driver": "wol", "wol_mac": "52-54-00-00-00-07"], "wol://52:54:00:00:00:07",
        "52:54:00:00:00:07"
      ),
      (
        ["power_driver": "command", "power_command": "pdu", "command_address": "outlet 7"],
        "command://pdu/outlet 7", "outlet 7"
      ),
      (["power_driver": "dummy"], "dummy://\(Self.uuid)", Self.uuid),
    ]
    for (parameters, key, target) in cases {
      let driver = try driver(parameters)
      #expect(driver.queueKey == key)
      #expect(driver.target == target)
    }
    #expect(Set(cases.compactMap { $0.0["power_driver"] }) == Set(HostPowerSettings.drivers))
  }

  @Test func whatIsMissingOrWrongIsNamed() {
    let web = ["power_driver": "redfish", "redfish_host": "b", "redfish_user": "u"]
    let full = web.merging(["redfish_password": "Sesame-17"]) { $1 }
    let cases: [([String: String], HostPowerSettings.Problem)] = [
      ([:], .noDriver), (["power_driver": ""], .noDriver),
      (["power_driver": "xen"], .unknownDriver("xen")),
      (web, .missing(parameter: "redfish_password")),
      (["power_driver": "ipmi"], .missing(parameter: "ipmi_host")),
      (["power_driver": "libvirt"], .missing(parameter: "libvirt_url")),
      (["power_driver": "vmware"], .missing(parameter: "vmware_host")),
      (["power_driver": "wol"], .missing(parameter: "wol_mac")),
      (["power_driver": "command"], .missing(parameter: "power_command")),
    ]
    for (parameters, problem) in cases {
      #expect(throws: problem) { try driver(parameters) }
    }
    let wrong: [[String: String]] = [
      full.merging(["redfish_host": "a b"]) { $1 }, full.merging(["redfish_port": "0"]) { $1 },
      full.merging(["redfish_fingerprint": "abc"]) { $1 },
      full.merging(["redfish_auth": "digest"]) { $1 },
      ["power_driver": "libvirt", "libvirt_url": "qemu+ssh://h/system"],
      ["power_driver": "wol", "wol_mac": "ff:ff:ff:ff:ff:ff"],
      ["power_driver": "command", "power_command": "/bin/sh"],
    ]
    for parameters in wrong {
      let problem = #expect(throws: HostPowerSettings.Problem.self) { try driver(parameters) }
      guard case .wrong? = problem else {
        Issue.record("\(String(describing: problem))")
        continue
      }
      #expect("\(String(describing: problem))".contains("Sesame-17") == false)
    }
    #expect(throws: HostPowerSettings.Problem.self) {
      try driver(["power_driver": "libvirt", "libvirt_url": "qemu:///system"], host: "pc7")
    }
  }

  @Test func theKeyOfTheBMCIsRead() throws {
    let parameters = [
      "power_driver": "redfish", "ipmi_host": "10.0.0.7", "ipmi_user": "root",
      "ipmi_password": "calvin",
    ]
    func bmc(
      kg: String?
    ) throws(HostPowerSettings.Problem) -> (address: BMCAddress, login: IPMILogin) {
      let all = parameters.merging(["ipmi_kg": kg].compactMapValues(\.self)) { $1 }
      return try HostPowerSettings(host: Self.uuid) { all[$0] }.bmc()
    }
    #expect(try bmc(kg: nil).login.kg == nil)
    #expect(try bmc(kg: "").login.kg == nil)
    #expect(try bmc(kg: "0x4b67").login.kg == Secret("Kg"))
    #expect(try bmc(kg: "KgSecretKey-20-bytes").login.kg == Secret("KgSecretKey-20-bytes"))
    for wrong in ["0xzz", "KgSecretKey-21--bytes"] {
      let problem = #expect(throws: HostPowerSettings.Problem.self) { try bmc(kg: wrong) }
      #expect("\(String(describing: problem))".contains("ipmi_kg"))
      #expect(!"\(String(describing: problem))".contains(wrong))
    }
  }

  @Test func twoWaysToABMCAreUsedBoth() throws {
    let both = [
      "ipmi_host": "10.0.0.7", "ipmi_user": "root", "ipmi_password": "calvin",
      "redfish_host": "10.0.0.7",
    ]
    for name in ["ipmi", "redfish"] {
      let driver = try driver(both.merging(["power_driver": name]) { $1 })
      #expect(driver is FallbackDriver)
      #expect(driver.queueKey.hasPrefix("\(name)://"))
    }
  }
}
