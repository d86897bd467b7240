/// Tests of DHCPProxy: who is asking.

import Testing
import Wire

@testable import DHCPProxy

@Suite struct BootClientTests {
  private func client(_ built: BuiltDHCP) throws -> BootClient {
    try BootClient(DHCPMessage(parsing: built.bytes))
  }

  private func refusal(_ built: BuiltDHCP) throws -> BootClient.Refusal? {
    let message = try DHCPMessage(parsing: built.bytes)
    do throws(BootClient.Refusal) {
      _ = try BootClient(message)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      (0, .bios), (6, .uefi), (7, .uefi), (9, .uefi), (10, .uefi), (11, .uefi), (27, .uefi),
      (39, .uefi), (2, .uefi), (21, .uBoot), (22, .uBoot), (41, .raspberryPi), (12, .other),
      (31, .other), (5, .other), (77, .other),
    ] as [(UInt16, FirmwareFamily)])
  func familiesByArchitecture(_ architecture: UInt16, _ family: FirmwareFamily) throws {
    #expect(try client(BuiltDHCP(1, pxeOptions(architecture))).family == family)
  }

  @Test func onlyTheBeginningOfOption60Counts() throws {
    for name in ["PXEClient", "PXEClient\0", "PXEClient:Arch:00000", "PXEClientX"] {
      #expect(try client(BuiltDHCP(1, [(60, text(name)), (93, [0, 0])])).family == .bios)
    }
    #expect(
      try client(BuiltDHCP(1, [(60, text("HTTPClient")), (93, [0, 16])])).family == .httpBoot)
    for name in ["PXEClien", "pxeclient", "HTTPClien", "", " PXEClient"] {
      #expect(
        try refusal(BuiltDHCP(1, [(60, text(name)), (93, [0, 0])]))
          == .otherVendorClass(text(name)))
    }
    // Two pieces are one value (RFC 3396).
    let split = BuiltDHCP(1, [(60, text("PXECl")), (93, [0]), (60, text("ient")), (93, [7])])
    #expect(try client(split).architecture == .uefiX64)
  }

  @Test func aForeignOption60IsShownWithoutControlCharacters() throws {
    let name = text("evil\n\u{1b}[2J") + [UInt8](repeating: 0x41, count: 100)
    let refusal = try #require(try refusal(BuiltDHCP(1, [(60, name)])))
    #expect(
      refusal.description.hasPrefix("it does not ask for network boot (option 60 is «evil..[2JA"))
    #expect(refusal.description.utf8.count < 120)
  }

  @Test func theArchitectureMayComeFromTheText() throws {
    let words = (UInt8(60), text("PXEClient:Arch:00027:UNDI:003000"))
    for codes in [nil, [], [0], [0, 7, 0]] as [[UInt8]?] {
      let options: [(UInt8, [UInt8])] = codes.map { [words, (UInt8(93), $0)] } ?? [words]
      #expect(try client(BuiltDHCP(1, options)).architecture == .uefiRISCV64)
    }
    #expect(try refusal(BuiltDHCP(1, [(60, text("PXEClient"))])) == .unknownArchitecture)
  }

  @Test(
    arguments: [
      [], uuidOption, [1] + uuidOption.dropFirst(), [0], Array(uuidOption.dropLast()),
      uuidOption + [1],
    ] as [[UInt8]])
  func option97MayBeAnything(_ value: [UInt8]) throws {
    let client = try client(BuiltDHCP(1, pxeOptions(0) + [(97, value)]))
    #expect(
      client.uuid?.description
        == (value.count == 17 ? "00112233-4455-6677-8899-aabbccddeeff" : nil))
    #expect(try self.client(BuiltDHCP(1, pxeOptions(0))).uuid == nil)
  }

  // MARK: iPXE

  @Test(
    arguments: [
      text("iPXE"), text("gPXE"), [4] + text("iPXE"), [3] + text("foo") + [4] + text("iPXE"),
    ] as [[UInt8]])
  func userClassesOfIPXE(_ value: [UInt8]) throws {
    let client = try client(BuiltDHCP(1, pxeOptions(7) + [(77, value)]))
    #expect(client.family == .ipxe)
    #expect(client.program == .ipxe(speaksHTTP: true))
  }

  @Test(
    arguments: [
      [], text("ipxe"), text("acme"), [9] + text("iPXE"), [4, 0x69],
      Array((0..<63).flatMap { _ in text("iPXE") }),
    ] as [[UInt8]])
  func otherUserClassesAreFirmware(_ value: [UInt8]) throws {
    #expect(try client(BuiltDHCP(1, pxeOptions(7) + [(77, value)])).family == .uefi)
    // A foreign 77 that iPXE echoes hides its name; 175 tells.
    let options = pxeOptions(7) + [(77, value), (175, [0x13, 1, 1])]
    #expect(try client(BuiltDHCP(1, options)).program == .ipxe(speaksHTTP: true))
  }

  @Test(
    arguments: [
      ([0x13, 1, 1], true), ([0x15, 1, 1], false), ([0x13, 1, 0], false), ([0xb1, 1, 1], true),
      ([0x13], true), ([0x13, 9, 1], true), ([], true),
    ] as [([UInt8], Bool)])
  func featuresOfIPXE(_ value: [UInt8], _ speaksHTTP: Bool) throws {
    let client = try client(BuiltDHCP(1, pxeOptions(0) + [(175, value)]))
    #expect(client.program == .ipxe(speaksHTTP: speaksHTTP))
  }

  // MARK: Raspberry Pi

  @Test func aPiIsKnownByItsMakerOrByItsUUID() throws {
    let pi = pxeOptions(0, undi: "002001")
    for maker in [[0xb8, 0x27, 0xeb], [0xdc, 0xa6, 0x32], [0x2c, 0xcf, 0x67]] as [[UInt8]] {
      let built = BuiltDHCP(1, pi).with { $0.chaddr = maker + [1, 2, 3] }
      #expect(try client(built).family == .raspberryPi)
      // A UEFI on a Pi is a UEFI, and iPXE on it iPXE.
      let uefi = BuiltDHCP(1, pxeOptions(11)).with { $0.chaddr = maker + [1, 2, 3] }
      #expect(try client(uefi).family == .uefi)
    }
    let serial: [UInt8] = [0x10, 0x20, 0x30, 0x40]
    let rest = [UInt8](repeating: 9, count: 12)
    for uuid in [
      [0] + serial + serial + serial + serial, [0] + text("RPi4") + rest, [0] + text("RPi5") + rest,
      [0, 0x80, 0x01, 0x75, 0x90] + rest, [0, 0x90, 0x75, 0x01, 0x80] + rest,
    ] {
      #expect(try client(BuiltDHCP(1, pi + [(97, uuid)])).family == .raspberryPi)
    }
    for filler in [0, 0xff, 0x20] as [UInt8] {
      let uuid = [0] + [UInt8](repeating: filler, count: 16)
      #expect(try client(BuiltDHCP(1, pi + [(97, uuid)])).family == .bios)
    }
  }

  @Test func aPi4sREQUESTHasNoOption60AndItsSystemNeither() throws {
    let request = BuiltDHCP(3, [(93, [0, 0])]).with { $0.chaddr = [0xdc, 0xa6, 0x32, 1, 2, 3] }
    #expect(try client(request).family == .raspberryPi)
    let system = BuiltDHCP(1).with { $0.chaddr = [0xdc, 0xa6, 0x32, 1, 2, 3] }
    #expect(try refusal(system) == .noVendorClass)
    #expect(try refusal(BuiltDHCP(3, [(93, [0, 0])])) == .noVendorClass)
  }

  // MARK: U-Boot

  @Test(
    arguments: [
      ("U-Boot.armv8", nil, .uBootARM64), ("U-Boot.armv7", nil, .uBootARM32),
      ("U-Boot.arm", nil, .uBootARM32), ("U-Boot", [0, 27], .uefiRISCV64), ("U-Boot", nil, nil),
    ] as [(String, [UInt8]?, Architecture?)])
  func uBootByItsClass(_ name: String, _ codes: [UInt8]?, _ architecture: Architecture?) throws {
    let options: [(UInt8, [UInt8])] = codes.map { [(UInt8(93), $0)] } ?? []
    let built = BuiltDHCP(1, options + [(60, text(name))])
    guard let architecture else {
      #expect(try refusal(built) == .unknownArchitecture)
      return
    }
    #expect(try client(built).architecture == architecture)
    #expect(try client(built).family == .uBoot)
  }

  // MARK: Hardware addresses

  @Test func aUUIDInChaddrNeedsOption61() throws {
    let guid = BuiltDHCP(1, pxeOptions(7)).with {
      $0.hlen = 16
      $0.chaddr = Array(uuidOption.dropFirst())
    }
    #expect(try refusal(guid) == .hiddenAddress)
    let named = guid.with { $0.options.append((61, [1, 0x52, 0x54, 0, 1, 2, 3])) }
    let client = try client(named)
    #expect(client.mac == MACAddress(value: 0x5254_0001_0203))
    #expect(client.uuid?.description == "00112233-4455-6677-8899-aabbccddeeff")
    for identifier in [[], [1], [0, 1, 2, 3, 4, 5, 6], [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]
      as [[UInt8]]
    {
      let built = guid.with { $0.options.append((61, identifier)) }
      #expect(try refusal(built) == .hiddenAddress)
    }
  }

  @Test func addressesThatAreNoMachines() throws {
    for hlen in [0, 5, 7, 17, 255] as [UInt8] {
      #expect(try refusal(BuiltDHCP(1, pxeOptions(0)).with { $0.hlen = hlen }) == .notEthernet)
    }
    for htype in [0, 32, 255] as [UInt8] {
      #expect(try refusal(BuiltDHCP(1, pxeOptions(0)).with { $0.htype = htype }) == .notEthernet)
    }
    for mac in [[0, 0, 0, 0, 0, 0], [1, 0, 0x5e, 0, 0, 1], [255, 255, 255, 255, 255, 255]]
      as [[UInt8]]
    {
      #expect(try refusal(BuiltDHCP(1, pxeOptions(0)).with { $0.chaddr = mac }) == .notEthernet)
    }
  }
}
