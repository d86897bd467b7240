/// Inventory: what a room hands over at once, and what is made of it later.

/// Small facts on the thread of a protocol; the sentences are made where the journal writes.
package protocol BootFact: Sendable {
  /// In the order in which they are told; computed once, off the protocols' threads.
  var observations: [BootObservation] { get }
}

extension BootObservation: BootFact {
  package var observations: [BootObservation] { [self] }
}
