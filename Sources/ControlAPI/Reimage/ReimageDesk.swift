/// ControlAPI: a reimage request from its parameters to the answer of the BMC.

import Foundation
package import Inventory

package struct ReimageDesk: Sendable {
  private let source: ControlSource

  package init(_ source: ControlSource) {
    self.source = source
  }

  package enum Outcome: Sendable {
    /// Nothing was stored.
    case refused([String])
    case accepted(ReimageJob)
    /// The job is stored and waits; the BMC did not do its part.
    case powerFailed(ReimageJob, reason: String)
  }

  /// Stores the job durably, then power-cycles the machine. Goes on to its end also when the caller
  /// hangs up meanwhile.
  package func take(_ form: ReimageForm) async throws -> Outcome {
    let request: ReimageRequest
    do throws(ReimageForm.Mistakes) {
      request = try form.request(
        problemWithBMC: source.problemWithBMC, problemWithLocation: source.problemWithLocation)
    } catch {
      return .refused(error.sentences)
    }
    return try await Task { try await carryOut(request) }.value
  }

  private func carryOut(_ request: ReimageRequest) async throws -> Outcome {
    let jobs = source.inventory.jobs
    let job = try await jobs.createJob(request, at: Date())
    defer { source.powered(job) }
    do {
      let answer = try await source.cycle(request.obm)
      let recorded = try await jobs.recordPower(job.id, .succeeded(answer), at: Date())
      return .accepted(recorded ?? job)
    } catch {
      let reason = String(describing: error)
      let recorded = try await jobs.recordPower(job.id, .failed(reason), at: Date())
      return .powerFailed(recorded ?? job, reason: reason)
    }
  }
}
