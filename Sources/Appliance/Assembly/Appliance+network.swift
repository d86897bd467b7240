/// Appliance: what answers on the interfaces, put together.

import DHCPProxy
import DHCPv6Proxy
import Datagram
import Foundation
import HTTPBoot
import Inventory
import TFTP
import Wire

extension Appliance {
  /// The services of UDP, not listening yet.
  func makeNetwork() -> NetworkServices {
    let dhcp = ProxyDHCPService(
      loop: loop, interfaces: interfaces, sharing: settings.dhcp.captures ? .capture : .bind,
      plan: planning.plan(for:_:), rules: settings.dhcp.rules,
      report: { [identities, addresses, watch, story, news = NetworkNews(logger: logger)] event in
        identities.note(event)
        addresses.note(event)
        story.tell(event)
        story.tell(watch.note(event, at: Self.now))
        news.tell(event)
      })
    return NetworkServices(
      loop: loop, settings: settings, dhcp: dhcp, dhcpv6: makeDHCPv6(),
      tftp: makeTFTP(firmware: dhcp), logger: logger)
  }

  private var planning: BootPlanning {
    BootPlanning(settings: settings, loaders: rules, signed: signed, inventory: inventory)
  }

  /// Our identifier is made from the first interface's hardware address, and the same after each start.
  private func makeDHCPv6() -> ProxyDHCPv6Service {
    let mac = interfaces.lazy.compactMap { interface in
      (try? String(contentsOfFile: "/sys/class/net/\(interface.name)/address", encoding: .utf8))
        .flatMap { MACAddress($0.prefix { !$0.isWhitespace }) }
    }.first
    return ProxyDHCPv6Service(
      loop: loop, interfaces: [], server: DUID(server: mac ?? MACAddress(value: 0)),
      plan: planning.plan(for:_:),
      report: { [identities, addresses, story] event in
        identities.note(event)
        addresses.note(event)
        story.tell(event)
      })
  }

  /// Tells `firmware` which machines go on, so that it knows which answers help.
  private func makeTFTP(firmware: ProxyDHCPService) -> TFTPServer {
    let scripts = scripts
    let files = BootFiles(
      loaders: loaders, addresses: addresses,
      grub: GRUBScripts(
        httpPort: settings.httpPort, transport: signed?.transport ?? .tftp,
        decide: scripts.script(for:)),
      httpPort: settings.httpPort,
      // For a GRUB without HTTP alone: who asks for an image makes the loop read it.
      images: signed?.transport == .tftp ? TFTPDirectory(root: settings.images) : nil,
      goesToDisk: { [story, watch] mac, address in
        guard scripts.goesToDisk(mac) else { return false }
        story.tell(watch.runs(mac, at: Self.now))
        story.tell(
          .scriptDisk, mac: mac, address: address,
          "Boots the local disk: its shim gets no GRUB, and firmware goes on.")
        return true
      })
    var configuration = TFTPConfiguration(
      listeners: NetworkServices.listeners(interfaces), port: UInt16(clamping: settings.tftpPort),
      graceful: Self.grace)
    configuration.ports = settings.tftpPorts
    configuration.singlePort = settings.tftpSinglePort
    return TFTPServer(
      configuration: configuration,
      loop: loop, logger: quiet,
      files: { files.file(for: $0) },
      events: { [story, watch, addresses] event in
        story.tell(event)
        story.tell(watch.note(event, at: Self.now))
        let isDone: Bool
        switch event.kind {
        case .requested: isDone = false
        case .finished:
          isDone = true
          Task { await scripts.note(event) }
        default: return
        }
        guard let mac = addresses.machine(at: event.client.address) else { return }
        // Both live on the same loop.
        firmware.assumeIsolated { $0.fetches(mac, isDone: isDone) }
      })
  }
}
