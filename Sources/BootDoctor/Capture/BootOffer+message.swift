/// BootDoctor: reads a server's answer, and finds why firmware would drop it.

import DHCPProxy
import PacketCapture
import Wire

extension BootOffer {
  /// `payload` is the whole datagram, for what the codec doesn't keep.
  init(
    _ message: DHCPMessage, in packet: Packet, ports: (UInt16, UInt16), payload: ArraySlice<UInt8>
  ) {
    let options = message.options
    let moment = Moment(packet.time, packet: packet.number)
    self.init(
      Sightings(moment), source: packet.source, sourcePort: ports.0, destinationPort: ports.1)
    identifier = options.value(.serverIdentifier).flatMap { IPv4Address(bytes: $0) }
      .map(IPAddress.v4)
    if !message.yiaddr.isUnspecified { address = .v4(message.yiaddr) }
    vendorClass = options.value(.vendorClass).flatMap(ReceivedText.name)
    if !message.siaddr.isUnspecified { nextServer = .v4(message.siaddr) }
    file = ReceivedText.name(message.file)
    bootFileName = options.value(.bootFileName).flatMap(ReceivedText.name)
    if vendorClass?.hasPrefix("PXEClient") == true || vendorClass == nil {
      vendorOptions = options.value(.vendorSpecific).map(PXEVendorOptions.init)
    }
    nameServers = Self.addresses(options.value(Self.nameServerOption))
    if let etherboot = options.value(.etherboot) {
      forbidsProxies = Self.has(tag: 0xb0, in: etherboot)
      hasPriority = Self.has(tag: 1, in: etherboot)
    }
    onlyToRelay =
      !message.giaddr.isUnspecified && packet.destination == .v4(message.giaddr)
    vlan = packet.vlan
    defects = Self.defects(message, payload, sourcePort: ports.0)
  }

  private static let nameServerOption = OptionCode(rawValue: 6)

  private static func addresses(_ bytes: ArraySlice<UInt8>?) -> [IPAddress] {
    guard let bytes, bytes.count.isMultiple(of: 4) else { return [] }
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).prefix(4).compactMap {
      IPv4Address(bytes: bytes[$0..<($0 + 4)]).map(IPAddress.v4)
    }
  }

  /// In option 175, `code (1) · length (1) · bytes`: whether there is this code, and not zero.
  private static func has(tag: UInt8, in bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while let code = rest.first, code != 255 {
      rest = rest.dropFirst()
      if code == 0 { continue }
      guard let length = rest.first, rest.count > Int(length) else { return false }
      if code == tag { return rest.dropFirst().prefix(Int(length)).contains { $0 != 0 } }
      rest = rest.dropFirst(1 + Int(length))
    }
    return false
  }

  /// What makes EDK2 drop an answer whole (its Dhcp4 driver; Fixtures/captures/e8 and its like).
  private static func defects(
    _ message: DHCPMessage, _ payload: ArraySlice<UInt8>, sourcePort: UInt16
  ) -> [Defect] {
    var defects: [Defect] = []
    if !message.options.has(.serverIdentifier) { defects.append(.noIdentifier) }
    if !hasEnd(payload.dropFirst(240)) { defects.append(.noEnd) }
    if payload.count > 1472 { defects.append(.tooLong(payload.count)) }
    for option in message.options where isBad(option) {
      if defects.count < 8 { defects.append(.badLength(option: option.code.rawValue)) }
    }
    if sourcePort != 67 { defects.append(.sourcePort(sourcePort)) }
    return defects
  }

  private static func hasEnd(_ options: ArraySlice<UInt8>) -> Bool {
    var rest = options
    while let code = rest.first {
      if code == 255 { return true }
      rest = rest.dropFirst()
      if code != 0 { rest = rest.dropFirst(1 + Int(rest.first ?? 0)) }
    }
    return false
  }

  private static func isBad(_ option: DHCPOption) -> Bool {
    let count = option.bytes.count
    return switch option.code.rawValue {
    case 1, 16, 28, 50, 51, 54, 58, 59: count != 4
    case 3, 4, 5, 6, 42: count == 0 || !count.isMultiple(of: 4)
    case 52, 53: count != 1
    case 13, 26, 57: count != 2
    case 61: count < 2
    case 12, 15, 17, 43, 60, 66, 67: count == 0
    default: false
    }
  }
}
