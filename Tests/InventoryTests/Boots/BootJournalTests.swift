/// InventoryTests: the journal on a real disk.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct BootJournalTests {
  let directory: StateDirectory

  init() throws { directory = try StateDirectory() }

  private func note(
    _ kind: BootEventKind, mac: MACAddress? = machineA, address: IPAddress? = nil,
    at seconds: Double, _ text: String = "It happened."
  ) -> BootObservation {
    BootObservation(
      kind, mac: mac, address: address, at: at(seconds), text: text, details: ["n": "\(seconds)"])
  }

  @Test func `what was just recorded is read, and survives a kill`() async throws {
    let before = try directory.open()
    before.boots.record(note(.dhcpDiscover, at: 0, "It asks."))
    before.boots.record(note(.tftpRequested, address: addressA, at: 1, "It wants a loader."))
    let boots = try await before.boots.boots(mac: machineA)
    #expect(boots.first?.events.map(\.text) == ["It asks.", "It wants a loader."])
    #expect(boots.first?.startedAt == at(0))
    #expect(boots.first?.lastAt == at(1))
    #expect(boots.first?.events.last?.details == ["n": "1.0"])

    let after = try directory.open()
    #expect(try await after.boots.boots(mac: machineA) == boots)
    #expect(try await after.boots.boot(1) == boots.first)
    #expect(try await after.boots.boots(mac: machineB) == [])
    after.boots.record(note(.tftpFinished, mac: nil, address: addressA, at: 2))
    #expect(try await after.boots.boot(1)?.events.map(\.id) == [1, 2, 3])
    #expect(try await after.boots.boot(2) == nil)
  }

  @Test func `the latest boots first, as many as asked for`() async throws {
    let boots = try directory.open().boots
    for number in 0..<5 { boots.record(note(.dhcpDiscover, at: Double(number) * 1000)) }
    boots.record(note(.dhcpDiscover, mac: machineB, at: 9000))
    #expect(try await boots.boots(limit: 3).map(\.id) == [6, 5, 4])
    #expect(try await boots.boots(mac: machineA, limit: 2).map(\.id) == [5, 4])
  }

  @Test func `what came from an address is adopted, from memory and from disk`() async throws {
    let boots = try directory.open().boots
    for round in [0.0, 10_000] {
      boots.record(note(.dhcpDiscover, at: round))
      boots.record(note(.tftpRequested, mac: nil, address: desk, at: round + 1))
      if round > 0 { _ = try await boots.boots() }
      boots.record(note(.scriptDisk, address: desk, at: round + 2))
      let latest = try await boots.boots()
      #expect(latest.first?.events.map(\.kind) == [.dhcpDiscover, .tftpRequested, .scriptDisk])
      #expect(latest.first?.events.allSatisfy { $0.mac == machineA } == true)
      #expect(latest.allSatisfy { $0.mac == machineA })
    }
  }

  @Test func `ten thousand events from many tasks, all kept`() async throws {
    let boots = try directory.open().boots
    await withTaskGroup { group in
      for number in 0..<100 {
        group.addTask {
          let mac = MACAddress(value: 0x5254_0000_0000 + UInt64(number))
          for second in 0..<100 {
            boots.record(note(.tftpProbe, mac: mac, at: Double(second)))
          }
        }
      }
    }
    let all = try await boots.boots(limit: 1000)
    #expect(all.count == 100)
    #expect(all.allSatisfy { $0.events.count == 100 })
    #expect(Set(all.flatMap { $0.events.map(\.id) }) == Set(1...10_000))
    #expect(await boots.health() == .init(dropped: 0, unwritten: 0, failure: nil))
  }

  @Test func `boots of a machine are pruned, of others not`() async throws {
    let boots = try directory.open(InventorySettings(bootsKept: 3)).boots
    boots.record(note(.dhcpDiscover, mac: machineB, at: 0))
    for number in 0..<10 {
      boots.record(note(.dhcpDiscover, at: Double(number) * 1000))
      if number.isMultiple(of: 4) { _ = try await boots.boots() }
    }
    #expect(try await boots.boots(mac: machineA).map(\.id) == [11, 10, 9])
    #expect(try await boots.boots(mac: machineB).map(\.id) == [1])
  }

  @Test func `events in all are pruned, with the boots that they emptied`() async throws {
    let boots = try directory.open(InventorySettings(eventsKept: 100)).boots
    for number in 0..<30 {
      let mac = MACAddress(value: 0x5254_0000_0000 + UInt64(number))
      for second in 0..<10 { boots.record(note(.dhcpDiscover, mac: mac, at: Double(second))) }
      _ = try await boots.boots(limit: 1)
    }
    let kept = try await boots.boots(limit: 1000)
    #expect(kept.map(\.id) == Array((21...30).reversed()))
    #expect(kept.flatMap(\.events).count == 100)
  }

  @Test func `followers hear of events in order, with their places`() async throws {
    let inventory = try directory.open()
    inventory.boots.record(note(.dhcpDiscover, at: 0))
    _ = try await inventory.boots.boots()
    let first = inventory.boots.events()
    let second = inventory.boots.events()
    for number in 1...50 { inventory.boots.record(note(.tftpProbe, at: Double(number))) }
    await inventory.close()
    for stream in [first, second] {
      var heard: [BootEvent] = []
      for await event in stream { heard.append(event) }
      #expect(heard.map(\.id) == Array(2...51))
      #expect(heard.allSatisfy { $0.boot == 1 })
    }
    for await _ in inventory.boots.events() { Issue.record("heard after the end") }
  }

  @Test func `a slow follower misses the oldest`() async throws {
    let inventory = try directory.open()
    let stream = inventory.boots.events(buffer: 3)
    for number in 1...10 { inventory.boots.record(note(.tftpProbe, at: Double(number))) }
    await inventory.close()
    var heard: [Int] = []
    for await event in stream { heard.append(event.id) }
    #expect(heard == [8, 9, 10])
  }

  @Test func `where the disk fails, stories are read from memory and written later`() async throws {
    let boots = try directory.open(InventorySettings(eventsWaiting: 5)).boots
    boots.record(note(.dhcpDiscover, at: 0))
    _ = try await boots.boots()
    try directory.sql("ALTER TABLE event RENAME TO away")
    boots.record(note(.tftpRequested, at: 1))
    boots.record(note(.dhcpDiscover, mac: machineB, at: 1))
    #expect(try await boots.boots().map(\.mac) == [machineB, machineA])
    let health = await boots.health()
    #expect(health.unwritten == 2)
    #expect(health.failure?.description.contains(directory.file) == true)
    for second in 2..<6 {
      boots.record(note(.tftpProbe, at: Double(second)))
      _ = await boots.health()
    }
    #expect(await boots.health().dropped == 1)
    try directory.sql("ALTER TABLE away RENAME TO event")
    #expect(await boots.health() == .init(dropped: 1, unwritten: 0, failure: nil))
    #expect(try await boots.boots(mac: machineA).first?.events.map(\.id) == [1, 4, 5, 6, 7])
  }

  @Test func `a rack of 500 machines is told whole`() async throws {
    let boots = try directory.open().boots
    for step in 0..<15 {
      for number in 0..<500 {
        let mac = MACAddress(value: 0x5254_0000_0000 + UInt64(number))
        #expect(boots.admits(of: mac, standing: { .stranger }))
        boots.take(note(step == 0 ? .dhcpDiscover : .tftpProbe, mac: mac, at: Double(step)))
      }
    }
    let all = try await boots.boots(limit: 1000)
    #expect(all.count == 500)
    #expect(all.allSatisfy { $0.events.map(\.at) == (0..<15).map { at(Double($0)) } })
    #expect(boots.takeShed() == nil)
  }

  @Test func `a flood of strangers is shed and counted, known machines are told`() async throws {
    let boots = try directory.open(
      InventorySettings(eventsPerSecond: 10, eventsAtOnce: 100)
    ).boots
    var told = 0
    for number in 0..<50_000 {
      let mac = MACAddress(value: 0x5254_0000_0000 + UInt64(number))
      if boots.admits(2, of: mac, standing: { .stranger }) {
        told += 2
        boots.take(note(.dhcpDiscover, mac: mac, at: 0))
        boots.take(note(.dhcpOffer, mac: mac, at: 0))
      }
    }
    for second in 0..<20 { boots.record(note(.tftpProbe, at: Double(second))) }
    #expect(try await boots.boots(mac: machineA).first?.events.count == 20)
    let all = try await boots.boots(limit: 100_000)
    #expect(all.reduce(0) { $0 + $1.events.count } == told + 20)
    #expect(boots.takeShed()?.events == 100_000 - told)
    #expect(told < 1000)
  }

  @Test func `boots that ended in DHCP don't push out the others`() async throws {
    let boots = try directory.open(
      InventorySettings(eventsKept: 10_000, fruitlessBootsKept: 100)
    ).boots
    for second in 0..<3 { boots.record(note(.tftpRequested, at: Double(second))) }
    for number in 0..<1000 {
      let mac = MACAddress(value: 0x5254_0000_0000 + UInt64(number))
      boots.record(note(.dhcpDiscover, mac: mac, at: 10))
      if number.isMultiple(of: 10) { _ = try await boots.boots(limit: 1) }
    }
    let kept = try await boots.boots(limit: 10_000)
    #expect((101...120).contains(kept.count), "\(kept.count)")
    #expect(kept.last?.mac == machineA)
    #expect(kept.last?.events.count == 3)
    #expect(kept.first?.id == 1001)
  }
}
