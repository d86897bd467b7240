/// BootDoctor: which machine a packet belongs to, and which step of which boot.

import DHCPProxy
import PacketCapture
import Wire

extension Explainer {
  func client(_ mac: MACAddress?) -> Int? { mac.flatMap { byHardware[$0] } }

  /// A machine that is known by its hardware address, or becomes so; nil when there are too many.
  mutating func client(making mac: MACAddress) -> Int? {
    if let index = byHardware[mac] { return index }
    guard let index = makeClient(ClientRecord(mac: mac)) else { return nil }
    byHardware[mac] = index
    return index
  }

  /// The machine that has this address now. Behind a router many have one hardware address, so that
  /// counts only for a machine that nobody has seen with another address.
  mutating func client(making address: IPAddress, hardware: MACAddress?) -> Int? {
    if let index = byAddress[address] { return index }
    guard address.isOfOneHost else { return nil }
    if let hardware, hardware.isUnicast {
      if let index = byHardware[hardware] {
        // It asked by DHCP, so it is a machine itself.
        if clients[index].record.family != nil || clients[index].record.addresses.isEmpty {
          assign(address, to: index)
          return index
        }
      } else {
        guard let index = client(making: hardware) else { return nil }
        assign(address, to: index)
        return index
      }
    }
    guard let index = makeClient(ClientRecord()) else { return nil }
    assign(address, to: index)
    return index
  }

  private mutating func makeClient(_ record: ClientRecord) -> Int? {
    guard clients.count < Self.mostClients else {
      omit("packets of more machines")
      return nil
    }
    clients.append(ClientState(record: record))
    return clients.count - 1
  }

  mutating func assign(_ address: IPAddress, to client: Int) {
    guard address.isOfOneHost else { return }
    if byAddress.count > 4 * Self.mostClients { byAddress.removeAll() }
    byAddress[address] = client
    guard !clients[client].record.addresses.contains(address) else { return }
    if clients[client].record.addresses.count >= 8 {
      clients[client].record.addresses.removeFirst()
    }
    clients[client].record.addresses.append(address)
  }
}

extension Explainer {
  /// A new boot of this machine.
  mutating func begin(_ client: Int, _ record: BootRecord, signature: Int? = nil) {
    flush(client: client)
    if clients[client].boots.count >= ClientState.mostBoots {
      stepCount -= clients[client].boots.removeFirst().record.steps.count
      clients[client].dropped += 1
    }
    var state = BootState(record: record)
    state.signature = signature
    clients[client].boots.append(state)
  }

  /// A new step in the machine's present boot, which is made when there is none.
  mutating func append(_ step: BootRecord.Step, to client: Int) -> StepPlace? {
    guard stepCount < Self.mostSteps else {
      omit("steps")
      return nil
    }
    if clients[client].boots.isEmpty {
      let known = clients[client].record
      begin(client, BootRecord(mac: known.mac, uuid: known.uuid, seenUntil: now))
    }
    serial &+= 1
    let last = clients[client].boots.count - 1
    let place = clients[client].boots[last].append(step, serial: serial)
    if place.isNew { stepCount += 1 }
    return StepPlace(
      client: client, boot: clients[client].dropped + last, slot: place.slot, serial: serial)
  }

  private func index(_ place: StepPlace) -> Int? {
    let index = place.boot - clients[place.client].dropped
    guard clients[place.client].boots.indices.contains(index) else { return nil }
    let boot = clients[place.client].boots[index]
    guard boot.serials.indices.contains(place.slot), boot.serials[place.slot] == place.serial else {
      return nil
    }
    return index
  }

  mutating func replace(_ place: StepPlace?, with step: BootRecord.Step) {
    guard let place, let index = index(place) else { return }
    clients[place.client].boots[index].record.steps[place.slot] = step
  }

  /// The steps of the present boot, newest first: their slots with what is in them.
  func recentSteps(_ client: Int) -> [(place: StepPlace, step: BootRecord.Step)] {
    guard let boot = clients[client].boots.last else { return [] }
    let number = clients[client].dropped + clients[client].boots.count - 1
    return boot.recentSlots(24).map { slot in
      let place = StepPlace(client: client, boot: number, slot: slot, serial: boot.serials[slot])
      return (place, boot.record.steps[slot])
    }
  }

  mutating func tell(_ client: Int, _ moment: Moment, _ text: @autoclosure () -> String) {
    guard isLive else { return }
    let record = clients[client].record
    events.append(
      StepEvent(client: record.name, mac: record.mac, moment: moment, text: text()))
  }
}
