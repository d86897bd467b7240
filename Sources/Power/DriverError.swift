/// Power: why a driver other than IPMI could not do its part, in one sentence.

import IPMI

/// The sentence begins in lower case, so that it can stand behind the target and a colon. None has
/// a password in it.
package struct DriverError: Error, Equatable, Sendable {
  package enum Kind: String, Equatable, Sendable {
    // Before anything could act.
    /// No address, no connection, or no answer to the first question.
    case unreachable
    /// The peer's certificate is not the one that was configured, or nobody vouches for it.
    case untrusted
    case login
    /// The peer has no such machine.
    case missing
    /// The driver, or the peer, has no such thing.
    case unsupported

    // The peer answered.
    case refused
    /// The connection or the login was lost on the way; no command was unanswered then.
    case interrupted
    case malformed
    /// It said yes, and nothing changed.
    case noEffect

    /// A command was sent and its answer did not come: it may or may not have acted.
    case uncertain
    case timeLimit
    case cancelled
  }

  package var kind: Kind
  package var sentence: String

  package init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }

  package static let cancelled = DriverError(.cancelled, "the request was cancelled")

  static func timeLimit(_ limit: Duration) -> DriverError {
    DriverError(.timeLimit, "no result within the time limit of \(limit)")
  }

  /// The same, once steps have been taken that another driver must not take again.
  var onTheWay: DriverError {
    switch kind {
    case .unreachable, .untrusted, .login: DriverError(.interrupted, sentence)
    default: self
    }
  }

  static func uncertain(_ command: String, _ why: String) -> DriverError {
    DriverError(
      .uncertain,
      "“\(command)” was sent, but \(why); it may or may not have acted, so it was not asked twice")
  }
}

extension DriverError: CustomStringConvertible {
  package var description: String { sentence }
}

extension PowerError {
  /// Whether the request failed before the machine could have been touched, so that another driver
  /// may be asked instead: nothing was reached, nobody was let in, or nothing was trusted.
  package var isBeforeAnyAction: Bool {
    switch cause {
    case .driver(let error):
      switch error.kind {
      case .unreachable, .untrusted, .login: true
      default: false
      }
    case .ipmi(let error):
      switch error {
      case .badAddress, .unknownHost, .tooLong, .noAnswer, .refused, .onlyLegacy, .silentLogin,
        .suitesRefused, .downgraded, .sessionTableFull, .wrongUsername, .wrongPassword, .needsKg,
        .wrongKg, .privilegeRefused, .loginRefused:
        true
      default: false
      }
    case .queueTimeLimit, .cancelled: false
    }
  }
}
