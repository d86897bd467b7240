/// HTTPBoot: when a connection has been silent for too long, decided without a clock.

/// Bytes and ends of requests in, a verdict out. `Moment` is any clock's.
struct ConnectionTimes<Moment: InstantProtocol>: Equatable where Moment.Duration == Duration {
  private enum Phase: Equatable {
    /// Nothing of a request is here.
    case idle(since: Moment)
    /// Some of a request's headers.
    case header(since: Moment, bytes: Int)
    /// Headers are here, the request's end is not; it may be answered before.
    case body(last: Moment, isAnswered: Bool)
    /// Ours to answer.
    case answering
  }

  enum Verdict: Equatable {
    /// Nothing to say before then; nil while it is our turn.
    case fine(until: Moment?)
    /// It never began a request, or stopped in the middle of a body.
    case silent
    /// Its headers take too long.
    case slow
    /// Its headers are too long.
    case long
  }

  private let limits: HTTPLimits
  private var phase: Phase

  init(_ limits: HTTPLimits, at now: Moment) {
    self.limits = limits
    phase = .idle(since: now)
  }

  mutating func receive(_ count: Int, at now: Moment) {
    switch phase {
    case .idle: phase = .header(since: now, bytes: count)
    case .header(let since, let bytes): phase = .header(since: since, bytes: bytes + count)
    case .body(_, let isAnswered): phase = .body(last: now, isAnswered: isAnswered)
    // The next request, which waits for its turn.
    case .answering: break
    }
  }

  mutating func receivedHeaders(at now: Moment) { phase = .body(last: now, isAnswered: false) }

  mutating func receivedEnd(at now: Moment) {
    if case .body(_, isAnswered: true) = phase {
      phase = .idle(since: now)
    } else {
      phase = .answering
    }
  }

  mutating func answered(at now: Moment) {
    if case .body = phase {
      phase = .body(last: now, isAnswered: true)
    } else {
      phase = .idle(since: now)
    }
  }

  func verdict(at now: Moment) -> Verdict {
    switch phase {
    case .answering: return .fine(until: nil)
    case .idle(let since), .body(let since, _):
      let end = since.advanced(by: limits.idleTime)
      return now < end ? .fine(until: end) : .silent
    case .header(let since, let bytes):
      guard bytes <= limits.headerSize else { return .long }
      let end = since.advanced(by: limits.headerTime)
      return now < end ? .fine(until: end) : .slow
    }
  }
}
