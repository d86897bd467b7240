/// ApplianceTests: what becomes a story, and what is only counted.

import DHCPProxy
import Foundation
import Inventory
import TFTP
import Testing
import Wire

@testable import Appliance

@Suite struct StorytellerTests {
  private let counters = Counters()
  private let directory: StoryDirectory

  init() throws { directory = try StoryDirectory() }

  /// A DISCOVER of 64-bit UEFI firmware.
  private func discover(_ mac: MACAddress) throws -> DHCPMessage {
    var bytes: [UInt8] = [1, 1, 6, 0, 1, 2, 3, 4, 0, 0, 0x80, 0]
    bytes += [UInt8](repeating: 0, count: 16)
    bytes += mac.bytes + [UInt8](repeating: 0, count: 10 + 64 + 128)
    bytes += [0x63, 0x82, 0x53, 0x63, 53, 1, 1, 93, 2, 0, 7]
    let vendorClass = Array("PXEClient:Arch:00007:UNDI:003016".utf8)
    bytes += [60, UInt8(vendorClass.count)] + vendorClass + [255]
    return try DHCPMessage(parsing: bytes)
  }

  private func asked(_ mac: MACAddress, silence: String? = nil) throws -> ProxyEvent {
    let message = try discover(mac)
    let arrival = Arrival(
      interface: "eth0", local: IPv4Address(10, 0, 0, 1), port: .dhcp,
      source: Endpoint(IPv4Address.any, 68))
    var memory = StrategyMemory()
    let decision = ProxyDecision.decide(
      message, arrival,
      plan: { _, _ in silence.map { .silence(reason: $0) } ?? .loader(file: "snponly.efi") },
      memory: &memory, rules: BootRules(), at: .now)
    switch decision {
    case .reply(let reply, let client, let plan):
      return .answered(question: message, client, plan, reply, arrival)
    case .silence(let client, let reason):
      return .silent(client, reason: reason, arrival)
    case .ignore(let reason): return .ignored(reason, arrival)
    case .leaseRequested(let client, let address, let server):
      return .leaseRequested(client, address: address, server: server, arrival)
    }
  }

  private func storyteller(
    _ settings: InventorySettings = InventorySettings(), known: Set<MACAddress> = [],
    at addresses: [IPAddress: MACAddress] = [:]
  ) throws -> Storyteller {
    Storyteller(
      journal: try Inventory.open(state: directory.path, settings: settings).boots,
      counters: counters, isKnown: { mac, _ in known.contains(mac) }, machine: { addresses[$0] })
  }

  private func mac(_ number: UInt64) -> MACAddress { MACAddress(value: 0x5254_0000_0000 + number) }

  private func count(_ name: String) -> Int {
    counters.all.first { $0.name == name }?.value ?? 0
  }

  @Test func `a question and its answer are two sentences`() async throws {
    let story = try storyteller()
    story.tell(try asked(mac(1)))
    let boot = try #require(try await story.journal.boots().first)
    #expect(boot.events.map(\.kind) == [.dhcpDiscover, .dhcpOffer])
    #expect(
      boot.events.first?.text == "UEFI x64 PXE firmware sent a DISCOVER to port 67 on eth0.")
    #expect(boot.events.last?.text.hasPrefix("Offered snponly.efi from 10.0.0.1: ") == true)
    #expect(boot.events.first?.details["port"] == "67")
    #expect(boot.events.last?.details["file"] == "snponly.efi")
    #expect(count("dhcp-discover") == 1)
    #expect(count("dhcp-offer") == 1)
  }

  @Test func `a silence is told once for each machine and reason`() async throws {
    let story = try storyteller()
    for reason in ["it is night", "it is night", "it is day"] {
      story.tell(try asked(mac(1), silence: reason))
      story.tell(try asked(mac(2), silence: reason))
    }
    let boots = try await story.journal.boots()
    #expect(boots.map(\.events.count) == [2, 2])
    #expect(boots.first?.events.first?.text.hasSuffix("got no answer: it is night.") == true)
    #expect(count("dhcp-ignored") == 6)
  }

  @Test func `in a flood known machines and those under way are told, and everything is counted`()
    async throws
  {
    let here = IPAddress.v4(IPv4Address(10, 0, 0, 9))
    let story = try storyteller(
      InventorySettings(eventsPerSecond: 0, eventsAtOnce: 20), known: [mac(1)], at: [here: mac(2)])
    story.tell(.scriptDisk, address: here, "Got its script.")
    for number in 100..<1100 { story.tell(try asked(mac(UInt64(number)))) }
    story.tell(try asked(mac(1)))
    story.tell(try asked(mac(2)))
    #expect(try await story.journal.boots(mac: mac(1)).first?.events.count == 2)
    #expect(try await story.journal.boots(mac: mac(2)).first?.events.count == 2)
    #expect(try await story.journal.boots(limit: 10_000).count == 3 + 9)
    #expect(count("dhcp-discover") == 1002)
    let shed = try #require(story.journal.takeShed())
    #expect(shed.events == 2 * (1000 - 9))
    #expect(abs(shed.machines - 991) < 30)
  }

  @Test func `a flood in a known machine's name is a stranger's`() async throws {
    let story = try storyteller(
      InventorySettings(eventsPerSecond: 0, eventsAtOnce: 1000), known: [mac(1), mac(2)])
    for _ in 0..<2000 { story.tell(try asked(mac(1))) }
    story.tell(try asked(mac(2)))
    #expect(try await story.journal.boots(mac: mac(2)).first?.events.count == 2)
  }

  @Test func `TFTP tells of the address, the journal finds the machine`() async throws {
    let story = try storyteller()
    func event(_ kind: TFTPEvent.Kind) -> TFTPEvent {
      TFTPEvent(
        kind: kind, client: Endpoint(IPv4Address(10, 0, 0, 9), 2070), file: "snponly.efi",
        localAddress: .v4(IPv4Address(10, 0, 0, 1)), interface: "eth0")
    }
    story.tell(event(.requested(mode: .octet, options: [])))
    story.tell(event(.probed))
    story.tell(
      event(
        .finished(
          TFTPTotals(
            bytes: 250_000, blocks: 171, retransmissions: 2, duration: .milliseconds(1500),
            lastAcknowledgment: true))))
    story.tell(event(.stranger))
    let events = try await story.journal.boots().first?.events
    #expect(events?.map(\.kind) == [.tftpProbe, .tftpFinished])
    #expect(
      events?.last?.text == "Has snponly.efi whole: 250.0 kB in 1.5 s, 2 packets sent again.")
    #expect(count("tftp-requests") == 1)
    #expect(count("tftp-other") == 1)
  }
}

/// A directory that goes with the test.
private final class StoryDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/fino-story-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
