/// IPMI: how long to wait for a BMC, and how often to ask again.

/// BMCs are slow, lose datagrams and act twice when they are asked twice; these numbers are chosen
/// for that, and only tests change them.
package struct Patience: Sendable, Equatable {
  /// The wait after each try of the first question; after the last one the BMC is called silent.
  package var probe: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2)]
  /// The waits after a login step and after its one repetition, in the first attempt; the second
  /// and third attempt wait two and three times as long. A lost RAKP message cannot simply be sent
  /// again and again: servers differ in how they answer a repetition.
  package var step: [Duration] = [.seconds(1), .seconds(2)]
  package var attempts = 3
  /// The wait after each try of a command that may be repeated.
  package var command: [Duration] = [.seconds(1), .seconds(2), .seconds(3)]
  /// The wait for the answer to a command that is sent only once.
  package var action: Duration = .seconds(5)
  /// Before a command that found the BMC busy is sent again.
  package var busy: [Duration] = [.milliseconds(300), .milliseconds(600), .seconds(1)]
  /// For the answer to Close Session, which changes nothing any more.
  package var closing: Duration = .milliseconds(500)

  package init() {}
}
