/// FinoFuzz: DHCPv6 messages, relayed or not, and the answers that they get.

import DHCPv6Proxy
import Wire

enum DHCPv6Fuzz {
  private static let server = DUID(server: MACAddress(value: 0x5254_00aa_0002))
  private static let source = IPv6Address(high: 0xfe80 << 48, low: 0x5054_00ff_fe77_0006)

  private static let plan: BootPlannerV6 = { client, _ in
    switch client.program {
    case .ipxe: .script(url: "http://[fd77::2]/pxe/525400123456")
    case .http: .httpLoader(url: "http://[fd77::2]/boot/x64/snponly.efi")
    case .pxe: .loader(file: "snponly.efi")
    }
  }

  static func swallow(_ bytes: [UInt8]) {
    guard let question = try? RelayedMessage(parsing: bytes),
      let client = try? BootClientV6(question, from: source)
    else { return }
    for port in [ArrivalV6.ServicePort.dhcp, .bootServer] {
      let arrival = ArrivalV6(
        interface: "eth0", local: IPv6Address(high: 0xfd77 << 48, low: 2), port: port,
        source: Endpoint(source, 546), isMulticast: port == .dhcp)
      let decision = ProxyDecisionV6.decide(question, client, arrival, server: server, plan: plan)
      guard case .reply(let reply, _) = decision, let message = try? reply.message else { continue }
      var writer = ByteWriter(capacity: 320)
      guard (try? message.encodeReply(into: &writer)) != nil else { continue }
      precondition(!writer.bytes.isEmpty, "an empty answer")
    }
  }
}
