/// BootDoctor: verdicts of all boots, and those that need more than one boot or machine.

import Wire

extension NetworkRecord {
  /// In the order of `clients` and of their boots.
  package func verdicts() -> [[[Verdict]]] {
    let leases = leases
    let doubled = MachineVerdicts.doubledUUIDs(clients)
    return clients.enumerated().map { number, client in
      var ofBoots = client.boots.map { boot in
        boot.verdicts(
          in: Surroundings(otherLeases: leases.filter { $0.client != number }.map(\.lease)))
      }
      guard !ofBoots.isEmpty else { return ofBoots }
      let last = ofBoots.count - 1
      if let loop = MachineVerdicts.installerLoop(client) { ofBoots[last].insert(loop, at: 0) }
      if let double = MachineVerdicts.duplicateMAC(client) { ofBoots[last].append(double) }
      if let double = doubled[number] { ofBoots[last].append(double) }
      return ofBoots
    }
  }

  private var leases: [(client: Int, lease: Surroundings.Lease)] {
    var leases: [(Int, Surroundings.Lease)] = []
    for (number, client) in clients.enumerated() {
      for exchange in client.boots.flatMap(\.exchanges) {
        for answer in exchange.acknowledgments
        where answer.address != nil && leases.count < 512 {
          leases.append(
            (number, Surroundings.Lease(server: answer.server, moment: answer.sightings.last)))
        }
      }
    }
    return leases
  }
}

package enum MachineVerdicts {
  /// The same kernel for the third time: an installation that does not know that it is done.
  package static func installerLoop(_ client: ClientRecord) -> Verdict? {
    var installs: [(kernel: String, moment: Moment)] = []
    for boot in client.boots {
      guard let found = boot.script, let kernel = found.script.kernel, boot.hasBooted else {
        continue
      }
      installs.append((kernel, found.moment))
    }
    guard let last = installs.last, installs.count >= 3,
      installs.suffix(3).allSatisfy({ $0.kernel == last.kernel })
    else { return nil }
    let same = installs.filter { $0.kernel == last.kernel }
    return Verdict(
      .installerLoop,
      cause:
        "This machine was started \(same.count) times with the same kernel («\(last.kernel)»): it "
        + "installs again and again.",
      evidence: same.map(\.moment.packet),
      remedy:
        "Nothing tells the boot server that the installation is done, or the machine boots from "
        + "the "
        + "network first and is never sent to its disk. Let the installer report its end, or "
        + "answer with "
        + "local boot after the first time.")
  }

  /// Two machines with one hardware address show different UUIDs.
  package static func duplicateMAC(_ client: ClientRecord) -> Verdict? {
    // Each program reads the UUID in its own way, so only those of the same are compared.
    for asker in [DHCPExchange.Asker.pxe, .httpBoot, .ipxe] {
      let seen = client.boots.flatMap(identities).filter { $0.asker == asker }
      guard let mac = client.mac, let first = seen.first,
        // Back again to the first one: a machine whose board was changed does not do that.
        let other = seen.first(where: { $0.uuid != first.uuid }),
        let again = seen.first(where: {
          $0.uuid == first.uuid && $0.moment.time > other.moment.time
        })
      else { continue }
      return Verdict(
        .duplicateMAC, .warning,
        cause: "Two machines use the hardware address \(mac): their UUIDs are \(first.uuid) and "
          + "\(other.uuid).",
        evidence: [first.moment.packet, other.moment.packet, again.moment.packet],
        remedy: "Give one of them (often a cloned virtual machine) another MAC address.")
    }
    return nil
  }

  private typealias Identity = (
    uuid: SystemUUID, asker: DHCPExchange.Asker, moment: Moment
  )

  /// What was said in each conversation. Two machines at the same time are one boot here.
  private static func identities(_ boot: BootRecord) -> [Identity] {
    let said = boot.bootExchanges.compactMap { exchange -> Identity? in
      guard let uuid = exchange.uuid, uuid.isIdentity else { return nil }
      return (uuid, exchange.asker, exchange.begin)
    }
    guard said.isEmpty else { return said }
    guard let uuid = boot.uuid, uuid.isIdentity else { return [] }
    return [(uuid, boot.bootExchanges.first?.asker ?? .pxe, boot.begin)]
  }

  /// By the index of the machine. One machine with several interfaces asks with each of them, but
  /// fetches with one at a time.
  package static func doubledUUIDs(_ clients: [ClientRecord]) -> [Int: Verdict] {
    var fetching: [SystemUUID: [(client: Int, from: UInt64, to: UInt64, packet: Int)]] = [:]
    for (number, client) in clients.enumerated() {
      for boot in client.boots {
        let fetches = boot.steps.filter(\.isFetch)
        guard let uuid = boot.uuid, uuid.isIdentity, let first = fetches.first,
          let last = fetches.map(\.end.time).max(), fetches.count >= 2
        else { continue }
        fetching[uuid, default: []].append(
          (number, first.begin.time, last, first.begin.packet))
      }
    }
    var verdicts: [Int: Verdict] = [:]
    for (uuid, spans) in fetching where spans.count > 1 {
      let sorted = spans.sorted { $0.from < $1.from }
      for (earlier, later) in zip(sorted, sorted.dropFirst())
      where earlier.client != later.client && later.from < earlier.to {
        let names = [earlier, later].map { clients[$0.client].name }.joined(separator: " and ")
        verdicts[later.client] = Verdict(
          .duplicateUUID, .warning,
          cause: "Two machines with the UUID \(uuid) boot at the same time: \(names).",
          evidence: [earlier.packet, later.packet],
          remedy:
            "Cloned virtual machines and some boards share a UUID. Know these machines by MAC "
            + "address, and give them UUIDs of their own.")
      }
    }
    return verdicts
  }
}
