/// InventoryTests: jobs as they are written.

import Foundation
import Testing
import Wire

@testable import Inventory

@Suite struct JobRecordTests {
  static let lease = ReimageJob.Lease(
    since: at(1), until: at(601),
    claims: [
      .init(client: desk, at: at(0), fetched: []),
      .init(client: addressA, at: at(1), fetched: [.initrd, .kernel]),
    ])

  static let states: [ReimageJob.State] = [
    .waiting(after: nil), .waiting(after: lease), .leased(lease), .installed(at: at(5)),
    .expired(at: at(6)), .cancelled(at: at(7)), .superseded(by: 9, at: at(8)),
  ]

  @Test(arguments: states) func `each state comes back`(_ state: ReimageJob.State) throws {
    for power in [PowerReport.pending, .succeeded("on"), .failed("no answer")] {
      let job = ReimageJob(id: 3, request: request(), createdAt: at(0), state: state, power: power)
      let text = try JSONEncoder().encode(JobRecord(job))
      #expect(try JSONDecoder().decode(JobRecord.self, from: text).job == job)
    }
  }

  @Test func `a record of another world is no job`() {
    let job = ReimageJob(id: 3, request: request(), createdAt: at(0))
    let spoil: [(inout JobRecord) -> Void] = [
      { $0.mac = "nobody" }, { $0.state = "dreaming" }, { $0.power = "maybe" },
      { $0.state = "installed" }, { $0.state = "leased" },
      { $0.lease = .init(since: 0, until: 1, claims: [.init(client: "x", at: 0, fetched: [])]) },
      {
        ($0.state, $0.lease) = (
          "leased", .init(since: 0, until: 1, claims: [.init(client: "x", at: 0, fetched: [])])
        )
      },
    ]
    for (index, change) in spoil.enumerated() {
      var record = JobRecord(job)
      change(&record)
      // A lease that can't be read is forgotten where the job only waits: it loses nothing.
      #expect((record.job == nil) == (index != 5), "\(index)")
    }
  }
}
