/// LabTests: boot entries as OVMF itself writes them.

import Testing
import Wire

@testable import Lab

@Suite struct UEFIBootOrderTests {
  private static let mac = MACAddress(value: 0x5254_0077_0002)
  /// Out of the variable store of Debian's OVMF 2022.11, which wrote these for the card and the disk
  /// of a machine of the laboratory: the file path lists of "UEFI PXEv4 (MAC:525400770002)" and of
  /// "UEFI Misc Device".
  private static let pxePath =
    "02010c00d041030a0000000001010600000203"
    + "0b250052540077000200000000000000000000000000000000000000000000000000"
    + "0001030c1b0000000000000000000000000000000000000000000000007fff0400"
  /// Of "UEFI HTTPv4" and "UEFI HTTPv6" of the same card: what follows the card's address.
  private static let httpNodes =
    "030c1b00" + String(repeating: "00", count: 23) + "031804007fff0400"
  private static let http6Nodes =
    "030d3c00" + String(repeating: "00", count: 39) + "40" + String(repeating: "00", count: 16)
    + "031804007fff0400"
  private static let diskPath = "02010c00d041030a000000000101060000037fff0400"

  @Test func devicePathsAreThoseOfTheFirmware() {
    var card = ByteWriter()
    UEFIDevicePath([
      .pciRoot(0), .pci(device: 2, function: 0), .mac(Self.mac), .ipv4,
    ]).encode(into: &card)
    #expect(HexDump.plain(card.bytes) == Self.pxePath)
    var disk = ByteWriter()
    UEFIDevicePath([.pciRoot(0), .pci(device: 3, function: 0)]).encode(into: &disk)
    #expect(HexDump.plain(disk.bytes) == Self.diskPath)
  }

  @Test func pathsOfHTTPBootAreThoseOfTheFirmware() {
    var http = ByteWriter()
    UEFIDevicePath([.ipv4, .uri]).encode(into: &http)
    #expect(HexDump.plain(http.bytes) == Self.httpNodes)
    var http6 = ByteWriter()
    UEFIDevicePath([.ipv6, .uri]).encode(into: &http6)
    #expect(HexDump.plain(http6.bytes) == Self.http6Nodes)
  }

  @Test func anEntryIsALoadOption() throws {
    let entry = UEFIBootOrder.Entry(
      "Disk", UEFIDevicePath([.pciRoot(0), .pci(device: 3, function: 0)]))
    #expect(
      HexDump.plain(try entry.encode())
        == "010000001600" + "4400690073006b000000" + Self.diskPath)
  }

  @Test func theOrderNamesEveryEntry() throws {
    var store = try UEFIVariableStore(parsing: UEFIVariableStoreTests.volume())
    let path = UEFIDevicePath([.pciRoot(0)])
    try UEFIBootOrder([.init("A", path), .init("B", path)]).write(into: &store)
    #expect(store.variables.map(\.name) == ["Boot0000", "Boot0001", "BootOrder", "Timeout"])
    #expect(store.value(of: "BootOrder") == [0, 0, 1, 0])
    #expect(store.value(of: "Timeout") == [0, 0])
    #expect(UEFIBootOrder.name(0x1a2) == "Boot01A2")
  }
}
