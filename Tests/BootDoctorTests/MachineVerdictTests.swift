/// BootDoctorTests: verdicts over several boots and several machines.

import BootDoctor
import DHCPProxy
import Testing
import Wire

@Suite struct MachineVerdictTests {
  typealias S = SampleBoot

  private static let one = SystemUUID("11111111-2222-3333-4444-555555555501")
  private static let two = SystemUUID("11111111-2222-3333-4444-555555555502")

  private func install(_ kernel: String) -> BootRecord {
    S.scripted(
      BootScript(kernel: kernel, initrds: ["initrd.img"]),
      [
        .http(S.request("/\(kernel)", at: 9, bytes: 8_000_000)),
        .http(S.request("/initrd.img", at: 10, bytes: 2_000_000)),
      ])
  }

  private func client(_ boots: [BootRecord]) -> ClientRecord {
    var client = ClientRecord(mac: S.machine)
    client.boots = boots
    return client
  }

  @Test func aMachineInstallsAgainAndAgain() {
    let loop = client([install("vmlinuz"), install("vmlinuz"), install("vmlinuz")])
    #expect(MachineVerdicts.installerLoop(loop)?.code == .installerLoop)
    var network = NetworkRecord()
    network.clients = [loop]
    #expect(network.verdicts()[0][2].map(\.code) == [.installerLoop])
  }

  @Test func twiceOrWithAnotherKernelIsNoLoop() {
    #expect(MachineVerdicts.installerLoop(client([install("a"), install("a")])) == nil)
    #expect(
      MachineVerdicts.installerLoop(client([install("a"), install("b"), install("a")])) == nil)
    let local = S.scripted(BootScript(leavesNetwork: true))
    #expect(MachineVerdicts.installerLoop(client([install("a"), local, local, local])) == nil)
  }

  @Test func twoMachinesHaveOneMACAddress() {
    func boot(_ uuid: SystemUUID?, _ second: Double) -> BootRecord {
      var boot = S.boot([.dhcp(S.exchange(at: second))])
      boot.uuid = uuid
      return boot
    }
    let mixed = client([boot(Self.one, 0), boot(Self.two, 10), boot(Self.one, 20)])
    #expect(MachineVerdicts.duplicateMAC(mixed)?.code == .duplicateMAC)
    // The board was changed once.
    let repaired = client([boot(Self.one, 0), boot(Self.two, 10), boot(Self.two, 20)])
    #expect(MachineVerdicts.duplicateMAC(repaired) == nil)
    let unknown = client([boot(Self.one, 0), boot(nil, 10), boot(Self.one, 20)])
    #expect(MachineVerdicts.duplicateMAC(unknown) == nil)
  }

  @Test func twoMachinesWithOneMACAddressAreSeenInOneBoot() {
    func asks(_ uuid: SystemUUID?, _ asker: DHCPExchange.Asker, at second: Double)
      -> BootRecord.Step
    {
      var exchange = S.exchange(asker, at: second)
      exchange.uuid = uuid
      return .dhcp(exchange)
    }
    let mixed = S.boot([
      asks(Self.one, .ipxe, at: 0), asks(Self.two, .ipxe, at: 5), asks(Self.one, .ipxe, at: 30),
    ])
    #expect(MachineVerdicts.duplicateMAC(client([mixed]))?.evidence == [1, 5001, 30001])
    // Firmware that tells its UUID in another byte order than iPXE does.
    let swapped = S.boot([
      asks(Self.one, .pxe, at: 0), asks(Self.two, .ipxe, at: 5), asks(Self.one, .pxe, at: 30),
    ])
    #expect(MachineVerdicts.duplicateMAC(client([swapped])) == nil)
  }

  @Test func twoMachinesHaveOneUUID() {
    func machine(_ mac: UInt64, from begin: Double) -> ClientRecord {
      var boot = S.boot([
        .dhcp(S.exchange(at: begin)), .transfer(S.transfer(at: begin + 2)),
        .http(S.request(at: begin + 20)),
      ])
      boot.uuid = Self.one
      var client = ClientRecord(mac: MACAddress(value: mac))
      client.boots = [boot]
      return client
    }
    let together = [machine(1, from: 0), machine(2, from: 5)]
    #expect(MachineVerdicts.doubledUUIDs(together)[1]?.code == .duplicateUUID)
    // One machine that tries its second interface after the first.
    let oneAfterAnother = [machine(1, from: 0), machine(2, from: 60)]
    #expect(MachineVerdicts.doubledUUIDs(oneAfterAnother).isEmpty)
  }

  @Test func aPoolIsUsedUpWhenOthersGotAddresses() {
    var served = client([S.boot([.dhcp(S.exchange()), .transfer(S.transfer())], until: 4)])
    served.mac = MACAddress(value: 9)
    let left = client([S.boot([.dhcp(S.asking(at: [0, 4, 12, 28]))], until: 40)])
    var network = NetworkRecord()
    network.clients = [served, left]
    #expect(network.verdicts()[1][0].map(\.code) == [.leaseExhausted])
    network.clients = [left]
    #expect(network.verdicts()[0][0].map(\.code) == [.noDHCPAnswer])
  }
}
