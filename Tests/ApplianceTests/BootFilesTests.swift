/// Tests of Appliance: everything that can be fetched by TFTP.

import DHCPProxy
import Foundation
import HTTPBoot
import Synchronization
import TFTP
import Testing
import Wire

@testable import Appliance

@Suite struct BootFilesTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)
  private let client = IPAddress.v4(IPv4Address(10, 0, 0, 50))
  private let server = IPAddress.v4(IPv4Address(10, 0, 0, 2))

  private func files(
    knowing: Bool = true, directory: String? = nil, images: String? = nil,
    decide: @escaping GRUBScripts.Decide = { _ in .localDisk }
  ) -> BootFiles {
    let addresses = MachineAddresses()
    if knowing { addresses.note(mac, client) }
    return BootFiles(
      loaders: BootLoaders(directory: directory), addresses: addresses,
      grub: GRUBScripts(httpPort: 8080, transport: .tftp, decide: decide), httpPort: 8080,
      images: images.map(TFTPDirectory.init(root:)))
  }

  private func text(_ files: BootFiles, _ name: String) -> String? {
    let file = files.file(
      for: TFTPRequest(
        name: name, originalName: name, client: Endpoint(client, 1070), localAddress: server,
        interface: nil))
    return file?.contents.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    let root = NSTemporaryDirectory() + "fino-files-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: root + "/debian", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    for name in ["autoexec.ipxe", "own.efi", "debian/vmlinuz"] {
      try Data(name.utf8).write(to: URL(filePath: "\(root)/\(name)"))
    }
    try body(root)
  }

  @Test func besideEveryLoaderStandsAScriptForTheMachineThatAsks() {
    for name in ["autoexec.ipxe", "boot/x64/autoexec.ipxe"] {
      #expect(
        text(files(), name)?.hasSuffix("chain http://10.0.0.2:8080/pxe/525400aa0001\n") == true)
      #expect(
        text(files(knowing: false), name)?
          .hasSuffix("chain http://10.0.0.2:8080/pxe/${netX/mac:hex}\n") == true)
    }
  }

  @Test func theOperatorsFilesComeFirst() throws {
    try withDirectory { root in
      let files = files(directory: root)
      #expect(text(files, "own.efi") == "own.efi")
      #expect(text(files, "autoexec.ipxe") == "autoexec.ipxe")
      #expect(files.loaders.loader(named: "own.efi") != nil)
      #expect(files.loaders.loader(named: "../own.efi") == nil)
      let rules = try LoaderRules([("arm64", "own.efi")])
      #expect(files.loaders.problems(with: rules).isEmpty)
    }
  }

  @Test func imagesAreBelowTheirOwnName() throws {
    try withDirectory { root in
      let files = files(images: root)
      #expect(text(files, "images/debian/vmlinuz") == "debian/vmlinuz")
      #expect(text(files, "debian/vmlinuz") == nil)
      #expect(text(files, "images/none") == nil)
    }
  }

  @Test func gRUBAsksAgainUntilTheDecisionIsThere() async throws {
    let asked = Mutex<[ScriptRequest]>([])
    let files = files { request in
      asked.withLock { $0.append(request) }
      return .localDisk
    }
    #expect(text(files, "grub/x86_64-efi/command.lst") == nil)
    var script = text(files, "grub/grub.cfg")
    for _ in 0..<500 where script?.contains("sleep 1\n") == true {
      try await Task.sleep(for: .milliseconds(10))
      script = text(files, "grub/grub.cfg-01-52-54-00-aa-00-01")
    }
    #expect(script?.contains("Fino: booting the local disk") == true)
    #expect(
      asked.withLock { $0 } == [
        ScriptRequest(mac: mac, client: client, root: "http://10.0.0.2:8080")
      ], "a decision claims a job, so it is made once")
  }

  @Test func aMachineThatIsNotKnownIsAskedForItsAddress() {
    #expect(
      text(files(knowing: false), "grub/grub.cfg")?
        .hasSuffix("configfile \"(tftp,10.0.0.2)/grub/grub.cfg-$net_default_mac\"\n") == true)
  }
}

@Suite struct MachineAddressesTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)

  @Test func aLeaseOrAQuestionFromAnAddressTellsWhoHasIt() {
    let addresses = MachineAddresses()
    let arrival = Arrival(
      interface: "eth0", local: IPv4Address(10, 0, 0, 2), port: .dhcp,
      source: Endpoint(IPAddress.any, 68))
    var client = BootClient(
      mac: mac, uuid: nil, architecture: .uefiX64, program: .pxe, xid: 1, address: .any)
    addresses.note(
      .leaseRequested(client, address: IPv4Address(10, 0, 0, 50), server: nil, arrival))
    addresses.note(.silent(client, reason: "", arrival))
    client.address = IPv4Address(10, 0, 0, 51)
    addresses.note(.silent(client, reason: "", arrival))
    #expect(addresses.machine(at: .v4(IPv4Address(10, 0, 0, 50))) == mac)
    #expect(addresses.machine(at: .v4(IPv4Address(10, 0, 0, 51))) == mac)
    #expect(addresses.machine(at: .any) == nil)
  }

  @Test func anAddressThatChangesHandsBelongsToTheLastOne() {
    let addresses = MachineAddresses()
    let address = IPAddress.v4(IPv4Address(10, 0, 0, 50))
    addresses.note(mac, address)
    addresses.note(MACAddress(value: 2), address)
    #expect(addresses.machine(at: address) == MACAddress(value: 2))
  }
}
