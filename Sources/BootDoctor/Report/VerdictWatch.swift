/// BootDoctor: when the verdict over a boot is told while frames still come.

/// Is given what is known every few seconds. A boot is over when its machine begins anew, or says
/// nothing for a while; what it does after that is told again only where it changes the verdict.
package struct VerdictWatch: Sendable {
  /// A boot that is over as far as is known.
  package struct Conclusion: Equatable, Sendable {
    /// The machine, as `ClientRecord.name`.
    package var client: String
    /// Counted from the machine's first one that was seen, 1.
    package var number: Int
    package var boot: BootRecord
    /// Empty where nothing is to be said against it.
    package var verdicts: [Verdict]
  }

  /// How long a machine is silent before it is judged: EDK2 gives up after half a minute.
  package static let silence = Span.seconds(40)
  /// The same for one that fetched all that it was told to.
  static let silenceAfterBoot = Span.seconds(5)
  /// No verdict needs a longer silence than this, so none comes after it.
  package static let longestSilence = Span.seconds(120)

  private struct Boot: Hashable {
    var client: String
    /// When it began, in nanoseconds since 1970.
    var begin: UInt64
  }

  private var told: [Boot: [Verdict.Code]] = [:]
  /// Something may still become due without any packet.
  package private(set) var isWaiting = false

  package init() {}

  /// Those that are over now and were not told so before. `network` is what is known at `network.end`.
  package mutating func pass(_ network: NetworkRecord) -> [Conclusion] {
    var conclusions: [Conclusion] = []
    var kept: [Boot: [Verdict.Code]] = [:]
    isWaiting = false
    for (client, verdicts) in zip(network.clients, network.verdicts()) {
      for (index, boot) in client.boots.enumerated() {
        let key = Boot(client: client.name, begin: boot.begin.time)
        kept[key] = told[key]
        let isSettled = boot.successor != nil || boot.silence >= Self.longestSilence
        if !isSettled { isWaiting = true }
        let patience = boot.hasBooted ? Self.silenceAfterBoot : Self.silence
        guard isSettled || boot.silence >= patience else { continue }
        let found = verdicts[index].filter { $0.severity != .information }
        guard told[key] != found.map(\.code) else { continue }
        kept[key] = found.map(\.code)
        conclusions.append(
          Conclusion(
            client: client.name, number: client.omittedBoots + index + 1, boot: boot,
            verdicts: found))
      }
    }
    told = kept
    return conclusions
  }
}

extension VerdictWatch.Conclusion {
  /// One or two lines, or some for each verdict, to stand in a live story.
  package var lines: [String] {
    let name = "boot \(number)"
    guard !verdicts.isEmpty else {
      return ["\(name): \(boot.hasBooted ? "it booted" : "no failure seen") as far as this shows"]
    }
    return verdicts.flatMap { ["\(name): \($0.title)"] + $0.lines }
  }
}
