/// Appliance: services that say who they are when they fail.

import ServiceLifecycle

/// One `run` with a name. A failure stops the whole appliance: half of one would look alive and boot
/// nothing.
struct NamedService: Service {
  let name: String
  private let work: @Sendable () async throws -> Void

  init(_ name: String, _ work: @escaping @Sendable () async throws -> Void) {
    self.name = name
    self.work = work
  }

  func run() async throws {
    do {
      try await work()
    } catch let error as ApplianceError {
      throw ServiceFailure(error: error)
    } catch is CancellationError {
      return
    } catch {
      throw ServiceFailure(error: .serviceFailed(name, reason: String(describing: error)))
    }
  }
}

struct ServiceFailure: Error {
  var error: ApplianceError
}
