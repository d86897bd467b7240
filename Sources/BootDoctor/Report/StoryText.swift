/// BootDoctor: the words for each thing that happens in a boot.

import DHCPProxy
import Wire

/// One line each, without time.
package enum StoryText {
  static func times(_ seen: Sightings) -> String {
    guard seen.count > 1 else { return "" }
    return ", \(seen.count) times in \(duration(seen.span))"
  }

  /// `0.4 ms`, `3.6 s`, `4 min`.
  package static func duration(_ nanoseconds: UInt64) -> String {
    let seconds = Double(nanoseconds) / 1e9
    switch seconds {
    case ..<0.01: return "\(tenths(seconds * 1000)) ms"
    case ..<1: return "\(Int(seconds * 1000)) ms"
    case ..<120: return "\(tenths(seconds)) s"
    case ..<7200: return "\(Int(seconds / 60)) min"
    default: return "\(Int(seconds / 3600)) h"
    }
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// `173,792 bytes` as `174 kB`.
  package static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<10_000: "\(bytes) bytes"
    case ..<10_000_000: "\(bytes / 1000) kB"
    case ..<10_000_000_000: "\(bytes / 1_000_000) MB"
    default: "\(bytes / 1_000_000_000) GB"
    }
  }

  static func rate(_ bytesASecond: Double?) -> String {
    guard let bytesASecond, bytesASecond < 1e15 else { return "" }
    return bytesASecond < 1e6
      ? ", \(Int(bytesASecond / 1000)) kB/s" : ", \(tenths(bytesASecond / 1e6)) MB/s"
  }

  package static func asker(_ exchange: DHCPExchange) -> String {
    let kind = exchange.architecture.map { " (\(Architecture(rawValue: $0)))" } ?? ""
    let version = exchange.version == .v6 ? " for IPv6" : ""
    switch exchange.asker {
    case .pxe: return "the firmware's PXE" + version + kind
    case .httpBoot: return "the firmware's HTTP Boot" + version + kind
    case .ipxe: return "iPXE" + version + kind
    case .system(let name?): return "an operating system («\(name)»)"
    case .system(nil): return "an operating system"
    }
  }

  static func question(_ exchange: DHCPExchange) -> String {
    let name = exchange.version == .v6 ? "SOLICIT" : "DISCOVER"
    let vlan = exchange.vlan.map { ", VLAN \($0)" } ?? ""
    return "\(name) by \(asker(exchange))\(vlan)"
  }

  static func request(_ exchange: DHCPExchange) -> String {
    let server = exchange.chosen.map { " for the offer of \($0)" } ?? ""
    return "REQUEST\(server)"
  }

  static func answer(_ offer: BootOffer, type: String) -> String {
    var parts: [String] = []
    if let address = offer.address { parts.append("address \(address)") }
    if let vendorClass = offer.vendorClass, offer.isPXE || offer.isHTTP {
      parts.append(vendorClass)
    }
    if let server = offer.nextServer { parts.append("next-server \(server)") }
    if let file = offer.file { parts.append("file «\(file)»") }
    if let name = offer.bootFileName { parts.append("boot file name «\(name)»") }
    if let options = offer.vendorOptions?.description, !options.isEmpty { parts.append(options) }
    if offer.address == nil, parts.isEmpty { parts.append("nothing for a boot") }
    if offer.onlyToRelay { parts.append("to the relay") }
    parts += offer.defects.map(\.description)
    let through = offer.source == offer.server ? "" : " (through \(offer.source))"
    return "\(type) from \(offer.server)\(through): \(parts.joined(separator: ", "))"
  }

  static func bootServerQuestion(_ exchange: BootServerExchange) -> String {
    let item = exchange.bootItem.map { " for boot server type \($0)" } ?? ""
    return "asks \(exchange.server):\(exchange.serverPort)\(item), from port \(exchange.clientPort)"
  }

  static func transferBegins(_ transfer: TFTPTransferRecord) -> String {
    "TFTP «\(transfer.file)» from \(transfer.server)"
      + (transfer.requested.isEmpty ? "" : " (\(transfer.requested.joined(separator: ", ")))")
  }

  static func transferEnds(_ transfer: TFTPTransferRecord) -> String {
    var text = transferBegins(transfer)
    if let granted = transfer.granted, !granted.isEmpty {
      text += ", granted \(granted.joined(separator: ", "))"
    }
    if transfer.requests.count > 1 { text += ", asked" + times(transfer.requests).dropFirst() }
    switch transfer.outcome {
    case .unanswered: text += ": no answer"
    case .unreachable: text += ": unreachable (ICMP)"
    case .probed:
      text += ": asked for its size only" + (transfer.size.map { ", \(size($0))" } ?? "")
    case .failed(let code, let message, let byClient):
      text += ": ERROR \(code) «\(message)» from \(byClient ? "the machine" : "the server")"
      if transfer.block > 0 { text += " after block \(transfer.block)" }
    case .whole: text += ": whole, \(size(transfer.bytes))\(rate(transfer.rate))"
    case .running: text += transfer.block > 0 ? ": as far as block \(transfer.block)" : ": granted"
    }
    if transfer.repeated > 0 { text += ", \(transfer.repeated) blocks sent again" }
    return text + content(transfer.content)
  }

  static func requestBegins(_ request: HTTPRecord) -> String { "\(request.method) \(request.url)" }

  static func requestEnds(_ request: HTTPRecord) -> String {
    var text = requestBegins(request)
    if let agent = request.agent { text += " (\(agent))" }
    if let status = request.status { text += ": \(status)" }
    if request.bytes > 0 || request.contentLength != nil {
      text += ", \(size(request.bytes))"
      if let length = request.contentLength, request.bytes < length, request.method != "HEAD" {
        text += " of \(size(length))"
      }
      text += rate(request.rate)
    }
    switch request.ending {
    case .whole: break
    case .open: text += request.status == nil ? ": no answer" : ", not ended"
    case .cutByServer: text += ", cut by the server"
    case .cutByClient: text += request.status == nil ? ", given up" : ", closed by the machine"
    }
    if request.repeated > 0 { text += ", \(request.repeated) segments sent again" }
    return text + content(request.content)
  }

  private static func content(_ content: FileContent?) -> String {
    switch content {
    case .script: ", an iPXE script"
    case .program(let machine): ", a UEFI program for \(FileContent.machineName(machine))"
    case .page: ", a page of HTML"
    case .kernel: ", a Linux kernel"
    case .other, nil: ""
    }
  }

  static func connection(_ connection: ConnectionRecord) -> String {
    var text = "TCP to \(connection.server):\(connection.port)"
    if connection.openings.count > 1 {
      text += ", SYN" + times(connection.openings).dropFirst()
    }
    if let tls = connection.tls {
      text += ", TLS" + (tls.serverName.map { " for «\($0)»" } ?? "")
      if let alert = tls.alert {
        let code = alert.code.map { " \(TLSAlert.name($0))" } ?? ""
        text += ", alert\(code) from \(alert.byClient ? "the machine" : "the server")"
      } else if tls.isEstablished {
        text += ", \(size(connection.received)) received"
      }
    }
    if connection.unreachable != nil { return text + ": unreachable (ICMP)" }
    if connection.wasRefused { return text + ": refused" }
    if connection.established == nil { return text + ": no answer" }
    return text
  }

  static func lookup(_ lookup: NameLookup) -> String {
    let question = "DNS «\(lookup.name)» at \(lookup.server)" + times(lookup.questions)
    return switch lookup.outcome {
    case .unanswered: question + ": no answer"
    case .unreachable: question + ": unreachable (ICMP)"
    case .empty: question + ": no address"
    case .failed(let code): question + ": \(DNSCode.name(code))"
    case .addresses(let addresses):
      question + ": " + addresses.prefix(4).map(\.description).joined(separator: ", ")
    }
  }

  static func address(_ question: AddressQuestion) -> String {
    "ARP for \(question.target)" + times(question.questions)
      + (question.answered == nil ? ": no answer seen" : ": answered")
  }
}

/// RFC 1035 §4.1.1.
package enum DNSCode {
  package static func name(_ code: UInt8) -> String {
    switch code {
    case 1: "FORMERR"
    case 2: "SERVFAIL"
    case 3: "NXDOMAIN, the name does not exist"
    case 4: "NOTIMP"
    case 5: "REFUSED"
    default: "code \(code)"
    }
  }
}

/// RFC 8446 §6.
package enum TLSAlert {
  package static func name(_ code: UInt8) -> String {
    switch code {
    case 10: "unexpected message (10)"
    case 20: "bad record MAC (20)"
    case 40: "handshake failure (40)"
    case 42: "bad certificate (42)"
    case 43: "unsupported certificate (43)"
    case 44: "certificate revoked (44)"
    case 45: "certificate expired (45)"
    case 46: "certificate unknown (46)"
    case 47: "illegal parameter (47)"
    case 48: "unknown certificate authority (48)"
    case 49: "access denied (49)"
    case 50: "decode error (50)"
    case 51: "decrypt error (51)"
    case 70: "protocol version (70)"
    case 71: "insufficient security (71)"
    case 80: "internal error (80)"
    case 112: "unrecognized name (112)"
    default: "\(code)"
    }
  }
}
