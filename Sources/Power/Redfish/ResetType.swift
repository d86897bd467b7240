/// Power: the reset types of a computer system, which differ from vendor to vendor.

/// The action `#ComputerSystem.Reset` of one system.
struct ResetAction: Equatable, Sendable {
  var target: String
  /// Empty: the BMC does not say.
  var allowed: [String]

  /// What the schema has had since its first version.
  private static let basic = ["On", "ForceOff", "GracefulShutdown", "ForceRestart", "ForceOn"]

  /// The best of what the BMC has (DSP2046, ResetType). The second value: whether the machine is off
  /// in between. Nil: it has nothing that does this.
  func type(for command: PowerCommand) -> (name: String, passesOff: Bool)? {
    let wishes: [(String, Bool)] =
      switch command {
      case .on: [("On", false), ("ForceOn", false), ("PushPowerButton", false)]
      case .off: [("ForceOff", true)]
      case .cycle: [("PowerCycle", true), ("ForceRestart", false)]
      case .reset: [("ForceRestart", false), ("PowerCycle", true)]
      case .soft: [("GracefulShutdown", true), ("PushPowerButton", true)]
      }
    let known = allowed.isEmpty ? Self.basic : allowed
    return wishes.first { known.contains($0.0) }
  }
}
