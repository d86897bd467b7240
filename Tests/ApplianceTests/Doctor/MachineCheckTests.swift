/// Tests of Appliance: the doctor on this machine: ports, rights, links, clock, programs, images.

import Datagram
import Foundation
import TFTP
import Testing
import Wire

@testable import Appliance

@Suite struct MachineCheckTests {
  private func settings(_ given: [String: [String]] = [:]) throws -> Settings {
    try SettingsReader(commandLine: given, file: nil).read()
  }

  private func owner(_ name: String) throws -> PortOwner {
    var owner = try #require(Self.anyOwner)
    owner.name = name
    owner.processID = 7
    return owner
  }

  /// A socket of this process, so that there is a value to change.
  private static let anyOwner: PortOwner? = {
    guard let loop = try? DatagramLoop(name: "fino-test"),
      let socket = try? DatagramSocket.bind(
        on: loop, interface: nil, address: .loopback, port: 0, receive: { _ in })
    else { return nil }
    defer { loop.shutdown() }
    return withExtendedLifetime(socket) { PortOwner(of: Int(socket.local.port), .udp) }
  }()

  @Test func ports() throws {
    let (dnsmasq, fino) = (try owner("dnsmasq"), try owner("fino"))
    let found = PortCheck(settings: try settings()) { port, _ in
      [67: dnsmasq, 69: dnsmasq, 80: fino][port]
    }.findings
    #expect(
      found.map { "\($0.severity): \($0.text)" } == [
        "note: UDP port 67 (DHCP) is held by dnsmasq (process 7): Fino hears the same questions "
          + "beside it.",
        "problem: UDP port 69 (TFTP) is held by dnsmasq (process 7).",
        "ok: UDP port 4011 (ProxyDHCP's second port) is free.",
        "ok: TCP port 80 (HTTP) is Fino's: it runs as process 7.",
      ])
    let bound = PortCheck(settings: try settings(["dhcp.port-67": ["bind"]])) { _, _ in dnsmasq }
    #expect(bound.findings.first?.severity == .problem)
  }

  @Test func rights() {
    #expect(
      RightsCheck(status: "Name:\tfino\nCapEff:\t000001ffffffffff\n").findings.map(\.severity)
        == [.ok])
    let lacking = RightsCheck(status: "CapEff:\t0000000000000400\n").findings
    #expect(lacking.map(\.severity) == [.problem])
    #expect(lacking.first?.text.contains("CAP_NET_RAW") == true)
    #expect(RightsCheck(status: "").findings.map(\.severity) == [.warning])
  }

  @Test func links() {
    var interface = NetworkInterface(
      name: "eth0", index: 2, isUp: true, isLoopback: false, mtu: 1500,
      networks: [IPv4Network(IPv4Address(value: 0x0a4d_0002), prefixLength: 24)])
    func texts(_ attributes: [String: String] = [:]) -> [String] {
      LinkCheck(interface: interface) { attributes[$0] }.findings
        .map { "\($0.severity): \($0.text)" }
    }
    #expect(
      texts(["carrier": "1", "duplex": "full", "speed": "1000"])
        == ["ok: eth0 is up with 10.77.0.2/24, MTU 1500, 1000 Mbit/s."])
    #expect(texts(["speed": "-1"]) == ["ok: eth0 is up with 10.77.0.2/24, MTU 1500."])
    interface.mtu = 1400
    #expect(
      texts(["carrier": "0", "duplex": "half"]).map { $0.prefix(7) } == [
        "problem", "warning", "warning",
      ])
    interface.networks = []
    #expect(texts() == ["problem: eth0 has no IPv4 address."])
    interface.isUp = false
    #expect(texts() == ["problem: eth0 is down."])
  }

  @Test func clocks() {
    let good = Date(timeIntervalSince1970: 1_790_000_000)
    #expect(ClockCheck(now: good, isSynchronised: true).finding.severity == .ok)
    #expect(ClockCheck(now: good, isSynchronised: false).finding.severity == .note)
    let reset = Date(timeIntervalSince1970: 0)
    #expect(ClockCheck(now: reset, isSynchronised: nil).finding.severity == .problem)
  }

  @Test func programsOfTheWrongProcessor() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let x64 = try #require(BootLoaders().file(named: "snponly.efi")?.contents)
    try x64.withUnsafeBytes { Data($0) }.write(to: URL(filePath: "\(folder)/arm64.efi"))
    try Data("<html>".utf8).write(to: URL(filePath: "\(folder)/page.efi"))
    let rules = try LoaderRules(
      [
        ("arm64", "arm64.efi"), ("ia32", "page.efi"), ("riscv64", "missing.efi"),
      ].map { (key: $0.0, value: $0.1) })
    let found = LoaderCheck(
      rules: rules, loaders: BootLoaders(directory: folder), secureBoot: true
    ).findings
    let lines = found.map { "\($0.severity): \($0.text)" }
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("problem: The boot program missing.efi"))
    #expect(
      lines[1]
        == "problem: The boot program arm64.efi is for x64, but «loaders» gives it to arm64 "
        + "machines.")
    #expect(lines[2].hasPrefix("problem: The boot program page.efi is no EFI program"))
    #expect(lines[3].hasPrefix("warning: snponly.efi: "), "Secure Boot takes no unsigned one")
    #expect(lines[4].hasPrefix("ok: undionly.kpxe: "))
  }

  @Test func images() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
    #expect(ImageCheck(root: folder).findings.map(\.severity) == [.note])
    for location in ["good", "half"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(location)", withIntermediateDirectories: true)
      try Data("k".utf8).write(to: URL(filePath: "\(folder)/\(location)/vmlinuz"))
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("i".utf8).write(to: URL(filePath: "\(folder)/good/initrd.img"))
    #expect(ImageCheck(root: folder).findings.map(\.severity) == [.ok, .warning])
    #expect(ImageCheck(root: "/dev/null").findings.map(\.severity) == [.problem])
  }
}
