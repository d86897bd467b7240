/// DHCPProxy: why a well-formed message is not a network boot's.

extension BootClient {
  package enum Refusal: Equatable, Sendable, Error {
    case notARequest
    case notEthernet
    /// chaddr holds a UUID, and option 61 no hardware address.
    case hiddenAddress
    case noVendorClass
    /// Option 60, as it came.
    case otherVendorClass([UInt8])
    /// An Intel Mac's NetBoot (BSDP): it is not PXE.
    case appleNetBoot
    case unknownArchitecture
  }
}

extension BootClient.Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notARequest: "it is no request"
    case .notEthernet: "it has no Ethernet address"
    case .hiddenAddress:
      "its chaddr is a UUID (hlen 16), and option 61 does not tell its Ethernet address"
    case .noVendorClass: "it does not ask for network boot (no option 60)"
    case .otherVendorClass(let bytes):
      "it does not ask for network boot (option 60 is «\(Self.text(bytes))»)"
    case .appleNetBoot: "it asks for Apple's NetBoot, which is not PXE"
    case .unknownArchitecture: "it does not say its architecture (no option 93)"
    }
  }

  /// At most 48 bytes, and nothing that would break a line of a log.
  private static func text(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(48).map { (0x20..<0x7f).contains($0) ? $0 : 0x2e }
    return String(decoding: shown, as: UTF8.self) + (bytes.count > 48 ? "…" : "")
  }
}
