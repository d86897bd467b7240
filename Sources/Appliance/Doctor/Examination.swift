/// Appliance: the doctor's round: everything that could keep machines from booting, before one does.

import Datagram
import Foundation
import Inventory
import Logging
import Wire

/// Changes nothing. What it sends: three DHCP questions of machines that do not exist, twice, on each
/// interface, and one status request to each BMC.
package struct Examination: Sendable {
  package struct Scope: Sendable {
    /// Whether the networks are asked.
    package var probes: Bool
    /// Whether BMCs are asked.
    package var asksPower: Bool

    package init(probes: Bool = true, asksPower: Bool = true) {
      self.probes = probes
      self.asksPower = asksPower
    }
  }

  private let settings: Settings
  private let scope: Scope
  private let interfaces: [NetworkInterface]
  private let rules: LoaderRules
  private let loaders: BootLoaders

  package init(_ settings: Settings, _ scope: Scope) throws {
    self.settings = settings
    self.scope = scope
    let all = try NetworkInterface.all()
    interfaces =
      settings.interfaces.isEmpty
      ? all.filter { $0.isUp && !$0.isLoopback && !$0.networks.isEmpty }
      : all.filter { settings.interfaces.contains($0.name) }
    let signed = settings.secureBoot ? try SecureBootFiles() : nil
    rules = try LoaderRules(settings.loaders, signed: signed?.programs ?? [])
    loaders = BootLoaders(directory: settings.tftpDirectory, signed: signed?.files ?? [:])
  }

  /// Lines for a DHCP server, with the address of the first interface.
  package func snippet(for server: DHCPSnippet.Server) throws(ApplianceError) -> String {
    guard let address = interfaces.first?.networks.first?.address else { throw .noInterface }
    return DHCPSnippet(address: address, httpPort: settings.httpPort, rules: rules)
      .text(for: server)
  }

  /// Tells each finding as it comes; a few seconds in all.
  package func run(_ tell: (Finding) -> Void) async throws {
    let status = (try? Data(contentsOf: URL(filePath: "/proc/self/status"))) ?? Data()
    PortCheck(settings: settings).findings.forEach(tell)
    RightsCheck(status: String(decoding: status, as: UTF8.self)).findings.forEach(tell)
    interfaces.flatMap(linkFindings).forEach(tell)
    firewallFindings.forEach(tell)
    tell(ClockCheck(now: Date(), isSynchronised: ClockCheck.kernelIsSynchronised).finding)
    LoaderCheck(rules: rules, loaders: loaders, secureBoot: settings.secureBoot)
      .findings.forEach(tell)
    ImageCheck(root: settings.images).findings.forEach(tell)
    let loop = try DatagramLoop(name: "fino-doctor")
    defer { loop.shutdown() }
    if scope.probes { await probe(loop).forEach(tell) }
    if scope.asksPower { try await askPower(loop, tell) }
  }

  private func linkFindings(_ interface: NetworkInterface) -> [Finding] {
    LinkCheck(interface: interface) { attribute in
      (try? String(contentsOfFile: "/sys/class/net/\(interface.name)/\(attribute)", encoding: .utf8))
        .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }.findings
  }

  private var firewallFindings: [Finding] {
    guard
      let document = SystemCommand.output(of: "nft", ["--json", "list", "ruleset"]),
      let rules = FirewallRules(nftables: document)
    else {
      return [
        Finding(
          "firewall", .note, "The packet filter can't be read: there is no nft, or no right to it.",
          remedy: "Install nftables (it reads iptables' rules too), or look by hand.")
      ]
    }
    return FirewallCheck(rules: rules, settings: settings, interfaces: interfaces.map(\.name))
      .findings
  }

  /// All interfaces at one time.
  private func probe(_ loop: DatagramLoop) async -> [Finding] {
    await withTaskGroup(of: (Int, [Finding]).self) { group in
      for (number, interface) in interfaces.enumerated() {
        group.addTask {
          let own = Set(interface.networks.map(\.address))
          do throws(SocketError) {
            let answers = try await NetworkProbe(interface: interface, loop: loop).answers()
            return (
              number, NetworkCheck(interface: interface.name, answers: answers, own: own).findings
            )
          } catch {
            return (
              number,
              [Finding("network", .warning, "\(interface.name) could not be asked: \(error).")]
            )
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  /// Of hosts in the state, where there is one already.
  private func askPower(_ loop: DatagramLoop, _ tell: (Finding) -> Void) async throws {
    guard FileManager.default.fileExists(atPath: settings.state + "/fino.db") else { return }
    let inventory = try Inventory.open(state: settings.state)
    let logger = Logger(label: "fino") { _ in SwiftLogNoOpLogHandler() }
    let power = HostPowering(
      catalogue: inventory.catalogue,
      control: PowerControl(loop: loop, logger: logger, settings: settings))
    await PowerCheck(
      hosts: inventory.catalogue.snapshot.hosts.names, power: power.api
    ).run(tell)
    await inventory.close()
  }
}
