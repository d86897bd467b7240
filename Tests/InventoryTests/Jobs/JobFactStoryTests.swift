/// InventoryTests: how facts read.

import Foundation
import Testing

@testable import Inventory

@Suite struct JobFactStoryTests {
  @Test func `facts become sentences of the machine's story`() {
    let job = ReimageJob(id: 7, request: request(), createdAt: at(0))
    let kinds: [JobFact.Kind] = [
      .created, .claimed(by: addressA, again: true), .power(.failed("no answer")), .installed,
    ]
    let notes = kinds.compactMap { JobFact(kind: $0, job: job, at: at(1)).observation }
    #expect(
      notes.map(\.text) == [
        "A reimage from debian was asked for.",
        "10.77.0.50 asked again before it had all images: the same job goes on.",
        "The BMC at 10.77.1.1 failed: no answer",
        "Kernel and initrd arrived whole; the next boot goes to the local disk.",
      ])
    #expect(notes.map(\.kind) == [.jobCreated, .jobClaimed, .powerFailed, .jobInstalled])
    #expect(notes.allSatisfy { $0.mac == machineA && $0.details == ["job": "7"] })
    #expect(notes.map(\.address) == [nil, addressA, nil, nil])
  }

  @Test func `what other rooms tell is not told twice`() {
    let job = ReimageJob(id: 7, request: request(), createdAt: at(0))
    let kinds: [JobFact.Kind] = [
      .claimed(by: addressA, again: false), .fetched(.kernel, by: addressA), .power(.pending),
    ]
    for kind in kinds {
      #expect(JobFact(kind: kind, job: job, at: at(1)).observation == nil)
    }
  }
}
