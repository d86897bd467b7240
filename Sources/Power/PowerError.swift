/// Power: why a request came to nothing.

package import IPMI

package struct PowerError: Error, Equatable, Sendable {
  package enum Cause: Equatable, Sendable {
    case ipmi(IPMIError)
    case driver(DriverError)
    /// Earlier requests for the same BMC took all the time.
    case queueTimeLimit(Duration)
    case cancelled
  }

  package var target: String
  package var cause: Cause

  package init(target: String, cause: Cause) {
    self.target = target
    self.cause = cause
  }

  init(target: String, _ error: DriverError) {
    self.init(target: target, cause: error.kind == .cancelled ? .cancelled : .driver(error))
  }
}

extension PowerError: CustomStringConvertible {
  /// `10.0.0.7: the BMC does not answer; …`
  package var description: String {
    switch cause {
    case .ipmi(let error): "\(target): \(error)"
    case .driver(let error): "\(target): \(error)"
    case .queueTimeLimit(let limit):
      "\(target): earlier requests for this BMC took longer than the time limit of "
        + "\(limit)"
    case .cancelled: "\(target): the request was cancelled"
    }
  }
}
