/// Lab: what a virtual machine is made of.

package import Wire

package struct MachineSpecification: Sendable {
  package enum Firmware: Equatable, Sendable {
    /// SeaBIOS; the network card's option ROM is iPXE. PXE first, then the disk.
    case bios(NetworkCard = .virtio)
    /// SeaBIOS as in `bios`, but it starts with an iPXE that asks nobody and fetches undionly.kpxe
    /// of the appliance by TFTP: see `ChainloadScript`.
    case biosChainload
    /// EDK2; the network card has no ROM, so that EDK2's own clients ask. The network boots in the
    /// order given, then the disk, and nothing else.
    case open(OpenFirmware, boot: [NetworkBoot])

    /// OVMF with PXE for IPv4, then the disk.
    package static let uefi = uefi(boot: [.pxe4])

    package static func uefi(boot: [NetworkBoot]) -> Firmware { .open(.x64, boot: boot) }

    package static func uefiIA32(boot: [NetworkBoot] = [.pxe4]) -> Firmware {
      .open(.ia32, boot: boot)
    }

    package static func aarch64(boot: [NetworkBoot] = [.pxe4]) -> Firmware {
      .open(.aarch64, boot: boot)
    }

    package static func secureBoot(boot: [NetworkBoot] = [.pxe4]) -> Firmware {
      .open(.secureBoot, boot: boot)
    }

    /// What lies beyond the prerequisites of every laboratory.
    package var openFirmware: OpenFirmware? {
      if case .open(let firmware, _) = self { firmware } else { nil }
    }
  }

  /// A way to boot over the network, as EDK2 makes four of them for each card.
  package enum NetworkBoot: String, CaseIterable, Sendable {
    case pxe4 = "PXE for IPv4"
    case http4 = "HTTP for IPv4"
    case pxe6 = "PXE for IPv6"
    case http6 = "HTTP for IPv6"
  }

  package enum NetworkCard: String, Sendable {
    case virtio = "virtio-net-pci"
    case e1000 = "e1000"
  }

  /// Letters and digits, at most eight: it names files and the machine's tap.
  package var name: String
  package var firmware: Firmware
  package var mac: MACAddress
  package var uuid: SystemUUID
  package var memoryMiB: Int
  package var segment: LabSegment

  /// 768 MiB is enough to hold a kernel, an initrd of 100 MiB, and its unpacked files.
  package init(
    name: String, firmware: Firmware, mac: MACAddress, uuid: SystemUUID, memoryMiB: Int = 768,
    segment: LabSegment = .near
  ) {
    self.name = name
    self.firmware = firmware
    self.mac = mac
    self.uuid = uuid
    self.memoryMiB = memoryMiB
    self.segment = segment
  }
}
