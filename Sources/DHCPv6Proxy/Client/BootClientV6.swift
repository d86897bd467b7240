/// DHCPv6Proxy: who is asking, read out of one DHCPv6 message.

package import Wire

/// A machine that wants to boot from the network, as one message shows it.
package struct BootClientV6: Equatable, Sendable {
  package enum Program: Equatable, Sendable {
    /// The firmware's PXE client: it fetches a boot program by TFTP.
    case pxe
    /// UEFI HTTP Boot: it fetches a boot program by HTTP.
    case http
    /// iPXE: it runs a script.
    case ipxe
  }

  /// The address of the interface that asks. Firmware says it nowhere in the message: it is in the
  /// link-local source address, or a relay tells it (RFC 6939). nil where neither does.
  package var mac: MACAddress?
  package var uuid: SystemUUID?
  package var duid: DUID
  /// Option 61, IANA's processor architecture types: 7 is UEFI x64, 16 is the same with HTTP Boot.
  package var architecture: UInt16
  package var program: Program
  package var transaction: UInt32
  /// The address that it asks from, where that is more than link-local.
  package var address: IPv6Address?

  package init(
    mac: MACAddress?, uuid: SystemUUID?, duid: DUID, architecture: UInt16, program: Program,
    transaction: UInt32, address: IPv6Address?
  ) {
    self.mac = mac
    self.uuid = uuid
    self.duid = duid
    self.architecture = architecture
    self.program = program
    self.transaction = transaction
    self.address = address
  }

  /// Why a well-formed message is not a network boot's.
  package enum Refusal: Equatable, Sendable, Error {
    case noIdentifier
    case noVendorClass
    case otherVendorClass(String)
    case unknownArchitecture
  }

  /// Reads the client out of a question. The IPv6 stack of EDK2 asks for addresses on its own as
  /// well, from the same port and with the same identifier, but without option 16: that is no boot
  /// (Fixtures/captures/v6-pxe.pcap).
  package init(_ question: RelayedMessage, from source: IPv6Address) throws(Refusal) {
    let options = question.message.options
    guard let duid = options.first(.clientIdentifier).flatMap(DUID.init) else {
      throw .noIdentifier
    }
    guard let vendorClass = options.first(.vendorClass).flatMap({ try? VendorClassV6(parsing: $0) })
    else { throw .noVendorClass }
    let text = vendorClass.texts.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let isHTTP = text.hasPrefix("HTTPClient")
    guard vendorClass.enterprise == VendorClassV6.intel, isHTTP || text.hasPrefix("PXEClient")
    else { throw .otherVendorClass(text) }
    guard let architecture = Self.architecture(options, vendorClass: text) else {
      throw .unknownArchitecture
    }
    let userClass = options.first(.userClass).flatMap { try? UserClassV6(parsing: $0) }
    let client = question.hops.last?.peerAddress ?? source
    self.duid = duid
    self.architecture = architecture
    program = userClass?.isIPXE == true ? .ipxe : isHTTP ? .http : .pxe
    uuid = duid.uuidBytes.flatMap { Self.uuid($0, isIPXE: userClass?.isIPXE == true) }
    mac = Self.relayed(question.hops.last) ?? client.hardware
    transaction = question.message.transaction
    address = client.isLinkLocal || client.isUnspecified ? nil : client
  }

  /// Option 61 lists 16-bit codes (RFC 5970 §3.3), the preferred one first; where it is missing or
  /// of odd length the text of option 16 tells (`PXEClient:Arch:00007:…`).
  private static func architecture(_ options: [DHCPv6Option], vendorClass: String) -> UInt16? {
    if let codes = options.first(.clientArchitecture), codes.count >= 2,
      codes.count.isMultiple(of: 2)
    {
      return UInt16(codes[0]) << 8 | UInt16(codes[1])
    }
    let parts = vendorClass.split(separator: ":")
    guard let label = parts.firstIndex(of: "Arch"), label + 1 < parts.count else { return nil }
    return UInt16(parts[label + 1])
  }

  /// EDK2 puts the UUID into its identifier as SMBIOS has it, iPXE in the order of the text (both in
  /// Fixtures/captures/v6-pxe.pcap).
  private static func uuid(_ bytes: [UInt8], isIPXE: Bool) -> SystemUUID? {
    isIPXE ? SystemUUID(HexDump.plain(bytes)) : SystemUUID(smbios: bytes)
  }

  /// RFC 6939 §4: `link-layer type (2) · address`, from the relay next to the client.
  private static func relayed(_ hop: RelayHop?) -> MACAddress? {
    guard let bytes = hop?.options.first(.clientLinkLayerAddress), bytes.starts(with: [0, 1]),
      let mac = MACAddress(bytes: bytes.dropFirst(2)), mac.isUnicast
    else { return nil }
    return mac
  }
}

extension BootClientV6.Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noIdentifier: "it has no client identifier (option 1)"
    case .noVendorClass: "it does not ask for network boot (no option 16)"
    case .otherVendorClass(let text): "it does not ask for network boot (option 16 is «\(text)»)"
    case .unknownArchitecture: "it does not say its architecture (no option 61)"
    }
  }
}
