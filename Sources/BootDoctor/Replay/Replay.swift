/// BootDoctor: the questions of a capture, asked again of today's decisions.

package import DHCPProxy
package import PacketCapture
package import Wire

/// Feeds a capture's DHCP questions (ports 67 and 4011) through `ProxyDecision`, offline and at the
/// capture's own pace, and puts each answer beside the captured one.
///
/// What a machine is to boot comes from `plan`, or else from the captured answers: then only the way of
/// telling it is compared. The server is the one given, or else the one whose answers give no address.
package struct Replay: Sendable {
  package struct Options: Sendable {
    /// Whose captured answers are compared, and from which address today's come.
    package var server: IPv4Address?
    package var interface = "eth0"
    package var plan: BootPlanner?
    package var rules = BootRules()

    package init() {}
  }

  /// Enough for days of a hall of machines; the rest is told as left out.
  package static let mostMessages = 100_000
  /// An answer that comes later is not taken for one.
  private static let patience: UInt64 = 10_000_000_000

  package let steps: [ReplayStep]
  /// Whose answers were compared; nil when nobody answered.
  package let server: IPv4Address?
  /// Messages beyond `mostMessages`, and those that could not be read.
  package let omitted: Int

  package var hasDifferences: Bool { steps.contains { !$0.differences.isEmpty } }

  package init(_ reader: inout CaptureReader, _ options: Options) throws(CaptureError) {
    let evidence = try ReplayEvidence(&reader, limit: Self.mostMessages)
    let server = options.server ?? evidence.proxyServer
    var memory = StrategyMemory()
    let start = ContinuousClock.now
    let first = evidence.events.first?.time ?? 0
    var steps: [ReplayStep] = []
    for (index, event) in evidence.events.enumerated() {
      // Frames of several interfaces may be a little out of order.
      let now = start + .nanoseconds(Int64(clamping: event.time &- min(first, event.time)))
      switch event.kind {
      case .fetched(let machine): memory.progressed(machine, at: now)
      case .answer: continue
      case .question(let question):
        let captured = Self.answer(to: question, at: index, evidence.events, from: server)
        let arrival = Arrival(
          interface: options.interface, local: server ?? IPv4Address(192, 0, 2, 1),
          port: question.port, source: question.source)
        let plan =
          options.plan
          ?? Self.plan(
            likeAnswersOf: server, to: question, captured, evidence.events)
        let decision = ProxyDecision.decide(
          question.message, arrival, plan: plan, memory: &memory, rules: options.rules, at: now)
        steps.append(
          ReplayStep(number: event.number, time: event.time, question, captured, decision))
      }
    }
    self.steps = steps
    self.server = server
    omitted = evidence.omitted
  }

  /// The first answer of this server to the question: of the same attempt and machine, and not one to
  /// the next question of the same.
  private static func answer(
    to question: ReplayEvidence.Question, at index: Int, _ events: [ReplayEvidence.Event],
    from server: IPv4Address?
  ) -> ReplayEvidence.Answer? {
    for event in events[(index + 1)...] {
      guard event.time &- events[index].time < patience else { return nil }
      switch event.kind {
      case .answer(let answer):
        if answer.isTo(question), answer.server == server { return answer }
      case .question(let next):
        if next.isSameAttempt(as: question), next.port == question.port { return nil }
      case .fetched: break
      }
    }
    return nil
  }

  /// What the captured answers told this machine to boot: this one, or where it names no file (it left
  /// that to port 4011) the next that does.
  private static func plan(
    likeAnswersOf server: IPv4Address?, to question: ReplayEvidence.Question,
    _ captured: ReplayEvidence.Answer?, _ events: [ReplayEvidence.Event]
  ) -> BootPlanner {
    var file = captured?.file
    if captured != nil, file == nil {
      for case .answer(let answer) in events.lazy.map(\.kind)
      where answer.server == server && answer.message.chaddr == question.message.chaddr {
        file = answer.file
        if file != nil { break }
      }
    }
    let wasAnswered = captured != nil
    return { [file] client, _ in
      if client.family == .raspberryPi { return .raspberryPi }
      guard let file else {
        return .silence(
          reason: wasAnswered
            ? "no captured answer names a file for it" : "the captured server was silent")
      }
      switch client.program {
      case .http: return .httpLoader(url: file)
      case .ipxe where file.contains("://"): return .script(url: file)
      default: return .loader(file: file)
      }
    }
  }
}
