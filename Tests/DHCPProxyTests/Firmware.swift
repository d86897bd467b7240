/// Tests of DHCPProxy: what firmware without a capture sends, hand-built from its sources and from reports.

/// One firmware's questions in the order of a boot.
struct Firmware: Sendable {
  struct Step: Sendable {
    var seconds: Int
    var port: UInt16 = 67
    /// The source port.
    var from: UInt16 = 68
    var bytes: [UInt8]
  }

  var name: String
  var steps: [Step]

  private static let pi3: [UInt8] = [0xb8, 0x27, 0xeb, 0x12, 0x34, 0x56]
  private static let pi4: [UInt8] = [0xdc, 0xa6, 0x32, 0x01, 0x02, 0x03]
  private static let address: [UInt8] = [10, 77, 0, 50]

  private static func edk2(_ name: String, _ architecture: UInt16) -> Firmware {
    // As OVMF's packets in fino-uefi.pcap, with another option 93: EDK2's UefiPxeBcDxe is one source
    // for all processors.
    let common: [(UInt8, [UInt8])] =
      pxeOptions(architecture) + [(94, [1, 3, 0]), (97, uuidOption), (57, [5, 0xc0])]
    let discover = BuiltDHCP(1, common).with { $0.flags = 0x8000 }
    let bootServer = BuiltDHCP(3, common).with {
      $0.xid = 0x9999_0001
      $0.ciaddr = address
    }
    return Firmware(
      name: name,
      steps: [
        Step(seconds: 0, bytes: discover.bytes),
        Step(seconds: 4, port: 4011, from: 4011, bytes: bootServer.bytes),
      ])
  }

  static let all: [Firmware] = [
    edk2("uefi-riscv64", 27), edk2("uefi-loongarch64", 39), edk2("uefi-arm64", 11),
    edk2("uefi-ebc", 9),
    Firmware(
      // U-Boot net/bootp.c: option 60 by CONFIG_BOOTP_VCI_STRING, 93 by CONFIG_BOOTP_PXE_CLIENTARCH,
      // its own file name in the header.
      name: "uboot-arm64",
      steps: [
        Step(
          seconds: 0,
          bytes: BuiltDHCP(1, [(57, [2, 0x40]), (93, [0, 22]), (60, text("U-Boot.armv8"))])
            .with { $0.file = text("boot.scr.uimg") }.bytes)
      ]),
    Firmware(
      // Raspberry Pi 3's ROM: no name of its own, 97 is the serial number four times (Raspberry Pi's
      // documentation of DHCP_OPTION97 tells the old format).
      name: "raspberry-pi-3",
      steps: [
        Step(
          seconds: 0,
          bytes: BuiltDHCP(
            1,
            pxeOptions(0, undi: "002001") + [
              (94, [1, 2, 1]),
              (
                97,
                [0] + [0x12, 0x34, 0x56, 0x78] + [0x12, 0x34, 0x56, 0x78]
                  + [0x12, 0x34, 0x56, 0x78] + [0x12, 0x34, 0x56, 0x78]
              ),
            ]
          ).with { $0.chaddr = pi3 }.bytes)
      ]),
    Firmware(
      // Raspberry Pi 4's EEPROM: 97 begins with RPi4, board revision, MAC address, serial number; its
      // REQUEST has no option 60.
      name: "raspberry-pi-4",
      steps: [
        Step(
          seconds: 0,
          bytes: BuiltDHCP(
            1,
            pxeOptions(0, undi: "002001") + [
              (94, [1, 2, 1]),
              (97, [0] + text("RPi4") + [0x11, 0x31, 0xc0, 0, 0x32, 1, 2, 3, 9, 8, 7, 6]),
            ]
          ).with { $0.chaddr = pi4 }.bytes),
        Step(
          seconds: 1,
          bytes: BuiltDHCP(
            3,
            [
              (50, address), (54, [10, 77, 0, 1]), (93, [0, 0]), (94, [1, 2, 1]),
              (97, [0] + text("RPi4") + [0x11, 0x31, 0xc0, 0, 0x32, 1, 2, 3, 9, 8, 7, 6]),
            ]
          ).with { $0.chaddr = pi4 }.bytes),
      ]),
    Firmware(
      // Intel Boot Agent with UNDI PXE-2.0 build 071: no option 97, and it asks port 4011 from port 68
      // whatever the offer says (pixiecore issues 21 and 132).
      name: "intel-boot-agent",
      steps: [
        Step(
          seconds: 0,
          bytes: BuiltDHCP(
            1, pxeOptions(0, undi: "002001") + [(94, [1, 2, 1])]
          ).with { $0.flags = 0x8000 }.bytes),
        Step(
          seconds: 3, port: 4011,
          bytes: BuiltDHCP(
            3,
            pxeOptions(0, undi: "002001") + [(94, [1, 2, 1]), (43, [71, 4, 0x80, 0, 0, 0, 255])]
          ).with { $0.ciaddr = address }.bytes),
      ]),
    Firmware(
      // A ROM that never gets on: the ladder.
      name: "bios-that-never-goes-on",
      steps: [0, 4, 12, 28, 60, 64, 72, 88, 120, 124].enumerated().map { index, seconds in
        Step(
          seconds: seconds,
          bytes: BuiltDHCP(1, pxeOptions(0, undi: "002001") + [(97, uuidOption)])
            .with { $0.xid = UInt32(index / 4) + 1 }.bytes)
      }),
    Firmware(
      // EDK2 with SendGUID (UefiPxeBc's own setting): the UUID in chaddr, the address in 61.
      name: "uefi-send-guid",
      steps: [
        Step(
          seconds: 0,
          bytes: BuiltDHCP(1, pxeOptions(7) + [(61, [1, 0x52, 0x54, 0, 0xaa, 0, 9])]).with {
            $0.hlen = 16
            $0.chaddr = Array(uuidOption.dropFirst())
          }.bytes)
      ]),
    Firmware(
      // Behind a relay agent with option 82 (RFC 3046).
      name: "relayed",
      steps: [
        Step(
          seconds: 0, from: 67,
          bytes: BuiltDHCP(
            1, pxeOptions(0) + [(97, uuidOption), (82, [1, 4, 1, 2, 3, 4, 2, 1, 9])]
          )
          .with { $0.giaddr = [10, 9, 0, 1] }.bytes)
      ]),
    Firmware(
      // gPXE and old iPXE builds with a length before the name (RFC 3004).
      name: "gpxe",
      steps: [
        Step(
          seconds: 0,
          bytes: BuiltDHCP(1, pxeOptions(0, undi: "002001") + [(77, [4] + text("gPXE"))]).bytes)
      ]),
    Firmware(
      // What is on the same network and wants nothing from us: Windows, BusyBox, an Intel Mac's
      // NetBoot (BSDP, by INFORM), Etherboot 5 as Xen 3 had it, systemd on a Raspberry Pi.
      name: "not-pxe",
      steps: [
        Step(seconds: 0, bytes: BuiltDHCP(1, [(60, text("MSFT 5.0"))]).bytes),
        Step(seconds: 1, bytes: BuiltDHCP(1, [(60, text("udhcp 1.30.1"))]).bytes),
        Step(
          seconds: 2,
          bytes: BuiltDHCP(8, [(60, text("AAPLBSDPC/i386/MacBookPro8,2")), (43, [1, 1, 1])])
            .with { $0.ciaddr = address }.bytes),
        Step(seconds: 3, bytes: BuiltDHCP(1, [(60, text("Etherboot-5.4"))]).bytes),
        Step(seconds: 4, bytes: BuiltDHCP(1).with { $0.chaddr = pi4 }.bytes),
      ]),
  ]
}

extension Firmware: CustomStringConvertible {
  var description: String { name }
}
