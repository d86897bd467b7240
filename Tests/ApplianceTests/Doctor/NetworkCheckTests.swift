/// Tests of Appliance: who answers on a network, and what that means.

import DHCPProxy
import Fixtures
import Testing
import Wire

@testable import Appliance

@Suite struct NetworkCheckTests {
  private let own = IPv4Address(value: 0x0a4d_0002)
  private let router = IPv4Address(value: 0x0a4d_0001)
  private let other = IPv4Address(value: 0x0a4d_0009)

  /// What a server says to a question of the doctor's.
  private func answer(
    _ kind: ProbeQuestion.Kind, from server: IPv4Address, address: Bool = false,
    file: String = "", isProxy: Bool = false
  ) throws -> ProbeAnswer {
    var random = SeededRandom(seed: 5)
    let question = ProbeQuestion(kind, random: &random)
    var reply = question.message
    reply.op = .reply
    reply.yiaddr = address ? IPv4Address(value: 0x0a4d_0064) : .any
    var options = [
      DHCPOption(.messageType, [MessageType.offer.rawValue]),
      DHCPOption(.serverIdentifier, server.bytes),
    ]
    if isProxy { options.append(DHCPOption(.vendorClass, Array("PXEClient".utf8))) }
    if !file.isEmpty { options.append(DHCPOption(.bootFileName, Array(file.utf8))) }
    reply.options = DHCPOptions(options)
    // By the wire, as it comes.
    var writer = ByteWriter()
    reply.encode(into: &writer)
    return try #require(
      ProbeAnswer(try DHCPMessage(parsing: writer.bytes), to: [question]))
  }

  private func findings(_ answers: [ProbeAnswer]) -> [String] {
    NetworkCheck(interface: "eth0", answers: answers, own: [own]).findings
      .map { "\($0.severity): \($0.text)" }
  }

  @Test func aHealthyNetwork() throws {
    #expect(
      try findings([
        answer(.plain, from: router, address: true), answer(.bios, from: router, address: true),
        answer(.bios, from: own, file: "undionly.kpxe", isProxy: true),
      ]) == [
        "ok: The DHCP server 10.77.0.1 gives addresses on eth0.", "ok: Fino answers PXE on eth0.",
      ])
  }

  @Test func nobody() {
    #expect(
      findings([]) == [
        "warning: No DHCP server answered on eth0.", "ok: Nobody else answers PXE on eth0.",
      ])
  }

  @Test func twoDHCPServersAndAnotherPXEServer() throws {
    #expect(
      try findings([
        answer(.plain, from: router, address: true), answer(.plain, from: other, address: true),
        answer(.uefi, from: other, file: "grub.efi", isProxy: true),
        answer(.bios, from: IPv4Address(value: 0x0a4d_0007), isProxy: true),
      ]) == [
        "warning: 2 DHCP servers give addresses on eth0: 10.77.0.1, 10.77.0.9.",
        "warning: Another PXE server, 10.77.0.7, offers a boot menu on eth0.",
        "warning: The DHCP server 10.77.0.9 itself names «grub.efi» to boot on eth0.",
      ])
  }

  @Test func theQuestionIsABootClients() throws {
    var random = SeededRandom(seed: 6)
    let uefi = ProbeQuestion(.uefi, random: &random)
    let client = try BootClient(uefi.message)
    #expect(client.architecture == .uefiX64 && client.mac == uefi.mac && client.uuid != nil)
    #expect(uefi.mac.value >> 40 & 3 == 2, "locally administered, one machine's")
    #expect(uefi.message.wantsBroadcast)
    #expect(throws: BootClient.Refusal.self) {
      try BootClient(ProbeQuestion(.plain, random: &random).message)
    }
    #expect(ProbeAnswer(uefi.message, to: [uefi]) == nil, "a question is no answer")
  }
}
