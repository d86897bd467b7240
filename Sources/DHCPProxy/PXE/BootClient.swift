/// DHCPProxy: who is asking, read out of one DHCP message.

package import Wire

/// A machine that wants to boot from the network, as one message shows it.
package struct BootClient: Equatable, Sendable {
  package enum Program: Equatable, Sendable {
    /// The firmware's PXE client: it fetches a boot program by TFTP.
    case pxe
    /// UEFI HTTP Boot: it fetches a boot program by HTTP.
    case http
    /// iPXE: it runs a script. `speaksHTTP` is false for a build that fetches by TFTP only.
    case ipxe(speaksHTTP: Bool)
  }

  package var mac: MACAddress
  package var uuid: SystemUUID?
  package var architecture: Architecture
  package var program: Program
  package var xid: UInt32
  /// The address that it has already; 0.0.0.0 while it has none.
  package var address: IPv4Address

  package init(
    mac: MACAddress, uuid: SystemUUID?, architecture: Architecture, program: Program, xid: UInt32,
    address: IPv4Address
  ) {
    self.mac = mac
    self.uuid = uuid
    self.architecture = architecture
    self.program = program
    self.xid = xid
    self.address = address
  }

  /// Why a well-formed message is not a network boot's.
  package enum Refusal: Equatable, Sendable, Error {
    case notARequest
    case notEthernet
    case noVendorClass
    case otherVendorClass(String)
    case unknownArchitecture
  }

  /// Reads the client out of a request. Only the first 9 or 10 bytes of option 60 count: iPXE
  /// chained from iPXE sends the bare word. Options 94, 97 and 55 decide
  /// nothing: some Intel cards leave 97 out.
  package init(_ message: DHCPMessage) throws(Refusal) {
    guard message.op == .request else { throw .notARequest }
    guard let mac = message.mac else { throw .notEthernet }
    guard let vendorClass = message.options.first(.vendorClass) else { throw .noVendorClass }
    let text = String(decoding: vendorClass, as: UTF8.self)
    let isHTTP = text.hasPrefix("HTTPClient")
    guard isHTTP || text.hasPrefix("PXEClient") else { throw .otherVendorClass(text) }
    guard let architecture = Self.architecture(message.options, vendorClass: text) else {
      throw .unknownArchitecture
    }
    self.mac = mac
    self.architecture = architecture
    uuid = message.options.first(.clientUUID).flatMap {
      $0.count == 17 ? SystemUUID(smbios: $0.dropFirst()) : nil
    }
    program = Self.ipxe(message.options) ?? (isHTTP ? .http : .pxe)
    xid = message.xid
    address = message.ciaddr
  }

  /// Option 93 lists 16-bit codes (RFC 4578 §2.1), of which the first known one counts; a value of odd length counts as missing, and then
  /// the text of option 60 tells (`PXEClient:Arch:00007:…`).
  private static func architecture(_ options: [DHCPOption], vendorClass: String) -> Architecture? {
    if let codes = options.first(.clientArchitecture), !codes.isEmpty, codes.count.isMultiple(of: 2)
    {
      let list = stride(from: 0, to: codes.count, by: 2).map {
        Architecture(rawValue: UInt16(codes[$0]) << 8 | UInt16(codes[$0 + 1]))
      }
      return list.first(where: \.isKnown) ?? list.first
    }
    let parts = vendorClass.split(separator: ":")
    guard let label = parts.firstIndex(of: "Arch"), label + 1 < parts.count else { return nil }
    return UInt16(parts[label + 1]).map(Architecture.init(rawValue:))
  }

  /// iPXE says so in option 77; an unexpected 77 that it echoes from another server hides that, and
  /// then 175 tells. Without 175 (or with one that is not readable) HTTP is taken for granted.
  private static func ipxe(_ options: [DHCPOption]) -> Program? {
    let features = options.first(.etherboot)
    guard features != nil || options.first(.userClass).map({ UserClass($0).isIPXE }) == true else {
      return nil
    }
    let parsed = features.flatMap { try? EtherbootOptions(parsing: $0) }
    return .ipxe(speaksHTTP: parsed?.hasHTTP ?? true)
  }
}

extension BootClient.Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notARequest: "it is no request"
    case .notEthernet: "it has no Ethernet address"
    case .noVendorClass: "it does not ask for network boot (no option 60)"
    case .otherVendorClass(let text): "it does not ask for network boot (option 60 is «\(text)»)"
    case .unknownArchitecture: "it does not say its architecture (no option 93)"
    }
  }
}
