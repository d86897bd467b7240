/// Appliance: whether a boot program that was fetched has also run.

/// A program that Secure Boot refuses is fetched whole and then nothing of it is seen: EDK2 goes on to
/// its next boot entry, which asks for an address again within a second when that is a network entry
/// (OVMF: 60 ms), or says nothing at all when it is a disk. One machine, one boot program; time is
/// passed in, as seconds.
package struct LoaderVerdict: Equatable, Sendable {
  /// What was seen of the machine.
  package enum Sign: Equatable, Sendable {
    /// Fetched whole. Size probes do not count.
    case delivered(file: String)
    /// Firmware asked for an address (DISCOVER without a sign of iPXE).
    case firmwareDiscover
    /// Whatever only a running program does: iPXE's DISCOVER, a script, an image, a file of the second
    /// stage.
    case secondStage
  }

  /// What is likely, as one sentence for a person.
  package enum Finding: Equatable, Sendable {
    /// The program did not run.
    case refused(file: String)
    /// shim ran and loaded GRUB, which then asked nobody we see.
    case lost(file: String)
  }

  private enum State: Equatable, Sendable {
    case idle
    case waiting(file: String, since: Double)
  }

  private var state = State.idle

  /// Long enough for a slow machine to start a program and bring up its link.
  private static let patience: Double = 30

  package init() {}

  /// Nothing is waited for.
  package var isIdle: Bool { state == .idle }

  /// A finding is told once.
  package mutating func see(_ sign: Sign, at now: Double) -> Finding? {
    let late = pass(to: now)
    switch (sign, state) {
    case (.secondStage, _):
      state = .idle
      return late
    case (.delivered(let file), .waiting(let before, _)) where !Self.loads(before, file):
      state = .waiting(file: file, since: now)
      return Self.finding(before)
    case (.delivered(let file), _):
      state = .waiting(file: file, since: now)
      return late
    case (.firmwareDiscover, .waiting(let file, _)):
      state = .idle
      return Self.finding(file)
    case (.firmwareDiscover, .idle): return late
    }
  }

  /// Called now and then.
  package mutating func pass(to now: Double) -> Finding? {
    guard case .waiting(let file, let since) = state, now - since >= Self.patience else {
      return nil
    }
    state = .idle
    return Self.finding(file)
  }

  private static func finding(_ file: String) -> Finding {
    isGRUB(file) ? .lost(file: file) : .refused(file: file)
  }

  /// shim fetches its own second stage, so that is no second fetch of a program that failed.
  private static func loads(_ first: String, _ second: String) -> Bool {
    name(first).hasPrefix("shim") && name(second) != name(first)
  }

  private static func isGRUB(_ file: String) -> Bool { name(file).hasPrefix("grub") }

  private static func name(_ file: String) -> String {
    file.split(separator: "/").last.map { $0.lowercased() } ?? ""
  }
}

extension LoaderVerdict.Finding: CustomStringConvertible {
  package var description: String {
    switch self {
    case .refused(let file):
      "has \(file) whole and did not run it: probably Secure Boot refused it (set «loaders: "
        + "secure-boot» or turn Secure Boot off), or it is for another processor"
    case .lost(let file):
      "has \(file) whole and asks for no configuration: GRUB 2.06 asks the next-server of the DHCP "
        + "server, not Fino; set next-server there to Fino's address"
    }
  }
}
