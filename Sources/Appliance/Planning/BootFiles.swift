/// Appliance: everything that can be fetched by TFTP.

import HTTPBoot
package import TFTP
package import Wire

/// In this order: programs of the executable and of Secure Boot, the operator's files, what is made for
/// the machine that asks, images.
package struct BootFiles: Sendable {
  package var loaders: BootLoaders
  package var addresses: MachineAddresses
  package var grub: GRUBScripts
  package var httpPort: Int
  /// The images directory, for a GRUB without HTTP.
  package var images: TFTPDirectory?
  /// Whether this machine, at this address, is to boot from its disk.
  ///
  /// Then shim does not get its GRUB: it ends with an error, and firmware goes on to the next boot
  /// entry (2 s later), which starts the disk as if there had been no network. GRUB itself could only
  /// end with success, after which OVMF opens its setup, or start the disk's boot program on a disk
  /// that firmware has not looked at yet, where a shim finds no file system ("Failed to find fs").
  package var goesToDisk: @Sendable (MACAddress, IPAddress) -> Bool

  package init(
    loaders: BootLoaders, addresses: MachineAddresses, grub: GRUBScripts, httpPort: Int,
    images: TFTPDirectory?,
    goesToDisk: @escaping @Sendable (MACAddress, IPAddress) -> Bool = { _, _ in false }
  ) {
    self.loaders = loaders
    self.addresses = addresses
    self.grub = grub
    self.httpPort = httpPort
    self.images = images
    self.goesToDisk = goesToDisk
  }

  /// Answers at once.
  package func file(for request: TFTPRequest) -> TFTPFile? {
    if loaders.secondStages.contains(request.name),
      let known = addresses.machine(at: request.client.address),
      goesToDisk(known, request.client.address)
    {
      return nil
    }
    if let file = loaders.file(named: request.name) { return file }
    if let text = script(for: request) { return TFTPFile(FileContents(Array(text.utf8))) }
    let below = "images/"
    guard request.name.hasPrefix(below) else { return nil }
    return images?.file(named: String(request.name.dropFirst(below.count)))
  }

  private func script(for request: TFTPRequest) -> String? {
    let (client, server) = (request.client.address, request.localAddress)
    let known = addresses.machine(at: client)
    let root = ServerRoot(address: server, port: httpPort).url
    // Current iPXE asks for this next to its own file and then at the top, before its DHCP.
    if request.name.split(separator: "/").last == "autoexec.ipxe" {
      return IPXEScript.chain(root: root, mac: known).text
    }
    switch GRUBRequest(request.name) {
    case .script(let mac): return grub.text(for: mac, at: client, asking: server)
    case .scriptOfAsker:
      return known.map { grub.text(for: $0, at: client, asking: server) }
        ?? GRUBScript(.chain(root: root), root: root, server: server, transport: .tftp).text
    case .moduleList:
      if let known { grub.expect(known, at: client, asking: server) }
      return nil
    case nil: return nil
    }
  }
}
