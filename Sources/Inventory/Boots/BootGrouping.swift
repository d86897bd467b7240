/// Inventory: which boot an observation belongs to; the rule by which events become stories.

import Foundation
import Wire

/// A machine is known by its MAC address, and by its IP address as soon as both were seen together.
/// What came from an address before that is adopted by the machine's boot.
struct BootGrouping: Equatable, Sendable {
  private enum Machine: Hashable, Sendable {
    case mac(MACAddress)
    case address(IPAddress)
  }

  struct Placement: Equatable, Sendable {
    /// The boot as it is with the observation in it.
    var boot: RunningBoot
    var begins: Bool
    /// A boot that turned out to be a part of this one, and is no more.
    var adopts: Int?
  }

  /// After this much silence a DHCP server may have given the address to another machine.
  private static let addressTrust: TimeInterval = 7200

  private var running: [Machine: RunningBoot] = [:]
  private var machines: [IPAddress: Machine] = [:]
  private var nextID: Int

  /// Of more machines than this, those that were silent longest are forgotten: their next event
  /// begins a new boot, as it would anyway.
  private let machinesKept: Int

  /// `recent`: the last boot of each machine, oldest first.
  init(nextID: Int = 1, recent: [RunningBoot] = [], machinesKept: Int = 20_000) {
    self.nextID = nextID
    self.machinesKept = machinesKept
    for boot in recent {
      guard let machine = boot.mac.map(Machine.mac) ?? boot.address.map(Machine.address) else {
        continue
      }
      running[machine] = boot
      if let address = boot.address { machines[address] = machine }
    }
  }

  /// nil for an observation that names neither machine nor address.
  mutating func place(_ observation: BootObservation) -> Placement? {
    guard let machine = machine(of: observation) else { return nil }
    var former = running[machine]
    if former?.isOver(before: observation.kind.part, at: observation.at) == true { former = nil }
    let begins = former == nil
    var boot = former ?? begin(observation)
    boot.add(observation)

    var adopted: Int?
    if let address = observation.address, case .mac = machine {
      adopted = adopt(from: address, into: &boot)
      machines[address] = machine
    } else if let address = observation.address {
      machines[address] = machine
    }
    running[machine] = boot
    forgetSome()
    return Placement(boot: boot, begins: begins, adopts: adopted)
  }

  private func machine(of observation: BootObservation) -> Machine? {
    if let mac = observation.mac { return .mac(mac) }
    guard let address = observation.address else { return nil }
    guard let machine = machines[address], let boot = running[machine],
      observation.at.timeIntervalSince(boot.lastAt) <= Self.addressTrust
    else { return .address(address) }
    return machine
  }

  private mutating func begin(_ observation: BootObservation) -> RunningBoot {
    defer { nextID += 1 }
    return RunningBoot(
      id: nextID, startedAt: observation.at, lastAt: observation.at,
      phase: RunningBoot.firstPhase(observation.kind.part), eventCount: 0)
  }

  /// A loader that was fetched before the machine's address was known belongs to the boot that
  /// follows at once.
  private mutating func adopt(
    from address: IPAddress, into boot: inout RunningBoot
  ) -> Int? {
    guard machines[address] == .address(address) else { return nil }
    guard let anonymous = running.removeValue(forKey: .address(address)),
      boot.lastAt.timeIntervalSince(anonymous.lastAt) <= RunningBoot.silence
    else { return nil }
    boot.startedAt = min(boot.startedAt, anonymous.startedAt)
    boot.eventCount += anonymous.eventCount
    boot.phase = max(boot.phase, anonymous.phase)
    return anonymous.id
  }

  private mutating func forgetSome() {
    if machines.count > 2 * max(machinesKept, 1) {
      // One machine that claims address after address: its latest one counts.
      machines = machines.filter { running[$0.value]?.address == $0.key }
    }
    guard running.count > machinesKept else { return }
    let silentLongest = running.sorted { $0.value.lastAt < $1.value.lastAt }
    for (machine, _) in silentLongest.prefix(machinesKept / 2) { running[machine] = nil }
    machines = machines.filter { running[$0.value] != nil }
  }
}
