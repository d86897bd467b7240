/// BootDoctor: what one server answered to a machine that wants to boot.

package import Wire

/// An OFFER, ACK, ADVERTISE or REPLY, with what matters for a boot.
package struct BootOffer: Equatable, Sendable {
  /// Each time that it came.
  package var sightings: Sightings
  /// The packet's source: a server, or a relay on its side of the client.
  package var source: IPAddress
  package var sourcePort: UInt16
  package var destinationPort: UInt16
  /// Option 54; a hash of option 2 says nothing to people, so it is nil for DHCPv6.
  package var identifier: IPAddress?
  /// The address that is given to the machine; nil in a proxy's answer.
  package var address: IPAddress?
  /// Option 60, as far as it is text.
  package var vendorClass: String?
  /// siaddr.
  package var nextServer: IPAddress?
  /// The `file` field.
  package var file: String?
  /// Option 67, or DHCPv6's 59.
  package var bootFileName: String?
  package var vendorOptions: PXEVendorOptions?
  /// Option 6.
  package var nameServers: [IPAddress]
  /// Option 175: iPXE is told to leave proxies alone (b0), or to prefer this answer (1).
  package var forbidsProxies: Bool
  package var hasPriority: Bool
  /// Went to a relay, and it was seen nowhere else.
  package var onlyToRelay: Bool
  package var vlan: UInt16?
  package var defects: [Defect]

  /// Why firmware drops an answer without a word.
  package enum Defect: Equatable, Sendable {
    /// No option 54: EDK2 drops it.
    case noIdentifier
    /// No END (255): EDK2 drops it.
    case noEnd
    /// An option of a length that EDK2 refuses, and with it the whole answer.
    case badLength(option: UInt8)
    /// More than 1472 bytes: EDK2 drops it.
    case tooLong(Int)
    /// From another port than 67, where the firmware doesn't listen to.
    case sourcePort(UInt16)
    /// Can't be read at all.
    case malformed(String)
  }

  package init(
    _ sightings: Sightings, source: IPAddress, sourcePort: UInt16 = 67,
    destinationPort: UInt16 = 68, identifier: IPAddress? = nil, address: IPAddress? = nil,
    vendorClass: String? = nil, nextServer: IPAddress? = nil, file: String? = nil,
    bootFileName: String? = nil, vendorOptions: PXEVendorOptions? = nil,
    nameServers: [IPAddress] = [], forbidsProxies: Bool = false, hasPriority: Bool = false,
    onlyToRelay: Bool = false, vlan: UInt16? = nil, defects: [Defect] = []
  ) {
    self.sightings = sightings
    self.source = source
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.identifier = identifier
    self.address = address
    self.vendorClass = vendorClass
    self.nextServer = nextServer
    self.file = file
    self.bootFileName = bootFileName
    self.vendorOptions = vendorOptions
    self.nameServers = nameServers
    self.forbidsProxies = forbidsProxies
    self.hasPriority = hasPriority
    self.onlyToRelay = onlyToRelay
    self.vlan = vlan
    self.defects = defects
  }
}

extension BootOffer {
  /// Who answered, also through a relay.
  package var server: IPAddress { identifier ?? source }

  package var isPXE: Bool { vendorClass?.hasPrefix("PXEClient") == true }
  package var isHTTP: Bool { vendorClass?.hasPrefix("HTTPClient") == true }

  /// What is to be fetched.
  package var fileName: String? { file ?? bootFileName }

  package var namesFile: Bool { fileName != nil }

  /// Says more about a boot than nothing.
  package var isForBoot: Bool { isPXE || isHTTP || namesFile }

  /// Says what to fetch, or where to ask for it.
  package var hasBootContent: Bool {
    namesFile || vendorOptions?.hasMenu == true || vendorOptions?.servers.isEmpty == false
  }
}

extension BootOffer.Defect: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noIdentifier: "has no server identifier (option 54)"
    case .noEnd: "has no END option (255)"
    case .badLength(let option): "option \(option) has a length that firmware refuses"
    case .tooLong(let count): "has \(count) bytes, more than the 1472 that firmware takes"
    case .sourcePort(let port): "comes from port \(port) instead of 67"
    case .malformed(let why): "can't be read: \(why)"
    }
  }
}
