/// Power: why a request came to nothing.

package import IPMI

package struct PowerError: Error, Equatable, Sendable {
  package enum Cause: Equatable, Sendable {
    case ipmi(IPMIError)
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
}

extension PowerError: CustomStringConvertible {
  /// `10.0.0.7: the BMC does not answer; …`
  package var description: String {
    switch cause {
    case .ipmi(let error): "\(target): \(error)"
    case .queueTimeLimit(let limit):
      "\(target): earlier requests for this BMC took longer than the time limit of "
        + "\(limit)"
    case .cancelled: "\(target): the request was cancelled"
    }
  }
}
