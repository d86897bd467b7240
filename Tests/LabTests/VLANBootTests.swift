/// LabTests: the appliance on VLAN interfaces, behind a switch's trunk.

import Lab
import PacketCapture
import Testing
import Wire

@Suite(
  .serialized,
  .enabled(if: VLANSite.obstacle == nil, "\(VLANSite.obstacle ?? "a trunk")"))
struct VLANBootTests {
  /// One card, VLANs 10 and 20 by their tags, and what has no tag belongs to nobody's interface.
  @Test func eachVLANIsServedOnItsOwnAndUntaggedFramesAreNot() async throws {
    let site = try await VLANSite.build(servesUntagged: false)
    defer { site.laboratory.stop() }
    let ten = try await site.machine("m10", .bios(), .vlan10, 0x5254_00aa_0010)
    let twenty = try await site.machine("m20", .uefi, .vlan20, 0x5254_00aa_0020)
    let plain = try await site.machine("m0", .bios(), .near, 0x5254_00aa_0000)

    // BIOS: its iPXE takes script, kernel and initrd by HTTP; installs once, then boots its disk.
    let answer = try await site.laboratory.reimage(
      ten, at: TrunkHost.url, location: VLANSite.location,
      options: "console=ttyS0 fino.marker=vlan10")
    // The machine is off: the job waits for it, whatever its BMC said.
    #expect([202, 502].contains(answer.status), "\(answer.body)")
    if try !ten.isOn() { try await ten.powerOn() }
    try await plain.powerOn()
    let line = try await ten.console.waitForLine(
      containing: InstallerImage.greeting, timeout: .seconds(150))
    #expect(line.text.contains("fino.marker=vlan10"))
    try await site.reachDisk(ten, after: line.end)
    try await site.reachDisk(plain)
    try plain.kill()
    try ten.kill()
    let installed = try await site.laboratory.boots(of: ten, at: TrunkHost.url)
    #expect(installed.contains { $0.contains("script-install") }, "\(installed)")

    // UEFI: the loader by TFTP.
    try await twenty.powerOn()
    try await site.reachDisk(twenty)
    let events = try await site.laboratory.boots(of: twenty, at: TrunkHost.url).last ?? []
    for kind in ["dhcp-offer", "tftp-finished", "script-disk"] {
      #expect(events.contains(kind), "no \(kind) in \(events)")
    }

    // Nobody told the machine without a VLAN anything, although its questions came.
    #expect(try await site.laboratory.boots(of: plain, at: TrunkHost.url) == [])
    let packets = try await site.finishedCapture()
    #expect(packets.questions(of: plain, vlan: nil) > 0)
    #expect(packets.questions(of: ten, vlan: 10) > 0)
    #expect(packets.questions(of: twenty, vlan: 20) > 0)
    try expectAnswersWhereTheyBelong(packets, in: TrunkHost.vlans)
    for (packet, ports, _) in packets.fromHost(vlan: nil) {
      #expect(ports.destination == 623, "\(packet.number) has no tag and asks no BMC")
    }
    // Debian's kernel takes the capture's filter.
    #expect(site.host.console.lines().allSatisfy { !$0.text.contains("are not kept") })
  }

  /// The kernel shows the card's own sockets the frames of its VLANs as well.
  @Test func theCardAndItsVLANsAreServedBesideEachOther() async throws {
    let site = try await VLANSite.build(servesUntagged: true)
    defer { site.laboratory.stop() }
    let segments: [LabSegment] = [.near, .vlan10, .vlan20]
    var machines: [VirtualMachine] = []
    for (number, segment) in segments.enumerated() {
      let machine = try await site.machine(
        "m\(number)", .bios(), segment, 0x5254_00aa_0000 + UInt64(number))
      try await machine.powerOn()
      machines.append(machine)
    }
    for machine in machines { try await site.reachDisk(machine) }
    for machine in machines {
      let events = try await site.laboratory.boots(of: machine, at: TrunkHost.url).last ?? []
      #expect(events.contains("script-disk"), "\(machine.specification.segment): \(events)")
    }
    let packets = try await site.finishedCapture()
    try expectAnswersWhereTheyBelong(packets, in: segments)
  }

  /// In each segment the appliance's host speaks from its address there, and names no other.
  private func expectAnswersWhereTheyBelong(_ packets: [Packet], in segments: [LabSegment]) throws {
    let hosts = try segments.map { try #require(TrunkHost.address(in: $0)) }
    for (segment, host) in zip(segments, hosts) {
      let others = hosts.filter { $0 != host }
      let answers = packets.fromHost(vlan: segment.vlan)
      #expect(!answers.isEmpty)
      for (packet, ports, payload) in answers {
        #expect(packet.source.v4 == host, "\(packet.number) in \(segment)")
        guard [67, 4011].contains(ports.source) else { continue }
        for other in others {
          #expect(!payload.has(other.bytes) && !payload.has(Array("\(other)".utf8)))
        }
      }
      // Without a lease: the appliance's, not those of udhcpd beside it.
      let offers = answers.filter { _, ports, payload in
        ports.source == 67 && payload.dropFirst(16).prefix(4).allSatisfy { $0 == 0 }
      }
      #expect(!offers.isEmpty, "nothing of the appliance in \(segment)")
    }
  }
}

/// A laboratory with a trunk, and the appliance on it.
private struct VLANSite {
  static let location = "debian"
  private static let layout = LabLayout(hasTrunk: true)

  /// Why such tests can't run here; nil when they can.
  static let obstacle: String? = {
    let missing = Prerequisites.check() + Prerequisites.check(layout)
    return missing.isEmpty ? nil : "missing: \(missing.map(\.description).joined(separator: ", "))"
  }()

  let laboratory: Laboratory
  let capture: TrafficCapture
  let host: TrunkHost

  static func build(servesUntagged: Bool) async throws -> VLANSite {
    let laboratory = try await Laboratory.start(layout)
    do {
      let capture = try await laboratory.capture(
        to: "\(laboratory.directory)/trunk.pcap", on: .trunk)
      return VLANSite(
        laboratory: laboratory, capture: capture,
        host: try await laboratory.startTrunkHost(
          binary: RehearsalLab.binary, password: BMCSimulator.password, location: location,
          servesUntagged: servesUntagged))
    } catch {
      laboratory.stop()
      throw error
    }
  }

  func machine(
    _ name: String, _ firmware: MachineSpecification.Firmware, _ segment: LabSegment,
    _ hardware: UInt64
  ) async throws -> VirtualMachine {
    let mac = MACAddress(value: hardware)
    let uuid = try #require(SystemUUID("00112233-4455-6677-8899-\(mac.plain)"))
    return try await laboratory.makeMachine(
      MachineSpecification(
        name: name, firmware: firmware, mac: mac, uuid: uuid, memoryMiB: 384, segment: segment))
  }

  func reachDisk(_ machine: VirtualMachine, after start: Int = 0) async throws {
    _ = try await machine.console.waitForLine(
      containing: BootDisk.greeting, after: start,
      timeout: machine.specification.firmware.openFirmware?.bootTime ?? .seconds(150))
  }

  /// All that passed the trunk.
  func finishedCapture() async throws -> [Packet] {
    await capture.stop()
    var reader = try CaptureReader(path: capture.file)
    var decoder = PacketDecoder()
    var packets: [Packet] = []
    while let frame = try reader.next() {
      if let packet = try? decoder.decode(frame) { packets.append(packet) }
    }
    return packets
  }
}

private typealias HostDatagram = (
  packet: Packet, ports: (source: UInt16, destination: UInt16), payload: ArraySlice<UInt8>
)

extension [Packet] {
  /// How often a machine asked for DHCP.
  fileprivate func questions(of machine: VirtualMachine, vlan: UInt16?) -> Int {
    count { packet in
      guard case .udp(_, 67, _, _) = packet.content, packet.vlan == vlan else { return false }
      return packet.sourceHardware == machine.specification.mac
    }
  }

  /// The UDP over IPv4 of the appliance's host.
  fileprivate func fromHost(vlan: UInt16?) -> [HostDatagram] {
    compactMap { packet in
      guard case .udp(let source, let destination, let payload, _) = packet.content,
        packet.vlan == vlan, packet.sourceHardware == TrunkHost.hardware,
        packet.source.v4 != nil
      else { return nil }
      return (packet, (source, destination), payload)
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func has(_ part: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: part) }
  }
}
