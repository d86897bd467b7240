/// Lab: the virtual machine's parts: what QEMU is told, and the files that it is given.

internal import Wire

extension VirtualMachine {
  /// Where the parts sit on the PCI bus; UEFI's boot entries name these places.
  private static let networkSlot: UInt8 = 2
  private static let diskSlot: UInt8 = 3
  private static let randomSlot: UInt8 = 4

  private var disk: String { "\(directory)/disk" }
  private var firmwareVariables: String { "\(directory)/variables" }

  /// QEMU and its arguments, without the boot order, which the chassis adds.
  ///
  /// Emulated (TCG) on purpose: nested KVM hangs in SeaBIOS's iPXE ROM on some hosts.
  var emulator: [String] {
    var card =
      "\(networkCard.rawValue),netdev=net,mac=\(specification.mac),addr=\(Self.networkSlot)"
    var firmware: [String] = []
    if specification.firmware == .uefi {
      card += ",romfile="
      firmware = [
        "-drive",
        "if=pflash,unit=0,format=raw,readonly=on,file=\(Prerequisites.openFirmwareCode)",
        "-drive", "if=pflash,unit=1,format=raw,file=\(firmwareVariables)",
      ]
    }
    return [
      "qemu-system-x86_64", "-name", specification.name, "-no-user-config", "-nodefaults",
      "-machine", "q35,accel=tcg,graphics=off", "-cpu", "qemu64",
      "-m", "\(specification.memoryMiB)", "-uuid", "\(specification.uuid)", "-display", "none",
    ] + firmware + [
      "-netdev", "tap,id=net,ifname=\(tap),script=no,downscript=no", "-device", card,
      "-drive", "if=none,id=disk,format=raw,file=\(disk)",
      "-device", "virtio-blk-pci,drive=disk,addr=\(Self.diskSlot)",
      // EDK2 since 202405 sends no DHCP without a source of randomness.
      "-device", "virtio-rng-pci,addr=\(Self.randomSlot)",
      "-chardev", "file,id=console,append=on,path=\(console.file)", "-serial", "chardev:console",
      "-chardev", "pipe,id=monitor,path=\(directory)/monitor",
      "-mon", "chardev=monitor,mode=readline",
    ]
  }

  private var networkCard: MachineSpecification.NetworkCard {
    if case .bios(let card) = specification.firmware { card } else { .virtio }
  }

  func writeDisk() throws(LabError) {
    switch specification.firmware {
    case .bios:
      try BootDisk.writeBIOS(to: disk)
    case .uefi:
      try BootDisk.writeUEFI(to: disk)
      let template = try LabFile.read(Prerequisites.openFirmwareVariables)
      do {
        var store = try UEFIVariableStore(parsing: template)
        try bootOrder.write(into: &store)
        try LabFile.write(try store.encode(), to: firmwareVariables)
      } catch let error as WireError {
        throw LabError("\(Prerequisites.openFirmwareVariables): \(error)")
      } catch let error as LabError {
        throw error
      } catch {
        throw LabError("\(firmwareVariables): \(error)")
      }
    }
  }

  private var bootOrder: UEFIBootOrder {
    let card = UEFIDevicePath.Node.pci(device: Self.networkSlot, function: 0)
    let disk = UEFIDevicePath.Node.pci(device: Self.diskSlot, function: 0)
    return UEFIBootOrder([
      UEFIBootOrder.Entry(
        "PXE for IPv4", UEFIDevicePath([.pciRoot(0), card, .mac(specification.mac), .ipv4])),
      UEFIBootOrder.Entry("Disk", UEFIDevicePath([.pciRoot(0), disk])),
    ])
  }
}
