/// Lab: what a virtual machine is made of.

package import Wire

package struct MachineSpecification: Sendable {
  package enum Firmware: Equatable, Sendable {
    /// SeaBIOS; the network card's option ROM is iPXE. PXE first, then the disk.
    case bios(NetworkCard = .virtio)
    /// OVMF; the network card has no ROM, so that EDK2's own PXE client asks. PXE for IPv4 first,
    /// then the disk.
    case uefi
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

  /// 768 MiB is enough to hold a kernel, an initrd of 100 MiB, and its unpacked files.
  package init(
    name: String, firmware: Firmware, mac: MACAddress, uuid: SystemUUID, memoryMiB: Int = 768
  ) {
    self.name = name
    self.firmware = firmware
    self.mac = mac
    self.uuid = uuid
    self.memoryMiB = memoryMiB
  }
}
