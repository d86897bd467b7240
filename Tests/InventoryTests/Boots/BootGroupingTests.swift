/// InventoryTests: how events become stories, without a disk.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct BootGroupingTests {
  var grouping = BootGrouping()

  private mutating func place(
    _ kind: BootEventKind, mac: MACAddress? = machineA, _ address: IPAddress? = nil,
    at seconds: Double
  ) -> Int? {
    grouping.place(
      BootObservation(kind, mac: mac, address: address, at: at(seconds), text: ""))?.boot.id
  }

  @Test mutating func `the boot of a BIOS machine through undionly is one story`() {
    let story: [(BootEventKind, MACAddress?, Double)] = [
      (.dhcpDiscover, machineA, 0), (.dhcpOffer, machineA, 0), (.dhcpRequest, machineA, 2),
      (.dhcpAck, machineA, 2), (.tftpRequested, nil, 3), (.tftpFinished, nil, 4),
      (.ipxeDiscover, machineA, 6), (.dhcpOffer, machineA, 6), (.scriptInstall, machineA, 8),
      (.ipxeDiscover, machineA, 9), (.ipxeDiscover, machineA, 10), (.ipxeDiscover, machineA, 18),
      (.imageStarted, nil, 20), (.imageFinished, nil, 600), (.jobInstalled, machineA, 600),
    ]
    for (kind, mac, second) in story {
      // The machine has its address from the REQUEST on.
      #expect(place(kind, mac: mac, second < 2 ? nil : addressA, at: second) == 1, "\(kind)")
    }
    #expect(place(.dhcpDiscover, at: 640) == 2)
  }

  @Test mutating func `retries of DISCOVER within a minute stay in the boot`() {
    for second in [0.0, 4, 12, 28, 60, 120] { #expect(place(.dhcpDiscover, at: second) == 1) }
  }

  @Test mutating func `a DISCOVER after the loader is a new boot`() {
    #expect(place(.dhcpDiscover, at: 0) == 1)
    #expect(place(.tftpRequested, at: 1) == 1)
    #expect(place(.dhcpDiscover, at: 2) == 2)
  }

  @Test mutating func `a DISCOVER after a long silence is a new boot`() {
    #expect(place(.dhcpDiscover, at: 0) == 1)
    #expect(place(.dhcpDiscover, at: 180) == 1)
    #expect(place(.dhcpDiscover, at: 361) == 2)
  }

  @Test mutating func `a NIC whose ROM is iPXE begins anew after a reset`() {
    #expect(place(.ipxeDiscover, at: 0) == 1)
    #expect(place(.scriptChain, at: 2) == 1)
    #expect(place(.ipxeDiscover, at: 10) == 1)
    #expect(place(.scriptDisk, at: 11) == 1)
    #expect(place(.ipxeDiscover, at: 11.2) == 1)
    #expect(place(.scriptDisk, at: 12) == 1)
    #expect(place(.ipxeDiscover, at: 20) == 2)
  }

  @Test mutating func `what a reimage causes begins with the request, also on a slow server`() {
    #expect(place(.scriptDisk, at: 0) == 1)
    #expect(place(.jobCreated, at: 1) == 2)
    #expect(place(.powerSucceeded, at: 3) == 2)
    #expect(place(.dhcpDiscover, at: 900) == 2)
    #expect(place(.dhcpDiscover, at: 1090) == 3)
  }

  @Test mutating func `the end of a long download belongs to its beginning`() {
    #expect(place(.imageStarted, at: 0) == 1)
    #expect(place(.imageFinished, at: 4000) == 1)
    #expect(place(.jobExpired, at: 7200) == 1)
  }

  @Test mutating func `machines have their own stories`() {
    #expect(place(.dhcpDiscover, at: 0) == 1)
    #expect(place(.dhcpDiscover, mac: machineB, at: 0) == 2)
    #expect(place(.tftpRequested, addressA, at: 1) == 1)
    #expect(place(.tftpRequested, mac: machineB, addressB, at: 1) == 2)
    #expect(place(.tftpFinished, mac: nil, addressB, at: 2) == 2)
    #expect(place(.tftpFinished, mac: nil, addressA, at: 2) == 1)
  }

  @Test mutating func `what came before the address was known is adopted`() {
    #expect(place(.dhcpDiscover, at: 0) == 1)
    #expect(place(.tftpRequested, mac: nil, addressA, at: 2) == 2)
    #expect(place(.tftpFinished, mac: nil, addressA, at: 3) == 2)
    let script = grouping.place(
      BootObservation(.scriptDisk, mac: machineA, address: addressA, at: at(9), text: ""))
    #expect(script?.boot.id == 1)
    #expect(script?.adopts == 2)
    #expect(script?.boot.eventCount == 4)
    #expect(place(.imageStarted, mac: nil, addressA, at: 10) == 1)
  }

  @Test mutating func `an old story of an address is nobody's`() {
    #expect(place(.tftpRequested, mac: nil, addressA, at: 0) == 1)
    let script = grouping.place(
      BootObservation(.scriptDisk, mac: machineA, address: addressA, at: at(3600), text: ""))
    #expect(script?.boot.id == 2)
    #expect(script?.adopts == nil)
  }

  @Test mutating func `an address goes to the machine that was seen with it last`() {
    #expect(place(.scriptDisk, addressA, at: 0) == 1)
    #expect(place(.scriptDisk, mac: machineB, addressA, at: 10) == 2)
    #expect(place(.imageFinished, mac: nil, addressA, at: 11) == 2)
  }

  @Test mutating func `an address that was silent for hours may be another machine's`() {
    #expect(place(.scriptDisk, addressA, at: 0) == 1)
    #expect(place(.tftpFinished, mac: nil, addressA, at: 7200) == 1)
    #expect(place(.tftpRequested, mac: nil, addressA, at: 20_000) == 2)
    let script = grouping.place(
      BootObservation(.scriptDisk, mac: machineB, address: addressA, at: at(20_001), text: ""))
    #expect(script?.boot.id == 3)
    #expect(script?.adopts == 2)
  }

  @Test mutating func `an event of nobody is no event`() {
    #expect(place(.tftpRequested, mac: nil, at: 0) == nil)
  }

  @Test mutating func `a story has an end`() {
    for second in 0..<500 { #expect(place(.dhcpDiscover, at: Double(second)) == 1) }
    #expect(place(.dhcpDiscover, at: 500) == 2)
  }

  @Test mutating func `a restart does not cut a story`() {
    _ = place(.dhcpDiscover, addressA, at: 0)
    let placement = grouping.place(
      BootObservation(.tftpRequested, mac: machineA, at: at(1), text: ""))
    grouping = BootGrouping(nextID: 2, recent: [placement?.boot].compactMap(\.self))
    #expect(place(.tftpFinished, mac: nil, addressA, at: 2) == 1)
    #expect(place(.dhcpDiscover, at: 3) == 2)
  }

  @Test func `machines without end do not take memory without end`() {
    var grouping = BootGrouping(machinesKept: 100)
    for number in 1...1000 {
      let mac = MACAddress(value: UInt64(number))
      let note = BootObservation(.dhcpDiscover, mac: mac, at: at(Double(number)), text: "")
      #expect(grouping.place(note)?.boot.id == number)
    }
    let last = BootObservation(
      .dhcpOffer, mac: MACAddress(value: 1000), at: at(1000), text: "")
    #expect(grouping.place(last)?.boot.id == 1000)
  }

  @Test func `addresses without end of one machine neither`() {
    var grouping = BootGrouping(machinesKept: 10)
    func place(_ mac: MACAddress?, _ address: UInt32) -> Int? {
      grouping.place(
        BootObservation(
          .dhcpRequest, mac: mac, address: .v4(IPv4Address(value: address)), at: at(0), text: "")
      )?.boot.id
    }
    for number in 1...21 { #expect(place(machineA, UInt32(number)) == 1) }
    #expect(place(nil, 21) == 1)
    #expect(place(nil, 1) == 2)
  }
}
