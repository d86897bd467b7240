/// Appliance: what the doctor asks the network: as a machine that does not exist.

import DHCPProxy
import Wire

/// A DISCOVER, and never a REQUEST: nobody gives away an address for it. DHCP servers keep one for a
/// minute or less.
struct ProbeQuestion: Equatable {
  enum Kind: CaseIterable {
    /// Any computer.
    case plain
    case bios
    case uefi

    var architecture: Architecture? {
      switch self {
      case .plain: nil
      case .bios: .bios
      case .uefi: .uefiX64
      }
    }
  }

  var kind: Kind
  /// Of nobody: locally administered (IEEE 802, bit 1 of the first byte).
  var mac: MACAddress
  var xid: UInt32

  init(_ kind: Kind, random: inout some RandomNumberGenerator) {
    self.kind = kind
    let prefix: UInt64 = 0x0246_4e00_0000
    mac = MACAddress(value: prefix | UInt64.random(in: 0...0xff_ffff, using: &random))
    xid = UInt32.random(in: 0...UInt32.max, using: &random)
  }

  /// Answers are to be broadcast: nobody has this hardware address.
  var message: DHCPMessage {
    let hardware = (0..<6).map { UInt8(truncatingIfNeeded: mac.value >> (40 - 8 * UInt64($0))) }
    var options = [
      DHCPOption(.messageType, [MessageType.discover.rawValue]),
      DHCPOption(.clientIdentifier, [1] + hardware),
      // Subnet mask, router, name servers, server name, file, vendor's.
      DHCPOption(OptionCode(rawValue: 55), [1, 3, 6, 43, 54, 60, 66, 67]),
    ]
    if let architecture = kind.architecture {
      let code = architecture.rawValue
      let digits = String(code)
      let padded = String(repeating: "0", count: 5 - digits.count) + digits
      options += [
        DHCPOption(.vendorClass, Array("PXEClient:Arch:\(padded):UNDI:002001".utf8)),
        DHCPOption(.clientArchitecture, [UInt8(code >> 8), UInt8(code & 0xff)]),
        // UNDI 2.1; a UUID made of the address (RFC 4578 §2.2, §2.3).
        DHCPOption(OptionCode(rawValue: 94), [1, 2, 1]),
        DHCPOption(.clientUUID, [0] + [UInt8](repeating: 0xf1, count: 10) + hardware),
      ]
    }
    return DHCPMessage(
      op: .request, htype: 1, hlen: 6, hops: 0, xid: xid, secs: 0, flags: 0x8000, ciaddr: .any,
      yiaddr: .any, siaddr: .any, giaddr: .any, chaddr: hardware, sname: [], file: [],
      options: options)
  }
}

/// What somebody said to it.
struct ProbeAnswer: Equatable {
  var kind: ProbeQuestion.Kind
  var server: IPv4Address
  /// None in a proxy's answer.
  var address: IPv4Address?
  /// Where to fetch, and what.
  var bootServer: IPv4Address?
  var file: String?
  var isProxy: Bool

  /// nil for what answers another question.
  init?(_ message: DHCPMessage, to questions: [ProbeQuestion]) {
    guard message.op == .reply, message.type == .offer,
      let question = questions.first(where: { $0.xid == message.xid && $0.mac == message.mac })
    else { return nil }
    kind = question.kind
    server =
      message.options.value(.serverIdentifier).flatMap { IPv4Address(bytes: $0) }
      ?? message.siaddr
    address = message.yiaddr.isUnspecified ? nil : message.yiaddr
    bootServer = message.siaddr.isUnspecified ? nil : message.siaddr
    let name = message.options.value(.bootFileName) ?? message.file
    let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    file = text.isEmpty ? nil : String(text.prefix(128))
    isProxy =
      message.options.value(.vendorClass).map {
        $0.starts(with: "PXEClient".utf8) || $0.starts(with: "HTTPClient".utf8)
      } ?? false
  }

  /// Whether it tells a machine what to boot.
  var isBoot: Bool { isProxy || file != nil }
}
