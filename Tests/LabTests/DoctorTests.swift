/// LabTests: `fino doctor` on a network with real servers.

import Foundation
import NetworkLab
import Testing

@Suite struct DoctorTests {
  private struct Line: Decodable {
    var check: String
    var severity: String
    var text: String
  }

  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "fino-doctor-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func itFindsTheServersOfANetworkAndWhatIsInTheWay() async throws {
    try #require(NetworkNamespace.obstacle == nil)
    let (host, router) = (try NetworkNamespace("doctor"), try NetworkNamespace("router"))
    try host.connect("eth0", to: router, "eth0")
    try host.ip("address", "add", "10.77.0.2/24", "dev", "eth0")
    try router.ip("address", "add", "10.77.0.1/24", "dev", "eth0")
    let server = try await DHCPServerProgram.dnsmasq.start(in: router)
    try host.run("nft", "add table inet filter")
    try host.run("nft", "add chain inet filter input { type filter hook input priority 0; }")
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let examine = [
      RehearsalLab.binary, "doctor", "--json", "--state", "\(folder)/state", "--images", folder,
    ]

    let good = try lines(try host.run(examine))
    #expect(good.filter { $0.severity == "problem" }.isEmpty)
    #expect(
      good.map(\.text).contains("The DHCP server 10.77.0.1 gives addresses on eth0."))
    #expect(good.map(\.text).contains("Nobody else answers PXE on eth0."))
    #expect(good.map(\.text).contains("The packet filter lets boot services in on eth0."))

    // It ends with 1, and the shell says so on a line of its own.
    try host.run("nft", "add rule inet filter input udp dport 69 drop")
    let bad = try host.run(
      [
        "sh", "-c",
        #""$@" --no-probe; echo "{\"check\":\"exit\",\"severity\":\"$?\",\"text\":\"\"}""#,
        "sh",
      ] + examine)
    let found = try lines(bad)
    #expect(
      found.contains {
        $0.severity == "problem"
          && $0.text == "The chain «inet filter input» blocks TFTP (UDP 69) on eth0."
      })
    #expect(found.last?.severity == "1")
    withExtendedLifetime(server) {}
  }

  private func lines(_ output: String) throws -> [Line] {
    try output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
  }

  /// The servers themselves say whether they would take the lines.
  @Test func snippetsAreGoodConfigurations() throws {
    try #require(NetworkNamespace.obstacle == nil)
    let host = try NetworkNamespace("snippet")
    try host.ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
    try host.ip("address", "add", "10.77.0.2/24", "dev", "eth0")
    try host.ip("link", "set", "eth0", "up")
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func snippet(_ server: String) throws -> String {
      try host.run(RehearsalLab.binary, "doctor", "--interface", "eth0", "--snippet", server)
    }
    func write(_ text: String) throws -> String {
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/conf"))
      return "\(folder)/conf"
    }
    let range = "dhcp-range=10.77.0.9,10.77.0.99\n"
    try host.run("dnsmasq", "--test", "--conf-file=" + write(range + snippet("dnsmasq")))
    let subnet = "subnet 10.77.0.0 netmask 255.255.255.0 { range 10.77.0.9 10.77.0.99; }\n"
    try host.run("dhcpd", "-t", "-cf", write(snippet("dhcpd") + subnet))
    let head = "{ \"Dhcp4\": { \"interfaces-config\": { \"interfaces\": [] }, "
    try host.run("kea-dhcp4", "-t", write(head + snippet("kea") + "}}"))
    for server in ["mikrotik", "openwrt", "windows"] {
      let text = try snippet(server)
      #expect(text.contains("10.77.0.2") && text.contains("snponly.efi"))
    }
  }
}
