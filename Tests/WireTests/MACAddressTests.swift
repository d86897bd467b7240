/// Tests of Wire: how people and machines write addresses.

import Testing
import Wire

@Suite struct MACAddressTests {
  @Test(arguments: [
    "52:54:00:aa:00:01", "52-54-00-AA-00-01", "5254.00aa.0001", "525400aa0001",
    " 52 54 00 aa 00 01 ",
  ])
  func allSpellingsAreOneMachine(_ text: String) throws {
    let mac = try #require(MACAddress(text))
    #expect(mac.value == 0x5254_00aa_0001)
    #expect(mac.description == "52:54:00:aa:00:01")
    #expect(mac.hyphenated == "52-54-00-aa-00-01")
    #expect(mac.plain == "525400aa0001")
    #expect(MACAddress(bytes: mac.bytes) == mac)
  }

  @Test(arguments: [
    "", "52:54:00:aa:00", "52:54:00:aa:00:01:02", "52:54:00:aa:00:0g", "5254 00aa 000é",
    "٥٢:54:00:aa:00:01",
  ])
  func whatIsNot12HexadecimalDigitsIsRefused(_ text: String) {
    #expect(MACAddress(text) == nil)
  }

  @Test func groupsAndZeroNameNoMachine() {
    #expect(!MACAddress.broadcast.isUnicast)
    #expect(!MACAddress(value: 0).isUnicast)
    #expect(MACAddress(value: 0x5254_00aa_0001).isUnicast)
  }
}

@Suite struct IPv4AddressTests {
  @Test func textAndBytes() throws {
    let address = try #require(IPv4Address("10.77.0.255"))
    #expect(address.bytes == [10, 77, 0, 255])
    #expect(address.description == "10.77.0.255")
    #expect(IPv4Address(bytes: address.bytes) == address)
    #expect(IPv4Address(bytes: ([9] + address.bytes)[1...]) == address)
    for wrong in [[], [10, 0, 0], [10, 0, 0, 1, 2]] as [[UInt8]] {
      #expect(IPv4Address(bytes: wrong) == nil)
      #expect(IPv4Address(bytes: wrong[...]) == nil)
    }
  }

  @Test(arguments: ["0.0.0.0", "10.0.0.1", "9.99.100.255", "255.255.255.255", "192.0.2.10"])
  func textThatIsWrittenIsTheDescription(_ text: String) throws {
    var writer = ByteWriter()
    try #require(IPv4Address(text)).encodeText(into: &writer)
    #expect(writer.bytes == Array(text.utf8))
  }

  @Test(arguments: ["", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.0.1", "10.0.0.+1", "::1"])
  func whatIsNoAddressIsRefused(_ text: String) {
    #expect(IPv4Address(text) == nil)
  }

  @Test func networks() {
    let network = IPv4Network(IPv4Address(10, 77, 0, 2), prefixLength: 24)
    #expect(network.contains(IPv4Address(10, 77, 0, 200)))
    #expect(!network.contains(IPv4Address(10, 77, 1, 1)))
    #expect(IPv4Network(.any, prefixLength: 0).contains(.broadcast))
    #expect(network.mask == IPv4Address(255, 255, 255, 0))
  }
}

@Suite struct SystemUUIDTests {
  /// Seen from OVMF and iPXE (Fixtures/captures/e13.pcap).
  @Test func option97IsLittleEndianInItsFirstThreeFields() throws {
    let raw = try #require(HexDump.parse("33221100554477668899aabbccddeeff"))
    let uuid = try #require(SystemUUID(smbios: raw))
    #expect(uuid.description == "00112233-4455-6677-8899-aabbccddeeff")
    #expect(SystemUUID("00112233-4455-6677-8899-AABBCCDDEEFF") == uuid)
    #expect(SystemUUID(smbios: ([7] + raw)[1...]) == uuid)
    #expect(SystemUUID(smbios: raw + [0]) == nil)
    #expect(uuid.bytes == (0...15).map { UInt8($0 * 0x11) })
    #expect(uuid.isIdentity)
  }

  @Test(arguments: [
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "03000200-0400-0500-0006-000700080009", "01020304-0102-0304-0102-030401020304",
  ])
  func fillersAreNoIdentity(_ text: String) throws {
    #expect(try #require(SystemUUID(text)).isIdentity == false)
  }

  @Test(arguments: ["", "0011", "00112233-4455-6677-8899-aabbccddeegg"])
  func whatIsNoUUIDIsRefused(_ text: String) {
    #expect(SystemUUID(text) == nil)
  }
}
