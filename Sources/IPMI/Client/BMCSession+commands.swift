/// IPMI: commands in a session, raised to the privilege that they need.

extension BMCSession {
  package func exchange(_ request: CommandRequest) async throws(IPMIError) -> Answer {
    if let level = privilege.level(before: request) { try await raise(to: level) }
    let answer = try await send(request)
    if case .completed(let code, _) = answer, let level = privilege.level(afterRefusal: code) {
      // Refused, so not carried out: once more, with all that may be had.
      do throws(IPMIError) {
        try await raise(to: level)
      } catch {
        guard case .failed = error else { throw error }
        return answer
      }
      return try await send(request)
    }
    return answer
  }

  package func pause(_ duration: Duration) async throws(IPMIError) {
    let outcome = await outcome { arm(duration, then: { $0.finish(.pauseOver) }) }
    if case .failed(let error) = outcome { throw error }
  }

  private func send(_ request: CommandRequest) async throws(IPMIError) -> Answer {
    if patience.pace > .zero, let lastAnswer {
      let wait = patience.pace - lastAnswer.duration(to: .now)
      if wait > .zero { try await pause(wait) }
    }
    guard case .open(var session) = phase, waiter == nil else {
      throw failure ?? .network("the session is not open, or another command is under way")
    }
    let outcome = await outcome {
      let effect = session.begin(request, random: &random)
      phase = .open(session)
      act(on: effect)
    }
    if patience.pace > .zero { lastAnswer = .now }
    switch outcome {
    case .answer(let answer): return answer
    case .failed(let error): throw error
    case .resolved, .established, .pauseOver: return .unanswered
    }
  }

  private func raise(to level: PrivilegeLevel) async throws(IPMIError) {
    var level = level
    while true {
      let command = SetSessionPrivilegeLevel(level)
      switch try await send(command.request) {
      case .unanswered:
        throw .unanswered(command: SetSessionPrivilegeLevel.name)
      case .completed(.ok, _):
        privilege.raised(to: level)
        return
      case .completed(let code, _):
        guard [0x80, 0x81].contains(code.rawValue) else {
          throw .failed(
            command: SetSessionPrivilegeLevel.name, code,
            meaning: SetSessionPrivilegeLevel.meanings[code.rawValue] ?? "")
        }
        guard let other = privilege.level(afterDenial: level) else {
          throw .privilegeRefused(level)
        }
        level = other
      }
    }
  }
}
