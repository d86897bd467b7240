/// Tests of Appliance: what shim and GRUB asked for on the wire, answered by today's files.

import Fixtures
import HTTPBoot
import PacketCapture
import Testing
import Wire

@testable import Appliance
@testable import TFTP

/// OVMF with Secure Boot, Debian 12's shim 16.1 and GRUB 2.06.
@Suite struct SignedChainTests {
  /// Names as they were sent, in order.
  private func requests(_ capture: String) throws -> [TFTPRequest] {
    try CaptureFile(parsing: Fixtures.bytes("captures/\(capture).pcap")).records
      .compactMap { try UDPFrame(parsing: $0.bytes) }
      .compactMap { frame in
        guard frame.destination.port == 69,
          case .read(_, let name) = TFTPAdmission(frame.payload, from: frame.source)
        else { return nil }
        return TFTPRequest(
          name: name.cleaned, originalName: name.cleaned, client: frame.source,
          localAddress: frame.destination.address, interface: nil)
      }
  }

  private func files(_ address: IPAddress) -> BootFiles {
    let addresses = MachineAddresses()
    addresses.note(MACAddress(value: 0x5254_00aa_0001), address)
    let signed = ["shimx64.efi", "grubx64.efi"].map { ($0, FileContents([1])) }
    return BootFiles(
      loaders: BootLoaders(signed: Dictionary(uniqueKeysWithValues: signed)),
      addresses: addresses,
      grub: GRUBScripts(httpPort: 80, transport: .tftp) { _ in .localDisk }, httpPort: 80,
      images: nil)
  }

  @Test func everythingThatTheChainNeedsIsThere() throws {
    let requests = try requests("sb-shim")
    let files = files(try #require(requests.first).client.address)
    let answers = requests.map { ($0.name, files.file(for: $0) != nil) }
    let expected = [
      // EDK2 asks for the size first.
      ("shimx64.efi", true), ("shimx64.efi", true),
      // shim's lists of what is revoked and its further certificates: there are none.
      ("revocations_sku.efi", false), ("revocations_sbat.efi", false),
      ("shim_certificate_0.efi", false),
      ("grubx64.efi", true),
      ("grub/x86_64-efi/command.lst", false), ("grub/x86_64-efi/fs.lst", false),
      ("grub/x86_64-efi/crypto.lst", false), ("grub/x86_64-efi/terminal.lst", false),
      ("grub/grub.cfg", true),
    ]
    #expect(answers.prefix(expected.count).map(\.0) == expected.map(\.0))
    #expect(answers.prefix(expected.count).map(\.1) == expected.map(\.1))
    #expect(
      answers.dropFirst(expected.count).map(\.0) == [
        "images/debian 12/vmlinuz", "images/debian 12/initrd.img",
      ])
  }

  /// An unsigned iPXE is fetched whole, and no other file after it.
  @Test func whatIsRefusedIsTheLastThingThatIsFetched() throws {
    #expect(try requests("sb-refused").map(\.name) == ["snponly.efi", "snponly.efi"])
  }
}
