/// InventoryTests: one job's life, by hand.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct ReimageJobRulesTests {
  let settings = InventorySettings.plain
  var job = ReimageJob(id: 1, request: request(), createdAt: at(0))

  @Test mutating func `a claim leases, and the same machine gets the same job again`() {
    #expect(job.claim(by: addressA, at: at(60), settings) == .leased)
    #expect(job.latestLease?.until == at(660))
    #expect(job.claim(by: addressA, at: at(100), settings) == .renewed)
    #expect(job.latestLease?.since == at(60))
    #expect(job.latestLease?.until == at(700))
    #expect(job.latestLease?.client == addressA)
  }

  @Test mutating func `kernel and initrd whole are installed, in any order`() {
    for files in [[InstallFile.kernel, .initrd], [.initrd, .kernel]] {
      var job = job
      _ = job.claim(by: addressA, at: at(1), settings)
      #expect(job.fetched(files[0], by: addressA, at: at(2), settings) == .renewed)
      #expect(job.latestLease?.fetched == [files[0]])
      #expect(job.fetched(files[1], by: addressA, at: at(3), settings) == .installed)
      #expect(job.state == .installed(at: at(3)))
      #expect(job.claim(by: addressA, at: at(4), settings) == .unchanged)
      #expect(!job.isLive)
    }
  }

  @Test mutating func `one file twice is not two files`() {
    _ = job.claim(by: addressA, at: at(1), settings)
    #expect(job.fetched(.kernel, by: addressA, at: at(2), settings) == .renewed)
    #expect(job.fetched(.kernel, by: addressA, at: at(3), settings) == .renewed)
    #expect(job.isLive)
  }

  @Test mutating func `a machine that dies in the initrd gets the job again, and installs once`() {
    _ = job.claim(by: addressA, at: at(1), settings)
    _ = job.fetched(.kernel, by: addressA, at: at(2), settings)
    #expect(job.claim(by: addressA, at: at(60), settings) == .renewed)
    _ = job.fetched(.kernel, by: addressA, at: at(61), settings)
    #expect(job.fetched(.initrd, by: addressA, at: at(62), settings) == .installed)
  }

  @Test mutating func `files of a stranger count for nothing`() {
    _ = job.claim(by: addressA, at: at(1), settings)
    #expect(job.fetched(.kernel, by: addressB, at: at(2), settings) == .unchanged)
    #expect(job.fetched(.initrd, by: addressB, at: at(2), settings) == .unchanged)
    #expect(job.latestLease?.fetched == [])
  }

  @Test mutating func `who looks at the script in between takes nothing from the machine`() {
    _ = job.claim(by: addressA, at: at(1), settings)
    _ = job.fetched(.kernel, by: addressA, at: at(2), settings)
    #expect(job.claim(by: desk, at: at(3), settings) == .renewed)
    #expect(job.latestLease?.fetched == [])
    #expect(job.fetched(.initrd, by: addressA, at: at(4), settings) == .installed)
  }

  @Test mutating func `a machine with a new address starts over`() {
    _ = job.claim(by: addressA, at: at(1), settings)
    _ = job.fetched(.kernel, by: addressA, at: at(2), settings)
    _ = job.claim(by: addressB, at: at(3), settings)
    #expect(job.fetched(.initrd, by: addressB, at: at(4), settings) == .renewed)
    #expect(job.isLive)
    #expect(job.fetched(.kernel, by: addressB, at: at(5), settings) == .installed)
  }

  @Test mutating func `a lease that runs out makes the job wait again`() {
    _ = job.claim(by: addressA, at: at(0), settings)
    #expect(job.pass(to: at(599), settings) == .unchanged)
    #expect(job.pass(to: at(600), settings) == .leaseEnded)
    guard case .waiting(let lease?) = job.state else {
      Issue.record("\(job.state)")
      return
    }
    #expect(lease.until == at(600))
    #expect(job.claim(by: addressA, at: at(700), settings) == .leased)
    #expect(job.latestLease?.since == at(700))
  }

  @Test mutating func `a download slower than the lease still counts`() {
    _ = job.claim(by: addressA, at: at(0), settings)
    _ = job.fetched(.kernel, by: addressA, at: at(10), settings)
    #expect(job.pass(to: at(2000), settings) == .leaseEnded)
    #expect(job.fetched(.initrd, by: addressA, at: at(2001), settings) == .installed)
  }

  @Test mutating func `progress renews a lease that ran out`() {
    _ = job.claim(by: addressA, at: at(0), settings)
    _ = job.pass(to: at(700), settings)
    #expect(job.fetched(.kernel, by: addressA, at: at(701), settings) == .renewed)
    #expect(job.state.isLeased)
    #expect(job.latestLease?.until == at(1301))
  }

  @Test mutating func `nobody asked within the time limit`() {
    #expect(job.pass(to: at(7199), settings) == .unchanged)
    #expect(job.pass(to: at(90_000), settings) == .expired)
    #expect(job.state == .expired(at: at(7200)))
  }

  @Test mutating func `a claim after the time limit gets nothing`() {
    #expect(job.claim(by: addressA, at: at(7200), settings) == .expired)
    #expect(job.state == .expired(at: at(7200)))
    #expect(job.claim(by: addressA, at: at(7201), settings) == .unchanged)
  }

  @Test mutating func `a download that runs at the time limit may end`() {
    _ = job.claim(by: addressA, at: at(7100), settings)
    #expect(job.pass(to: at(7300), settings) == .unchanged)
    _ = job.fetched(.kernel, by: addressA, at: at(7400), settings)
    var slow = job
    #expect(job.fetched(.initrd, by: addressA, at: at(7999), settings) == .installed)
    #expect(slow.fetched(.initrd, by: addressA, at: at(8000), settings) == .unchanged)
    #expect(slow.pass(to: at(8001), settings) == .expired)
    #expect(slow.state == .expired(at: at(8000)))
  }

  @Test mutating func `a machine that asks again after the time limit gets nothing`() {
    _ = job.claim(by: addressA, at: at(7100), settings)
    #expect(job.claim(by: addressA, at: at(7300), settings) == .expired)
  }

  @Test mutating func `a clock that goes back ends nothing`() {
    _ = job.claim(by: addressA, at: at(100), settings)
    #expect(job.pass(to: at(-100_000), settings) == .unchanged)
    #expect(job.claim(by: addressA, at: at(-100_000), settings) == .renewed)
    #expect(job.latestLease?.until == at(700))
  }

  @Test mutating func `curious addresses are not kept without end`() {
    for last in 1...100 {
      _ = job.claim(
        by: IPAddress.v4(IPv4Address(10, 0, 0, UInt8(last))), at: at(Double(last)), settings)
    }
    #expect(job.latestLease?.claims.count == 8)
    #expect(job.latestLease?.client == IPAddress.v4(IPv4Address(10, 0, 0, 100)))
  }
}

extension ReimageJob.State {
  fileprivate var isLeased: Bool { if case .leased = self { true } else { false } }
}
