/// IPMI: how long to wait for a BMC, and how often to ask again.

/// BMCs are slow, lose datagrams and act twice when they are asked twice; these numbers are chosen
/// for that, and only tests change them.
package struct Patience: Sendable, Equatable {
  /// The wait after each try of the first question; after the last one the BMC is called silent, in
  /// less than four seconds. Asked so often, a network that loses one in ten does not hide a BMC.
  package var probe: [Duration] = [250, 350, 500, 700, 900, 1000].map(Duration.milliseconds)
  /// The waits after a login step and after its one repetition, in the first attempt; they grow by
  /// half with each attempt. A lost RAKP message cannot simply be sent again and
  /// again: servers differ in how they answer a repetition.
  package var step: [Duration] = [.milliseconds(400), .milliseconds(500)]
  package var attempts = 4
  /// The wait after each try of a command that may be repeated.
  package var command: [Duration] = [400, 600, 900, 1400, 2000].map(Duration.milliseconds)
  /// The wait for the answer to a command that is sent only once.
  package var action: Duration = .seconds(5)
  /// Before a command that found the BMC busy is sent again.
  package var busy: [Duration] = [.milliseconds(300), .milliseconds(600), .seconds(1)]
  /// For the answer to Close Session, which changes nothing any more: nobody waits for it, but
  /// without it the session is closed once more.
  package var closing: Duration = .milliseconds(500)
  /// Between the answer to a command and the next command to the same BMC.
  package var pace: Duration = .zero
  /// BMCs end a session after 60 ± 3 seconds of silence (IPMI 2.0 §6.12.15).
  package var keepAlive: Duration = .seconds(25)

  package init() {}

  /// For a BMC whose answer to the first question took at most `time`: an answer that is only slow
  /// must not be taken for lost, or logins are confused by our own repetitions.
  func slowed(to time: Duration) -> Patience {
    var slowed = self
    let least = time * 5 / 4
    slowed.step = step.map { max($0, least) }
    slowed.command = command.map { max($0, least) }
    return slowed
  }
}
