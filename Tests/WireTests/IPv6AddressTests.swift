/// Tests of Wire: IPv6 addresses and networks, and addresses of either version.

import Testing

@testable import Wire

@Suite struct IPv6AddressTests {
  /// RFC 5952 §1, §2 and §4: any spelling, and the one that is written.
  @Test(arguments: [
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
    ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
    ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("0:0:0:0:0:0:0:0", "::"),
    ("::", "::"),
    ("0:0:0:0:0:0:0:1", "::1"),
    ("1:0:0:0:0:0:0:0", "1::"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ("fe80::5054:ff:fe77:6", "fe80::5054:ff:fe77:6"),
    ("FF02::1:2", "ff02::1:2"),
    ("::13.1.68.3", "::d01:4403"),
    ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ("::ffff:c000:280", "::ffff:192.0.2.128"),
    ("::FFFF:192.0.2.128", "::ffff:192.0.2.128"),
    ("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ])
  func isWrittenInOneWay(_ text: String, _ canonical: String) throws {
    let address = try #require(IPv6Address(text))
    #expect(address.description == canonical)
    #expect(IPv6Address(canonical) == address)
    #expect(IPv6Address(bytes: address.bytes) == address)
  }

  @Test(arguments: [
    "", ":", ":::", "::::", "1", "1:2", "1::2::3", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", ":1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8:", ":1::2", "1::2:", "12345::", "00001::", "g::", "-1::", "+1::", "0x1::",
    "1.2.3.4", "1.2.3.4::", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "::01.2.3.4", "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0", "fe80::1/64", "[::1]", " ::1", "::1 ", "::1\n", "::１",
    "::\u{0}", "é::1",
  ])
  func whatIsNoAddressIsNone(_ text: String) {
    #expect(IPv6Address(text) == nil)
  }

  @Test func aLongTextIsRefusedAtOnce() {
    #expect(IPv6Address(String(repeating: "0:", count: 100_000)) == nil)
    #expect(IPv6Address("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255") != nil)
  }

  @Test func bytesAreExactlySixteen() {
    #expect(IPv6Address(bytes: [UInt8](repeating: 0, count: 15)) == nil)
    #expect(IPv6Address(bytes: [UInt8](repeating: 0, count: 17)) == nil)
    #expect(
      IPv6Address(bytes: [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        == IPv6Address(high: 0x2001_0db8_0000_0000, low: 1))
  }

  @Test(arguments: [
    ("fe80::1", true), ("febf::1", true), ("fec0::1", false), ("fe7f::1", false), ("::1", false),
  ])
  func linkLocalIsTenBits(_ text: String, _ isLinkLocal: Bool) {
    #expect(IPv6Address(text)?.isLinkLocal == isLinkLocal)
  }

  @Test func kindsAreToldApart() {
    #expect(IPv6Address("ff02::1:2")?.isMulticast == true)
    #expect(IPv6Address("fe02::1:2")?.isMulticast == false)
    #expect(IPv6Address.any.isUnspecified)
    #expect(!IPv6Address.loopback.isUnspecified)
    #expect(IPv6Address("::ffff:10.0.0.1")?.mappedIPv4 == IPv4Address(10, 0, 0, 1))
    #expect(IPv6Address("::fffe:10.0.0.1")?.mappedIPv4 == nil)
    #expect(IPv6Address("1::ffff:10.0.0.1")?.mappedIPv4 == nil)
  }

  /// RFC 4291 appendix A, and what OVMF has for 52:54:00:77:00:06.
  @Test func aHardwareAddressIsFoundInAnInterfaceIdentifier() {
    let mac = MACAddress(value: 0x5254_0077_0006)
    #expect(IPv6Address("fe80::5054:ff:fe77:6")?.hardware == mac)
    #expect(IPv6Address("fd77::3656:78ff:fe9a:bcde")?.hardware?.description == "34:56:78:9a:bc:de")
    #expect(IPv6Address("fd77::1e9")?.hardware == nil)
    #expect(IPv6Address("fe80::5054:fe:fe77:6")?.hardware == nil)
    // It would be a group's.
    #expect(IPv6Address("fe80::5354:ff:fe77:6")?.hardware == nil)
    #expect(IPv6Address("fe80::200:ff:fe00:0")?.hardware == nil)
  }
}

@Suite struct IPv6NetworkTests {
  @Test(arguments: [
    ("fd77::1", 64, "fd77::ffff:ffff:ffff:ffff", true), ("fd77::1", 64, "fd77:0:0:1::1", false),
    ("fd77::1", 63, "fd77:0:0:1::1", true), ("fd77::1", 0, "2001:db8::1", true),
    ("fd77::1", 128, "fd77::1", true), ("fd77::1", 128, "fd77::2", false),
    ("fd77::1", 127, "fd77::", true), ("fd77::1", 65, "fd77::8000:0:0:0", false),
    ("fd77::1", 65, "fd77::7fff:0:0:0", true), ("8000::", 1, "ffff::", true),
    ("8000::", 1, "7fff::", false),
  ])
  func containsWhatHasItsPrefix(
    _ address: String, _ length: Int, _ other: String, _ isInside: Bool
  ) throws {
    let network = IPv6Network(try #require(IPv6Address(address)), prefixLength: length)
    #expect(network.contains(try #require(IPv6Address(other))) == isInside)
  }

  @Test func lengthsOutOfRangeAreMended() {
    #expect(IPv6Network(.loopback, prefixLength: 200).description == "::1/128")
    #expect(IPv6Network(.loopback, prefixLength: -1).description == "::1/0")
  }
}

@Suite struct IPAddressTests {
  @Test func eitherVersionIsRead() {
    #expect(IPAddress("10.0.0.1") == .v4(IPv4Address(10, 0, 0, 1)))
    #expect(IPAddress("::1") == .v6(.loopback))
    #expect(IPAddress("::ffff:10.0.0.1") == .v4(IPv4Address(10, 0, 0, 1)))
    #expect(IPAddress("10.0.0") == nil)
    #expect(IPAddress("localhost") == nil)
  }

  @Test func aURLHasBracketsForIPv6() {
    #expect(IPAddress("10.0.0.1")?.urlHost == "10.0.0.1")
    #expect(IPAddress("fd77::2")?.urlHost == "[fd77::2]")
    #expect(Endpoint(IPv6Address.loopback, 547).description == "[::1]:547")
  }

  @Test(arguments: [
    ("10.0.0.1", true), ("0.0.0.1", false), ("224.0.0.1", false), ("255.255.255.255", false),
    ("fd77::1", true), ("::", false), ("ff02::1", false), ("fe80::1", true),
  ])
  func oneHostIsNoGroup(_ text: String, _ isOne: Bool) {
    #expect(IPAddress(text)?.isOfOneHost == isOne)
  }
}
