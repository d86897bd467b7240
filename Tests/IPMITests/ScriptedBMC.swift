/// IPMITests: a BMC without a network: a closure that answers commands.

import IPMI
import Synchronization
import Wire

/// Keeps what it was asked.
final class ScriptedBMC: CommandExchange {
  private let asked = Mutex<[CommandRequest]>([])
  private let answer: @Sendable (CommandRequest, Int) -> (CompletionCode, [UInt8])

  /// The closure gets the request and how many came before.
  init(_ answer: @escaping @Sendable (CommandRequest, Int) -> (CompletionCode, [UInt8])) {
    self.answer = answer
  }

  var requests: [CommandRequest] { asked.withLock { $0 } }

  func exchange(_ request: CommandRequest) async throws(IPMIError) -> Answer {
    let count = asked.withLock { asked in
      asked.append(request)
      return asked.count - 1
    }
    let (code, data) = answer(request, count)
    return .completed(code, data)
  }

  func pause(_ duration: Duration) async throws(IPMIError) {}
}

extension CommandRequest {
  func `is`<Command: IPMICommand>(_ command: Command.Type) -> Bool {
    networkFunction == Command.networkFunction && self.command == Command.code
  }
}
