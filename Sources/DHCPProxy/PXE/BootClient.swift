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
  /// Option 60; its text is rarely asked for.
  private var vendorClassBytes: ArraySlice<UInt8>
  package var program: Program
  /// The form of answers that its firmware takes.
  package var family: FirmwareFamily
  package var xid: UInt32
  /// The address that it has already; 0.0.0.0 while it has none.
  package var address: IPv4Address

  /// `family` is what program and architecture say, where it isn't given.
  package init(
    mac: MACAddress, uuid: SystemUUID?, architecture: Architecture, vendorClass: String = "",
    program: Program, xid: UInt32, address: IPv4Address, family: FirmwareFamily? = nil
  ) {
    self.mac = mac
    self.uuid = uuid
    self.architecture = architecture
    vendorClassBytes = Array(vendorClass.utf8)[...]
    self.program = program
    self.family = family ?? FirmwareFamily(program, architecture)
    self.xid = xid
    self.address = address
  }

  /// Reads the client out of a request. Options 94 and 55 decide nothing, and 97 may be missing: some
  /// Intel cards leave it out.
  package init(_ message: DHCPMessage) throws(Refusal) {
    guard message.op == .request else { throw .notARequest }
    guard message.htype == 1 || message.htype == 6 else { throw .notEthernet }
    let uuidOption = message.options.value(.clientUUID)
    let vendorClass = message.options.value(.vendorClass)
    let mac = try Self.mac(message)
    let isPi = Self.isRaspberryPi(message, mac, uuidOption)
    let kind = try Self.kind(message, vendorClass, isRaspberryPi: isPi)

    self.mac = mac
    architecture = kind.architecture
    vendorClassBytes = vendorClass ?? []
    program = Self.ipxe(message.options) ?? kind.program
    family = FirmwareFamily(program, architecture)
    if kind.isUBoot, family != .ipxe { family = .uBoot }
    if isPi, family == .bios { family = .raspberryPi }
    uuid = Self.uuid(message, uuidOption)
    xid = message.xid
    address = message.ciaddr
  }

  /// Option 60 as it came, `PXEClient:Arch:00007:UNDI:003000`; empty where there is none.
  package var vendorClass: String { String(decoding: vendorClassBytes, as: UTF8.self) }

  private struct Kind {
    var program = Program.pxe
    var architecture: Architecture
    var isUBoot = false
  }

  /// Option 60. Only its first 9 or 10 bytes count: iPXE chained from iPXE sends the bare word.
  private static func kind(
    _ message: DHCPMessage, _ vendorClass: ArraySlice<UInt8>?, isRaspberryPi: Bool
  ) throws(Refusal) -> Kind {
    let codes = message.options.value(.clientArchitecture).flatMap(Architecture.init(option93:))
    guard let vendorClass else {
      // The Pi 4 leaves 60 out of its REQUEST; 93 = 0 tells the ROM from the system that runs on it.
      guard isRaspberryPi, codes == .bios else { throw .noVendorClass }
      return Kind(architecture: .bios)
    }
    if vendorClass.starts(with: pxeClass) || vendorClass.starts(with: httpClass) {
      guard
        let architecture = codes
          ?? Architecture(vendorClass: String(decoding: vendorClass, as: UTF8.self))
      else { throw .unknownArchitecture }
      let isHTTP = vendorClass.starts(with: httpClass)
      return Kind(program: isHTTP ? .http : .pxe, architecture: architecture)
    }
    if vendorClass.starts(with: uBootClass) {
      // `U-Boot.armv8`, `U-Boot.armv7`, `U-Boot.arm`, or nothing behind the name.
      let is64 = vendorClass.starts(with: "U-Boot.armv8".utf8)
      let is32 = !is64 && vendorClass.starts(with: "U-Boot.arm".utf8)
      guard let architecture = codes ?? (is64 ? .uBootARM64 : is32 ? .uBootARM32 : nil) else {
        throw .unknownArchitecture
      }
      return Kind(architecture: architecture, isUBoot: true)
    }
    if vendorClass.starts(with: appleClass) { throw .appleNetBoot }
    throw .otherVendorClass(Array(vendorClass))
  }

  private static let pxeClass = Array("PXEClient".utf8)
  private static let httpClass = Array("HTTPClient".utf8)
  private static let uBootClass = Array("U-Boot".utf8)
  private static let appleClass = Array("AAPLBSDPC".utf8)

  /// EDK2 with PcdGetWithSendGuid puts its UUID into chaddr (hlen 16); option 61 may tell the address
  /// then, `01` and six bytes (RFC 2132 §9.14).
  private static func mac(_ message: DHCPMessage) throws(Refusal) -> MACAddress {
    if let mac = message.mac { return mac }
    guard message.hlen == 16 else { throw .notEthernet }
    guard let identifier = message.options.value(.clientIdentifier), identifier.first == 1,
      let mac = MACAddress(bytes: identifier.dropFirst()), mac.isUnicast
    else { throw .hiddenAddress }
    return mac
  }

  private static func uuid(_ message: DHCPMessage, _ option: ArraySlice<UInt8>?) -> SystemUUID? {
    if let option, option.count == 17 { return SystemUUID(smbios: option.dropFirst()) }
    return message.hlen == 16 ? SystemUUID(smbios: message.chaddr) : nil
  }

  private static func isRaspberryPi(
    _ message: DHCPMessage, _ mac: MACAddress, _ uuidOption: ArraySlice<UInt8>?
  ) -> Bool {
    RaspberryPi.made(mac) || uuidOption.map(RaspberryPi.sent(uuidOption:)) == true
  }

  /// iPXE says so in option 77; an unexpected 77 that it echoes from another server hides that, and
  /// then 175 tells. Without 175 (or with one that is not readable) HTTP is taken for granted.
  private static func ipxe(_ options: DHCPOptions) -> Program? {
    let features = options.value(.etherboot)
    guard features != nil || options.first(.userClass).map({ UserClass($0).isIPXE }) == true else {
      return nil
    }
    let parsed = features.flatMap { try? EtherbootOptions(parsing: $0) }
    return .ipxe(speaksHTTP: parsed?.hasHTTP ?? true)
  }
}
