/// Appliance: what a machine that asks by DHCPv6 is told to fetch.

import DHCPProxy
import DHCPv6Proxy
import HTTPBoot
import Wire

extension BootPlanning {
  /// The same decision as over IPv4, with an IPv6 address of ours in its URLs.
  func plan(for client: BootClientV6, _ arrival: ArrivalV6) -> BootPlanV6 {
    guard let mac = client.mac else {
      return .silence(reason: "nothing in its questions tells the MAC address of its interface")
    }
    let asker = BootClient(
      mac: mac, uuid: client.uuid, architecture: Architecture(rawValue: client.architecture),
      program: client.knownProgram, xid: client.transaction, address: .any)
    let root = ServerRoot(address: .v6(arrival.local), port: httpPort).url
    switch plan(for: asker, root: root) {
    case .loader(let file): return .loader(file: file)
    case .httpLoader(let url): return .httpLoader(url: url)
    case .script(let url): return .script(url: url)
    case .silence(let reason): return .silence(reason: reason)
    case .raspberryPi: return .silence(reason: "a Raspberry Pi's ROM does not boot over IPv6")
    }
  }
}

extension BootClientV6 {
  /// DHCPv6 tells no features of iPXE: every build that has IPv6 has HTTP by default.
  fileprivate var knownProgram: BootClient.Program {
    switch program {
    case .pxe: .pxe
    case .http: .http
    case .ipxe: .ipxe(speaksHTTP: true)
    }
  }
}
