/// Lab: how a BIOS machine comes to load undionly.kpxe, although every ROM of QEMU is iPXE.

internal import Wire

/// The appliance gives an iPXE that speaks HTTP its script at once, and QEMU has no other PXE ROM than
/// iPXE. So the machine starts with Debian's ipxe.lkrn, as a kernel, with this script: it takes a
/// lease, asks no ProxyDHCP for a file, and starts the appliance's undionly.kpxe over TFTP.
///
/// What is real: undionly.kpxe of the appliance, its transfer by TFTP, its start over the PXE and
/// UNDI interface of another program, and all that it asks then. What is not: the DISCOVER of a PXE
/// ROM without iPXE, and port 4011. iPXE's DHCP always carries option 175, whatever `user-class`
/// says, so the appliance cannot be made to take it for a plain ROM.
enum ChainloadScript {
  /// A program of Debian's package ipxe that SeaBIOS starts as a Linux kernel.
  static let starter = "/boot/ipxe.lkrn"

  static var text: String {
    """
    #!ipxe
    dhcp
    chain tftp://\(LabHost.fino.address?.description ?? "")/undionly.kpxe

    """
  }
}
