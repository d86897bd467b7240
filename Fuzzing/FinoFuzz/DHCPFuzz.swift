/// FinoFuzz: DHCP messages, what is inside them, and the answers that they get.

import DHCPProxy
import Wire

enum DHCPFuzz {
  private static let plan: BootPlanner = { client, _ in
    switch client.program {
    case .ipxe: .script(url: "http://10.0.0.2/pxe/525400123456")
    case .http: .httpLoader(url: "http://10.0.0.2/boot/x64/snponly.efi")
    case .pxe: .loader(file: "snponly.efi")
    }
  }

  private static let arrivals = [Arrival.ServicePort.dhcp, .bootServer].map {
    Arrival(
      interface: "eth0", local: IPv4Address(10, 0, 0, 2), port: $0,
      source: Endpoint(IPv4Address(10, 0, 0, 9), 68))
  }

  static func swallow(_ bytes: [UInt8]) {
    guard let message = try? DHCPMessage(parsing: bytes) else { return }
    _ = String(describing: message)
    var memory = StrategyMemory(limit: 16)
    var now = ContinuousClock.now
    for arrival in arrivals {
      for _ in 0..<4 {
        // A machine that asks again and again climbs its ladder.
        now += .seconds(4)
        let decision = ProxyDecision.decide(
          message, arrival, plan: plan, memory: &memory, rules: BootRules(), at: now)
        guard case .reply(let reply, _, _) = decision else { break }
        var writer = ByteWriter(capacity: 320)
        reply.encode(into: &writer)
        precondition(writer.bytes.count >= 300, "shorter than old firmware takes")
        precondition(writer.bytes[16..<20].allSatisfy { $0 == 0 }, "gives an address away")
        precondition((try? DHCPMessage(parsing: writer.bytes)) != nil, "not to be read")
      }
    }
  }
}
