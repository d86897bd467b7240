/// Tests of DHCPProxy: one appliance that is asked, with its memory and a clock of its own.

import Wire

@testable import DHCPProxy

struct ProxyHarness {
  static let server = IPv4Address(10, 77, 0, 2)

  var memory = StrategyMemory()
  var rules = BootRules()
  var plan: BootPlanner = Self.usual
  private var now = ContinuousClock.now

  /// What the appliance plans by default.
  static let usual: BootPlanner = { client, _ in
    switch client.family {
    case .ipxe where client.program == .ipxe(speaksHTTP: true):
      return .script(url: "http://10.77.0.2/pxe/\(client.mac.plain)")
    case .httpBoot: return .httpLoader(url: "http://10.77.0.2/boot/x64/snponly.efi")
    case .raspberryPi: return .raspberryPi
    default: break
    }
    return switch client.architecture.instructionSet {
    case .bios: .loader(file: "undionly.kpxe")
    case .x64: .loader(file: "snponly.efi")
    case .some(let set) where [.arm64, .riscv64, .loong64].contains(set):
      .loader(file: "snponly-\(set.rawValue).efi")
    default: .silence(reason: "no boot program")
    }
  }

  init(
    rules: BootRules = BootRules(), plan: @escaping BootPlanner = Self.usual
  ) {
    self.rules = rules
    self.plan = plan
  }

  mutating func wait(_ duration: Duration) { now += duration }

  mutating func progressed(_ mac: MACAddress) { memory.progressed(mac, at: now) }
  mutating func worked(_ mac: MACAddress) { memory.worked(mac, at: now) }

  mutating func decide(
    _ message: DHCPMessage, port: Arrival.ServicePort = .dhcp,
    from source: Endpoint = Endpoint(IPv4Address.any, 68), interface: String = "eth0"
  ) -> ProxyDecision {
    ProxyDecision.decide(
      message,
      Arrival(interface: interface, local: Self.server, port: port, source: source), plan: plan,
      memory: &memory, rules: rules, at: now)
  }

  mutating func decide(
    _ built: BuiltDHCP, port: Arrival.ServicePort = .dhcp,
    from source: Endpoint = Endpoint(IPv4Address.any, 68), interface: String = "eth0"
  ) throws -> ProxyDecision {
    decide(
      try DHCPMessage(parsing: built.bytes), port: port, from: source, interface: interface)
  }

  mutating func reply(
    _ built: BuiltDHCP, port: Arrival.ServicePort = .dhcp,
    from source: Endpoint = Endpoint(IPv4Address.any, 68)
  ) throws -> ProxyReply {
    let decision = try decide(built, port: port, from: source)
    guard case .reply(let reply, _, _) = decision else { throw Unexpected(decision: decision) }
    return reply
  }

  mutating func silence(_ built: BuiltDHCP, interface: String = "eth0") throws -> String {
    let decision = try decide(built, interface: interface)
    guard case .silence(_, let reason) = decision else { throw Unexpected(decision: decision) }
    return reason
  }

  struct Unexpected: Error {
    var decision: ProxyDecision
  }
}

extension ProxyDecision {
  /// As goldens have it.
  var goldenText: String {
    switch self {
    case .reply(let reply, let client, _):
      "+++ \(client.architecture), \(client.family): answer to \(reply.destination)\n"
        + "+++ \(reply.choice.strategy.title), because \(reply.choice.reason)\n\(reply.message)\n"
    case .silence(_, let reason): "+++ silence: \(reason)\n"
    case .leaseRequested(_, let address, let server):
      "+++ nothing: it takes \(address) from \(server.map(String.init(describing:)) ?? "?")\n"
    case .ignore(let reason): "+++ nothing: \(reason)\n"
    }
  }
}

extension ProxyReply {
  var bytes: [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }

  /// What is read out of the bytes that are sent.
  var message: DHCPMessage { try! DHCPMessage(parsing: bytes) }
}
