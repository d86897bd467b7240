/// Lab: how UEFI names a device, from the root bridge down to it.

package import Wire

/// UEFI 2.10 §10.3. Each node: Type, SubType, Length (2, little endian, with these four), data.
package struct UEFIDevicePath: Equatable, Sendable {
  package enum Node: Equatable, Sendable {
    /// §10.3.3: ACPI name PNP0A03, the PCI root bridge with this UID.
    case pciRoot(UInt32)
    /// §10.3.2.1
    case pci(device: UInt8, function: UInt8)
    /// §10.3.4.12, interface type 1 (Ethernet).
    case mac(MACAddress)
    /// §10.3.4.13, all zero: whatever DHCP says. EDK2 hangs PXE for IPv4 here.
    case ipv4
    /// §10.3.4.14, as EDK2 2022.11 writes it: all zero but PrefixLength 64.
    case ipv6
    /// §10.3.4.23 without a URI: HTTP Boot, whatever DHCP names.
    case uri

    fileprivate var encoded: (type: UInt8, subType: UInt8, data: [UInt8]) {
      switch self {
      case .pciRoot(let uid):
        var data = ByteWriter()
        data.writeLE(UInt32(0x0a03_41d0))
        data.writeLE(uid)
        return (2, 1, data.bytes)
      case .pci(let device, let function): return (1, 1, [function, device])
      case .mac(let address):
        return (3, 11, address.bytes + Array(repeating: 0, count: 26) + [1])
      case .ipv4: return (3, 12, Array(repeating: 0, count: 23))
      case .ipv6:
        return (3, 13, Array(repeating: 0, count: 39) + [64] + Array(repeating: 0, count: 16))
      case .uri: return (3, 24, [])
      }
    }
  }

  package var nodes: [Node]

  package init(_ nodes: [Node]) {
    self.nodes = nodes
  }

  package func encode(into writer: inout ByteWriter) {
    for node in nodes {
      let (type, subType, data) = node.encoded
      writer.write([type, subType])
      // No node of ours is longer than 60 bytes.
      writer.writeLE(UInt16(truncatingIfNeeded: data.count + 4))
      writer.write(data)
    }
    writer.write([0x7f, 0xff, 4, 0])
  }
}
