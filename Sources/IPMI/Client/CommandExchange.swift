/// IPMI: what a sequence of commands needs of an open session, so that it can be tried without one.

import Wire

/// What became of one command.
package enum Answer: Equatable, Sendable {
  case completed(CompletionCode, [UInt8])
  case unanswered
}

package protocol CommandExchange: Sendable {
  func exchange(_ request: CommandRequest) async throws(IPMIError) -> Answer
  func pause(_ duration: Duration) async throws(IPMIError)
}

extension CommandExchange {
  /// One command, whose failure is an error.
  package func run<Command: IPMICommand>(
    _ command: Command
  ) async throws(IPMIError) -> Command.Response {
    switch try await exchange(command.request) {
    case .unanswered:
      throw .unanswered(command: Command.name)
    case .completed(.ok, let data):
      do throws(WireError) {
        var reader = ByteReader(data)
        return try Command.Response(parsing: &reader)
      } catch {
        throw .malformed(command: Command.name, error)
      }
    case .completed(let code, _):
      throw .failed(
        command: Command.name, code, meaning: Command.meanings[code.rawValue] ?? "")
    }
  }

  /// One command that may fail; only the end of the whole operation is an error.
  func attempt<Command: IPMICommand>(
    _ command: Command
  ) async throws(IPMIError) -> Result<Command.Response, IPMIError> {
    do throws(IPMIError) {
      return .success(try await run(command))
    } catch {
      switch error {
      case .unanswered, .failed, .malformed: return .failure(error)
      default: throw error
      }
    }
  }
}
