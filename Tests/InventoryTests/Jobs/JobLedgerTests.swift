/// InventoryTests: jobs on a real disk, through restarts, kills and a disk that fails.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct JobLedgerTests {
  let directory: StateDirectory

  init() throws { directory = try StateDirectory() }

  @Test func `killed after the request was answered, it installs exactly once`() async throws {
    let before = try directory.open()
    let job = try await before.jobs.createJob(request(), at: at(0))
    // Not closed: what is on the disk now is all that SIGKILL leaves.
    let after = try directory.open()
    #expect(
      try await after.jobs.claim(machineA, by: addressA, at: at(60)) == after.jobs.job(job.id))
    for file in InstallFile.allCases {
      await after.jobs.fetched(file, of: "debian", by: addressA, at: at(70))
    }
    let third = try directory.open()
    #expect(try await third.jobs.claim(machineA, by: addressA, at: at(200)) == nil)
    #expect(try await third.jobs.job(job.id)?.state == .installed(at: at(70)))
  }

  @Test func `killed between kernel and initrd, the lease goes on`() async throws {
    let before = try directory.open()
    _ = try await before.jobs.createJob(request(), at: at(0))
    _ = try await before.jobs.claim(machineA, by: addressA, at: at(1))
    await before.jobs.fetched(.kernel, of: "debian", by: addressA, at: at(2))
    let after = try directory.open()
    let job = await after.jobs.fetched(.initrd, of: "debian", by: addressA, at: at(3))
    #expect(job?.state == .installed(at: at(3)))
  }

  @Test func `every state and report survives`() async throws {
    let before = try directory.open()
    for step in 0..<4 {
      let job = try await before.jobs.createJob(request(), at: at(Double(step)))
      let reports: [PowerReport] = [.pending, .succeeded("on"), .failed("no answer"), .pending]
      try await before.jobs.recordPower(job.id, reports[step], at: at(Double(step)))
    }
    _ = try await before.jobs.cancel(4, at: at(5))
    _ = try await before.jobs.createJob(request(machineB), at: at(6))
    // One that is still pending does not stay so: see below.
    try await before.jobs.recordPower(5, .succeeded("cycled"), at: at(6))
    _ = try await before.jobs.claim(machineB, by: addressB, at: at(7))
    let kept = try await before.jobs.jobs(includingEnded: true)
    #expect(kept.map(\.id) == [5, 4, 3, 2, 1])
    await before.close()
    let after = try directory.open()
    #expect(try await after.jobs.jobs(includingEnded: true) == kept)
    #expect(try await after.jobs.jobs().map(\.id) == [5])
    #expect(try await after.jobs.createJob(request(), at: at(8)).id == 6)
  }

  @Test func `cancel tells what there was to cancel`() async throws {
    let jobs = try directory.open().jobs
    let job = try await jobs.createJob(request(), at: at(0))
    guard case .cancelled(let cancelled) = try await jobs.cancel(job.id, at: at(1)) else {
      Issue.record("not cancelled")
      return
    }
    #expect(try await jobs.cancel(job.id, at: at(2)) == .alreadyEnded(cancelled))
    #expect(try await jobs.cancel(99, at: at(2)) == .unknown)
  }

  @Test func `the power report of an ended job is kept`() async throws {
    let jobs = try directory.open().jobs
    let job = try await jobs.createJob(request(), at: at(0))
    _ = try await jobs.cancel(job.id, at: at(1))
    let told = try await jobs.recordPower(job.id, .succeeded("cycled"), at: at(2))
    #expect(told?.power == .succeeded("cycled"))
    #expect(try await jobs.job(job.id) == told)
    #expect(try await jobs.recordPower(99, .pending, at: at(3)) == nil)
  }

  @Test func `ended jobs are pruned, the latest id never`() async throws {
    let inventory = try directory.open(InventorySettings(endedJobsKept: 3))
    for step in 0..<10 {
      let job = try await inventory.jobs.createJob(request(), at: at(Double(step)))
      _ = try await inventory.jobs.cancel(job.id, at: at(Double(step)))
    }
    #expect(try await inventory.jobs.jobs(includingEnded: true).map(\.id) == [10, 9, 8])
    #expect(try await directory.open().jobs.createJob(request(), at: at(20)).id == 11)
  }

  @Test func `where the disk fails, nothing that was asked for has happened`() async throws {
    let jobs = try directory.open().jobs
    _ = try await jobs.createJob(request(), at: at(0))
    try directory.sql("ALTER TABLE job RENAME TO away")
    await #expect(throws: InventoryError.self) {
      try await jobs.claim(machineA, by: addressA, at: at(1))
    }
    await #expect(throws: InventoryError.self) {
      try await jobs.createJob(request(machineB), at: at(1))
    }
    #expect(await jobs.liveJob(of: machineA)?.state == .waiting(after: nil))
    #expect(await jobs.liveJob(of: machineB) == nil)
    try directory.sql("ALTER TABLE away RENAME TO job")
    #expect(try await jobs.claim(machineA, by: addressA, at: at(2)) != nil)
  }

  @Test func `where the disk fails, what a machine did is remembered and written later`()
    async throws
  {
    let jobs = try directory.open().jobs
    _ = try await jobs.createJob(request(), at: at(0))
    _ = try await jobs.claim(machineA, by: addressA, at: at(1))
    try directory.sql("ALTER TABLE job RENAME TO away")
    for file in InstallFile.allCases {
      await jobs.fetched(file, of: "debian", by: addressA, at: at(2))
    }
    #expect(try await jobs.claim(machineA, by: addressA, at: at(3)) == nil)
    #expect(try await jobs.job(1)?.state == .installed(at: at(2)))
    try directory.sql("ALTER TABLE away RENAME TO job")
    await jobs.pass(to: at(4))
    #expect(try await directory.open().jobs.job(1)?.state == .installed(at: at(2)))
  }

  @Test func `the facts are told in the story of the machine`() async throws {
    let inventory = try directory.open()
    _ = try await inventory.jobs.createJob(request(), at: at(0))
    try await inventory.jobs.recordPower(1, .succeeded("cycled"), at: at(1))
    inventory.boots.record(
      BootObservation(.dhcpDiscover, mac: machineA, at: at(30), text: "It asks."))
    for second in [40.0, 41] {
      _ = try await inventory.jobs.claim(machineA, by: addressA, at: at(second))
    }
    for file in InstallFile.allCases {
      await inventory.jobs.fetched(file, of: "debian", by: addressA, at: at(50))
    }
    let boots = try await inventory.boots.boots(mac: machineA)
    #expect(
      boots.map { $0.events.map(\.kind) } == [
        [.jobCreated, .powerSucceeded, .dhcpDiscover, .jobClaimed, .jobInstalled]
      ])
    #expect(boots.first?.address == addressA)
  }

  @Test func `a power command that a stop cut off is no longer pending`() async throws {
    _ = try await directory.open().jobs.createJob(request(), at: at(0))
    let job = try #require(try await directory.open().jobs.jobs().first)
    #expect(job.power == .failed("the appliance was stopped before the BMC had answered"))
    #expect(job.isLive)
  }

  @Test func `jobs of many machines at once`() async throws {
    let jobs = try directory.open().jobs
    try await withThrowingTaskGroup { group in
      for number in 0..<100 {
        group.addTask {
          let mac = MACAddress(value: 0x5254_0000_0000 + UInt64(number))
          let address = IPAddress.v4(IPv4Address(10, 0, 1, UInt8(number)))
          _ = try await jobs.createJob(request(mac), at: at(0))
          _ = try await jobs.claim(mac, by: address, at: at(1))
          for file in InstallFile.allCases {
            await jobs.fetched(file, of: "debian", by: address, at: at(2))
          }
        }
      }
      try await group.waitForAll()
    }
    let ended = try await jobs.jobs(includingEnded: true)
    #expect(Set(ended.map(\.id)) == Set(1...100))
    #expect(ended.allSatisfy { $0.state == .installed(at: at(2)) })
  }
}
