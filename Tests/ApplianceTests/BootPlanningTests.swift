/// Tests of Appliance: what a machine is told by DHCP.

import DHCPProxy
import Datagram
import Glibc
import HTTPBoot
import TFTP
import Testing
import Wire

@testable import Appliance

@Suite struct BootPlanningTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)

  private func plan(
    _ architecture: Architecture, _ program: BootClient.Program = .pxe,
    unknown: Settings.UnknownPolicy = .disk, hasJob: Bool = false, port: Int = 80,
    loaders: LoaderRules = .standard, own: String? = nil
  ) -> BootPlan {
    BootPlanning(
      httpPort: port, unknown: unknown, loaders: loaders, tftpOnly: [.shimX64],
      ownLoader: { _, _ in own }, isKnown: { _, _ in hasJob }
    ).plan(
      for: BootClient(
        mac: mac, uuid: nil, architecture: architecture, program: program, xid: 1, address: .any),
      Arrival(
        interface: "eth0", local: IPv4Address(10, 0, 0, 2), port: .dhcp,
        source: Endpoint(IPAddress.any, 68)))
  }

  @Test func loadersByPlatform() {
    #expect(plan(.bios) == .loader(file: "undionly.kpxe"))
    #expect(plan(.uefiX64) == .loader(file: "snponly.efi"))
    #expect(plan(.uefiEBC) == .loader(file: "snponly.efi"))
    #expect(
      plan(.uefiARM64) == .silence(reason: "there is no boot program for UEFI ARM64"))
    #expect(
      plan(.httpX64, .http) == .httpLoader(url: "http://10.0.0.2/boot/x64/snponly.efi"))
  }

  @Test func iPXEGetsItsOwnScript() {
    #expect(
      plan(.bios, .ipxe(speaksHTTP: true), port: 8080)
        == .script(url: "http://10.0.0.2:8080/pxe/525400aa0001"))
    #expect(plan(.bios, .ipxe(speaksHTTP: false)) == .loader(file: "undionly.kpxe"))
  }

  @Test func silentIsForMachinesWithoutAJob() {
    #expect(plan(.bios, unknown: .silent, hasJob: true) == .loader(file: "undionly.kpxe"))
    guard case .silence = plan(.bios, unknown: .silent) else {
      Issue.record("it was answered")
      return
    }
  }

  @Test func everyLoaderThatIsNamedIsInTheExecutable() throws {
    let loaders = BootLoaders()
    for name in LoaderRules.standard.files.map(\.text) {
      let file = try #require(loaders.file(named: name))
      #expect(file.contents.count > 50_000)
      #expect(loaders.file(named: name.uppercased())?.contents.count == file.contents.count)
      guard case .bytes(let bytes) = loaders.loader(named: name) else {
        Issue.record("\(name) is not to be had by HTTP")
        continue
      }
      #expect(bytes.count == file.contents.count)
    }
  }

  @Test func rulesAndRecordsDecide() throws {
    let rules = try LoaderRules([("arm64", "arm/64.efi")])
    #expect(plan(.uefiARM64, loaders: rules) == .loader(file: "arm/64.efi"))
    #expect(
      plan(.httpARM64, .http, loaders: rules)
        == .httpLoader(url: "http://10.0.0.2/boot/arm64/arm/64.efi"))
    #expect(plan(.uefiARM64, loaders: rules, own: "ipxe.efi") == .loader(file: "ipxe.efi"))
    #expect(
      plan(.uefiX64, own: "../x")
        == .silence(
          reason: "the parameter loader of its record, «../x», is not the name of a boot program: "
            + "it has an empty part, or «.» or «..»"))
    #expect(
      plan(.bios, .ipxe(speaksHTTP: true), own: "ipxe.efi")
        == .script(url: "http://10.0.0.2/pxe/525400aa0001"))
  }

  @Test func hTTPBootGetsWhatItCanStart() throws {
    #expect(
      plan(.httpX64, .http, own: "pxelinux.0")
        == .silence(
          reason: "its boot program pxelinux.0 is not for HTTP Boot: that takes .efi, .iso and .img"
        ))
    let signed = try LoaderRules([], signed: [.shimX64])
    #expect(
      plan(.httpX64, .http, loaders: signed)
        == .silence(
          reason: "the GRUB that shimx64.efi loads has no HTTP; its firmware's PXE entry works"))
    #expect(
      plan(.httpX64, .http, own: "a%2fb.efi")
        == .httpLoader(url: "http://10.0.0.2/boot/x64/a%252fb.efi"))
  }
}

@Suite struct ServedInterfacesTests {
  private let loopback = NetworkInterface(
    name: "lo", index: 1, isUp: true, isLoopback: true, mtu: 65_536,
    networks: [IPv4Network(.loopback, prefixLength: 8)])
  private let up = NetworkInterface(
    name: "eth0", index: 2, isUp: true, isLoopback: false, mtu: 1500,
    networks: [IPv4Network(IPv4Address(10, 0, 0, 2), prefixLength: 24)])
  private let bare = NetworkInterface(
    name: "eth1", index: 3, isUp: true, isLoopback: false, mtu: 1500, networks: [])

  @Test func byDefaultAllThatAreUpWithAnAddress() throws {
    #expect(try ServedInterfaces.choose([], from: [loopback, up, bare]) == [up])
    #expect(throws: ApplianceError.noInterface) {
      try ServedInterfaces.choose([], from: [loopback, bare])
    }
  }

  @Test func namedOnesMustWork() throws {
    #expect(try ServedInterfaces.choose(["lo", "lo"], from: [loopback, up]) == [loopback])
    #expect(throws: ApplianceError.unknownInterface("eth9", available: ["lo", "eth0"])) {
      try ServedInterfaces.choose(["eth9"], from: [loopback, up])
    }
    #expect(throws: ApplianceError.interfaceWithoutAddress("eth1")) {
      try ServedInterfaces.choose(["eth1"], from: [bare])
    }
  }
}

@Suite struct PortOwnerTests {
  @Test func aPortOfOursIsOurs() throws {
    let loop = try DatagramLoop(name: "test")
    defer { loop.shutdown() }
    // More than a page of the kernel's table.
    let others = try (0..<40).map { _ in
      try DatagramSocket.bind(on: loop, interface: nil, address: .loopback, port: 0) { _ in }
    }
    defer { for other in others { other.close() } }
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0
    ) { _ in }
    let owner = try #require(PortOwner(of: Int(socket.local.port), .udp))
    #expect(owner.processID == Int(getpid()))
    socket.close()
    #expect(PortOwner(of: 1, .tcp) == nil)
  }
}
