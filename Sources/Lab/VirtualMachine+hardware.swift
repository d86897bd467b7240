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
    if let open = specification.firmware.openFirmware {
      card += ",romfile="
      firmware = [
        "-drive", "if=pflash,unit=0,format=raw,readonly=on,file=\(open.code)",
        "-drive", "if=pflash,unit=1,format=raw,file=\(firmwareVariables)",
      ]
      if case .open(_, let boot) = specification.firmware, boot.contains(.http6) {
        // HTTP Boot for IPv6 of OVMF 2022.11 gives up at once, without a SOLICIT, while its link-local
        // address may still be another's; PXE for IPv6 waits. So wait for a key, with the stack up.
        firmware += ["-boot", "menu=on,splash-time=6000"]
      }
    } else if specification.firmware == .biosChainload {
      firmware = ["-kernel", ChainloadScript.starter, "-initrd", chainloadScript]
    }
    return (specification.firmware.openFirmware ?? .x64).machine + [
      "-name", specification.name, "-no-user-config", "-nodefaults",
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

  private var chainloadScript: String { "\(directory)/chainload.ipxe" }

  private var networkCard: MachineSpecification.NetworkCard {
    if case .bios(let card) = specification.firmware { card } else { .virtio }
  }

  func writeDisk() throws(LabError) {
    switch specification.firmware {
    case .bios:
      try BootDisk.writeBIOS(to: disk)
    case .biosChainload:
      try BootDisk.writeBIOS(to: disk)
      try LabFile.write(ChainloadScript.text, to: chainloadScript)
    case .open(let firmware, let boot):
      try BootDisk.write(for: firmware, to: disk)
      try writeVariables(of: firmware, boot: boot)
    }
  }

  private func writeVariables(
    of firmware: OpenFirmware, boot: [MachineSpecification.NetworkBoot]
  ) throws(LabError) {
    do {
      var store =
        if firmware == .aarch64 {
          try UEFIVariableStore.emptyOfVirt()
        } else {
          try UEFIVariableStore(parsing: try LabFile.read(firmware.variables))
        }
      try bootOrder(boot).write(into: &store)
      try LabFile.write(try store.encode(), to: firmwareVariables)
      if firmware == .aarch64 {
        // QEMU's "virt" takes a flash of exactly this size.
        try ShortCommand.run(["truncate", "--size=64M", firmwareVariables])
      }
    } catch let error as WireError {
      throw LabError("\(firmware.variables): \(error)")
    } catch let error as LabError {
      throw error
    } catch {
      throw LabError("\(firmwareVariables): \(error)")
    }
  }

  private func bootOrder(_ boot: [MachineSpecification.NetworkBoot]) -> UEFIBootOrder {
    let card: [UEFIDevicePath.Node] = [
      .pciRoot(0), .pci(device: Self.networkSlot, function: 0), .mac(specification.mac),
    ]
    let disk = UEFIDevicePath([.pciRoot(0), .pci(device: Self.diskSlot, function: 0)])
    return UEFIBootOrder(
      boot.map { UEFIBootOrder.Entry($0.rawValue, UEFIDevicePath(card + $0.nodes)) } + [
        UEFIBootOrder.Entry("Disk", disk)
      ])
  }
}

extension MachineSpecification.NetworkBoot {
  /// What EDK2 hangs below the card.
  fileprivate var nodes: [UEFIDevicePath.Node] {
    switch self {
    case .pxe4: [.ipv4]
    case .http4: [.ipv4, .uri]
    case .pxe6: [.ipv6]
    case .http6: [.ipv6, .uri]
    }
  }
}
