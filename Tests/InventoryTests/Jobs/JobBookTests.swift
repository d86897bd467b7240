/// InventoryTests: all live jobs together.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct JobBookTests {
  var book = JobBook(settings: .plain)

  @Test mutating func `a machine without a job gets nothing and leaves no fact`() {
    let (job, facts) = book.claim(machineA, by: addressA, at: at(0))
    #expect(job == nil)
    #expect(facts.isEmpty)
  }

  @Test mutating func `the whole life of a job, as facts`() {
    let (job, created) = book.create(request(), at: at(0))
    #expect(created == [JobFact(kind: .created, job: job, at: at(0))])
    #expect(job.id == 1)

    let (claimed, facts) = book.claim(machineA, by: addressA, at: at(10))
    #expect(claimed?.id == 1)
    #expect(facts.map(\.kind) == [.claimed(by: addressA, again: false)])
    #expect(
      book.claim(machineA, by: addressA, at: at(20)).1.map(\.kind)
        == [.claimed(by: addressA, again: true)])

    let kernel = book.fetched(.kernel, of: "debian", by: addressA, at: at(30))
    #expect(kernel.map(\.kind) == [.fetched(.kernel, by: addressA)])
    let initrd = book.fetched(.initrd, of: "debian", by: addressA, at: at(40))
    #expect(initrd.map(\.kind) == [.installed])
    #expect(initrd.first?.job.state == .installed(at: at(40)))

    #expect(book.claim(machineA, by: addressA, at: at(50)).0 == nil)
    #expect(book.live.isEmpty)
  }

  @Test mutating func `a second request takes the place of the first`() {
    let (first, _) = book.create(request(), at: at(0))
    _ = book.claim(machineA, by: addressA, at: at(1))
    let (second, facts) = book.create(request(location: "ubuntu"), at: at(2))
    #expect(facts.map(\.kind) == [.superseded, .created])
    #expect(facts.first?.job.id == first.id)
    #expect(facts.first?.job.state == .superseded(by: second.id, at: at(2)))
    #expect(book.fetched(.kernel, of: "debian", by: addressA, at: at(3)).isEmpty)
    #expect(book.claim(machineA, by: addressA, at: at(4)).0?.location == "ubuntu")
  }

  @Test mutating func `a request after the time limit supersedes nothing`() {
    _ = book.create(request(), at: at(0))
    let (_, facts) = book.create(request(), at: at(8000))
    #expect(facts.map(\.kind) == [.expired, .created])
    #expect(facts.first?.at == at(7200))
  }

  @Test mutating func `machines do not touch each other`() {
    _ = book.create(request(machineA), at: at(0))
    _ = book.create(request(machineB), at: at(0))
    _ = book.claim(machineA, by: addressA, at: at(1))
    _ = book.claim(machineB, by: addressB, at: at(1))
    for file in InstallFile.allCases {
      _ = book.fetched(file, of: "debian", by: addressA, at: at(2))
    }
    #expect(book.job(of: machineA) == nil)
    #expect(book.job(of: machineB)?.latestLease?.fetched == [])
  }

  @Test mutating func `files of another location are for nobody`() {
    _ = book.create(request(), at: at(0))
    _ = book.claim(machineA, by: addressA, at: at(1))
    #expect(book.fetched(.kernel, of: "ubuntu", by: addressA, at: at(2)).isEmpty)
  }

  @Test mutating func `two machines behind one address both install`() {
    for mac in [machineA, machineB] {
      _ = book.create(request(mac), at: at(0))
      _ = book.claim(mac, by: desk, at: at(1))
    }
    for file in [InstallFile.kernel, .kernel, .initrd, .initrd] {
      _ = book.fetched(file, of: "debian", by: desk, at: at(2))
    }
    #expect(book.live.isEmpty)
  }

  @Test mutating func `an address that went to another machine counts for that one`() {
    for (mac, second) in [(machineA, 1.0), (machineB, 100.0)] {
      _ = book.create(request(mac), at: at(0))
      _ = book.claim(mac, by: addressA, at: at(second))
    }
    for file in InstallFile.allCases {
      _ = book.fetched(file, of: "debian", by: addressA, at: at(200))
    }
    #expect(Array(book.live.keys) == [machineA])
  }

  @Test mutating func `a lease that ran out is told before the next claim`() {
    _ = book.create(request(), at: at(0))
    _ = book.claim(machineA, by: addressA, at: at(0))
    let (job, facts) = book.claim(machineA, by: addressA, at: at(1000))
    #expect(job != nil)
    #expect(facts.map(\.kind) == [.leaseEnded, .claimed(by: addressA, again: false)])
    #expect(facts.first?.at == at(600))
  }

  @Test mutating func `cancel ends a live job once`() {
    let (job, _) = book.create(request(), at: at(0))
    #expect(book.cancel(99, at: at(1)).0 == nil)
    #expect(book.cancel(job.id, at: at(1)).0?.state == .cancelled(at: at(1)))
    #expect(book.cancel(job.id, at: at(2)).0 == nil)
    #expect(book.claim(machineA, by: addressA, at: at(3)).0 == nil)
  }

  @Test mutating func `cancel after the time limit is an expiry`() {
    let (job, _) = book.create(request(), at: at(0))
    let (cancelled, facts) = book.cancel(job.id, at: at(9000))
    #expect(cancelled == nil)
    #expect(facts.map(\.kind) == [.expired])
  }

  @Test mutating func `what the power command said stays with the job`() {
    let (job, _) = book.create(request(), at: at(0))
    let fact = book.recordPower(job.id, .failed("no answer"), at: at(5))
    #expect(fact?.job.power == .failed("no answer"))
    #expect(book.claim(machineA, by: addressA, at: at(6)).0?.power == .failed("no answer"))
    #expect(book.recordPower(99, .pending, at: at(5)) == nil)
  }

  @Test mutating func `time passes for all jobs in the order of their ids`() {
    for mac in [machineB, machineA] { _ = book.create(request(mac), at: at(0)) }
    #expect(book.pass(to: at(1)).isEmpty)
    #expect(book.pass(to: at(7200)).map(\.job.mac) == [machineB, machineA])
    #expect(book.live.isEmpty)
  }

  @Test func `of two live jobs of one machine in a store the later one counts`() {
    let jobs = [2, 1].map { ReimageJob(id: $0, request: request(), createdAt: at(0)) }
    #expect(JobBook(settings: .plain, live: jobs, nextID: 3).job(of: machineA)?.id == 2)
  }
}
