/// Power: from a host's parameters to its driver (Bergenholm's reserved parameters, and ours).

package import IPMI
import Wire

/// `power_driver` is one of `ipmi`, `redfish`, `libvirt`, `vmware`, `wol`, `command`, `dummy`.
///
/// What each reads; what stands in brackets may be missing:
/// - ipmi: `ipmi_host` [`ipmi_port`] `ipmi_user` `ipmi_password` [`ipmi_kg`, text or 0x…]
/// - redfish: `redfish_host` (with `http://` or `:port` where needed) [`redfish_port`]
///   `redfish_user` `redfish_password` (those of IPMI where they are missing) [`redfish_system`
///   `redfish_fingerprint` `redfish_auth`]; else the system with the host's `uuid`, or the only one
/// - libvirt: `libvirt_url` [`libvirt_domain`]; else the domain with the host's `uuid`
/// - vmware: `vmware_host` [`vmware_port`] `vmware_user` `vmware_password` [`vmware_fingerprint`];
///   the machine with the host's `uuid`
/// - wol: `wol_mac` [`wol_broadcast` `wol_port`]
/// - command: `power_command`, a name in the appliance's configuration [`command_address`
///   `command_user` `command_password`]
///
/// Where IPMI and Redfish are both there, the one that `power_driver` does not name is asked when
/// the other lets nobody in.
package struct HostPowerSettings {
  package enum Problem: Error, Equatable, Sendable {
    case missing(parameter: String)
    case noDriver
    case unknownDriver(String)
    /// And what is wrong with it.
    case wrong(parameter: String, String)
  }

  package static let drivers = [
    IPMIDriver.name, RedfishDriver.name, LibvirtDriver.name, VMwareDriver.name,
    WakeOnLANDriver.name, CommandDriver.name, AlwaysOnDriver.name,
  ]

  private let host: String
  private let parameters: (String) -> String?

  /// `parameters` gives the text of one of the host's parameters, secrets included.
  package init(host: String, parameters: @escaping (String) -> String?) {
    self.host = host
    self.parameters = parameters
  }

  package func driver(_ maker: PowerDriverMaker) throws(Problem) -> any PowerDriver {
    switch text("power_driver") {
    case nil: throw .noDriver
    case IPMIDriver.name?:
      let driver = try ipmi(maker)
      return falling(back: driver, to: text("redfish_host") == nil ? nil : try? redfish(maker))
    case RedfishDriver.name?:
      let driver = try redfish(maker)
      return falling(back: driver, to: text("ipmi_host") == nil ? nil : try? ipmi(maker))
    case LibvirtDriver.name?: return try libvirt()
    case VMwareDriver.name?: return try vmware(maker)
    case WakeOnLANDriver.name?: return try wakeOnLAN()
    case CommandDriver.name?: return try command(maker)
    case AlwaysOnDriver.name?: return AlwaysOnDriver(host)
    case let name?: throw .unknownDriver(name)
    }
  }

  private func falling(
    back first: any PowerDriver, to second: (any PowerDriver)?
  ) -> any PowerDriver {
    second.map { FallbackDriver(first, $0) } ?? first
  }

  private func ipmi(_ maker: PowerDriverMaker) throws(Problem) -> any PowerDriver {
    let bmc = try bmc()
    return maker.ipmi(bmc.address, bmc.login)
  }

  /// The host's BMC as IPMI reaches it, whatever its driver: consoles have no other way.
  package func bmc() throws(Problem) -> (address: BMCAddress, login: IPMILogin) {
    let name = try needed("ipmi_host")
    let port = try port("ipmi_port") ?? BMCAddress.standardPort
    let user = try needed("ipmi_user")
    let password = Secret(try needed("ipmi_password"))
    let address: BMCAddress
    do throws(IPMIError) {
      address = try BMCAddress(name, defaultPort: port)
    } catch {
      throw .wrong(parameter: "ipmi_host", "\(error)")
    }
    do throws(IPMIError) {
      return (
        address,
        try IPMILogin(
          username: user, password: password, kg: try text("ipmi_kg").map(Secret.init(kg:)))
      )
    } catch {
      let parameter =
        switch error {
        case .badKg, .tooLong(.kg, _): "ipmi_kg"
        case .tooLong(.password, _): "ipmi_password"
        default: "ipmi_user"
        }
      throw .wrong(parameter: parameter, "\(error)")
    }
  }

  private func redfish(_ maker: PowerDriverMaker) throws(Problem) -> RedfishDriver {
    let address = try webAddress("redfish_host", "redfish_port")
    let user = try needed("redfish_user", or: "ipmi_user")
    let password = try needed("redfish_password", or: "ipmi_password")
    let method = text("redfish_auth") ?? RedfishLogin.Method.auto.rawValue
    guard let method = RedfishLogin.Method(rawValue: method) else {
      throw .wrong(parameter: "redfish_auth", "it must be auto, session or basic")
    }
    return RedfishDriver(
      address, login: RedfishLogin(user: user, password: HiddenText(password), method: method),
      selection: RedfishSelection(system: text("redfish_system"), uuid: text("uuid") ?? host),
      trust: try trust("redfish_fingerprint"), clients: maker.web)
  }

  private func libvirt() throws(Problem) -> LibvirtDriver {
    let address: LibvirtAddress
    let url = try needed("libvirt_url")
    do throws(DriverError) {
      address = try LibvirtAddress(url)
    } catch {
      throw .wrong(parameter: "libvirt_url", "\(error)")
    }
    if let name = text("libvirt_domain") {
      return LibvirtDriver(address, machine: .name(name))
    }
    return LibvirtDriver(address, machine: .uuid(try uuid(instead: "libvirt_domain")))
  }

  private func vmware(_ maker: PowerDriverMaker) throws(Problem) -> VMwareDriver {
    VMwareDriver(
      try webAddress("vmware_host", "vmware_port"), user: try needed("vmware_user"),
      password: HiddenText(try needed("vmware_password")), uuid: try uuid(instead: nil),
      trust: try trust("vmware_fingerprint"), clients: maker.web)
  }

  private func wakeOnLAN() throws(Problem) -> WakeOnLANDriver {
    guard let machine = MACAddress(try needed("wol_mac")), machine.isUnicast else {
      throw .wrong(parameter: "wol_mac", "it is not the MAC address of a machine")
    }
    let broadcast = text("wol_broadcast") ?? "255.255.255.255"
    guard let destination = IPv4Address(broadcast) else {
      throw .wrong(parameter: "wol_broadcast", "it is not an IPv4 address")
    }
    return WakeOnLANDriver(
      machine, destination: destination,
      port: try port("wol_port") ?? WakeOnLANDriver.standardPort)
  }

  private func command(_ maker: PowerDriverMaker) throws(Problem) -> CommandDriver {
    let name = try needed("power_command")
    guard let template = maker.commands[name] else {
      throw .wrong(
        parameter: "power_command",
        "the appliance's configuration has no power command of that name")
    }
    return CommandDriver(
      name, template, host: host, address: text("command_address") ?? "",
      user: text("command_user") ?? "", password: text("command_password").map(HiddenText.init))
  }

  // MARK: Values

  private func text(_ name: String) -> String? {
    parameters(name).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func needed(_ name: String, or other: String = "") throws(Problem) -> String {
    guard let value = text(name) ?? text(other) else { throw .missing(parameter: name) }
    return value
  }

  private func port(_ name: String) throws(Problem) -> UInt16? {
    guard let text = text(name) else { return nil }
    guard let port = UInt16(text), port > 0 else {
      throw .wrong(parameter: name, "it is not a port number")
    }
    return port
  }

  private func webAddress(_ name: String, _ portName: String) throws(Problem) -> WebAddress {
    guard let address = WebAddress(try needed(name), port: try port(portName)) else {
      throw .wrong(parameter: name, "it is not an address, a host name or a URL without a path")
    }
    return address
  }

  private func trust(_ name: String) throws(Problem) -> CertificateTrust {
    guard let text = text(name) else { return .system }
    guard let fingerprint = CertificateFingerprint(text) else {
      throw .wrong(parameter: name, "it is not a SHA-256 fingerprint (64 hexadecimal digits)")
    }
    return .pinned(fingerprint)
  }

  /// The machine's own; `other` is what could name it instead.
  private func uuid(instead other: String?) throws(Problem) -> SystemUUID {
    guard let uuid = SystemUUID(text("uuid") ?? host) else {
      throw .wrong(
        parameter: "uuid",
        "the machine is found by it, and it is not a UUID" + (other.map { "; or set \($0)" } ?? ""))
    }
    return uuid
  }
}

extension HostPowerSettings.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let parameter): "no parameter “\(parameter)”"
    case .noDriver: "no parameter “power_driver”"
    case .unknownDriver(let name):
      "no power driver “\(name.oneLine(limit: 40))”; there are "
        + HostPowerSettings.drivers.joined(separator: ", ")
    case .wrong(let parameter, let why): "the parameter “\(parameter)” is wrong: \(why)"
    }
  }
}

/// What all hosts' drivers share.
package struct PowerDriverMaker: Sendable {
  /// IPMI needs the appliance's datagram loop.
  package var ipmi: @Sendable (BMCAddress, IPMILogin) -> any PowerDriver
  package var web: WebClients
  /// By their names in the configuration.
  package var commands: [String: CommandTemplate]

  package init(
    ipmi: @escaping @Sendable (BMCAddress, IPMILogin) -> any PowerDriver,
    web: WebClients = WebClients(), commands: [String: CommandTemplate] = [:]
  ) {
    self.ipmi = ipmi
    self.web = web
    self.commands = commands
  }
}
