/// BootDoctor: all verdicts over one boot, the first that fits of those about its end.

import DHCPProxy
package import Wire

/// What else is known of the network, as far as it decides something for one boot.
package struct Surroundings: Equatable, Sendable {
  /// Servers that gave addresses to other machines, and when.
  package var otherLeases: [Lease]

  package struct Lease: Equatable, Sendable {
    package var server: IPAddress
    package var moment: Moment

    package init(server: IPAddress, moment: Moment) {
      self.server = server
      self.moment = moment
    }
  }

  package init(otherLeases: [Lease] = []) {
    self.otherLeases = otherLeases
  }
}

extension BootRecord {
  /// Empty for a boot that went well, or that ended in a way that nobody can judge.
  ///
  /// What a boot ended with decides: whatever failed before was got over.
  package func verdicts(in surroundings: Surroundings = Surroundings()) -> [Verdict] {
    guard !steps.isEmpty else { return [] }
    var verdicts: [Verdict] = []
    let ending = hasBooted ? nil : ending(surroundings)
    if let ending { verdicts.append(ending) }
    if let loop = LoaderVerdicts.ipxeLoop(self), loop.code != ending?.code {
      // A loop is the reason of all that is seen in it.
      verdicts = [loop]
    }
    if var fight = OfferVerdicts.twoPXEServers(self) {
      if ending != nil, !delivered { fight.severity = .failure }
      verdicts.append(fight)
    }
    if verdicts.isEmpty, !hasBooted, isUnderWay { verdicts.append(underWay) }
    return verdicts
  }

  private func ending(_ surroundings: Surroundings) -> Verdict? {
    if let verdict = AddressVerdicts.leaseExhausted(self, surroundings) { return verdict }
    return Self.endings.lazy.compactMap { $0(self) }.first
  }

  /// What is nearer to the root of an evil is asked first.
  private static let endings: [@Sendable (BootRecord) -> Verdict?] = [
    AddressVerdicts.dhcpRefused, AddressVerdicts.noDHCPAnswer, AddressVerdicts.relayDroppedAnswer,
    AddressVerdicts.oneWayTraffic, BootServerVerdicts.wrongPort, BootServerVerdicts.silent,
    OfferVerdicts.vendorOptionsUnusable, OfferVerdicts.noBootAnswer, NameVerdicts.notResolved,
    TFTPVerdicts.ending, OfferVerdicts.notAccepted, LoaderVerdicts.wrongArchitecture,
    KernelVerdicts.initrdMissing, KernelVerdicts.scriptUnused, HTTPVerdicts.ending,
    LoaderVerdicts.silent,
  ]

  /// An operating system runs, or all that its script names was fetched.
  package var hasBooted: Bool {
    if systemRuns { return true }
    guard let script, script.script.kernel != nil else { return false }
    let fetched = requests.filter {
      $0.isWhole && $0.succeeded && $0.begin.time > script.moment.time
    }
    return fetched.count > script.script.initrds.count && !script.script.initrds.isEmpty
  }

  /// So little time went by since the last thing that more may come.
  package var isUnderWay: Bool { successor == nil && silence < Span.seconds(5) }

  private var underWay: Verdict {
    Verdict(
      .underWay, .information,
      cause: "The capture ends while this boot is still under way.", evidence: [end.packet],
      remedy: "Capture until the machine gives up, or runs.")
  }

  /// UEFI tries its other entries (HTTP Boot, IPv6) after one that ended; nobody has to serve them.
  func isSecondChoice(_ exchange: DHCPExchange) -> Bool {
    guard let predecessor, predecessor.gap < Span.seconds(180) else { return false }
    return exchange.asker == .httpBoot || exchange.version == .v6
  }

  /// The machine had at least this time to go on, or it began anew.
  func wasSilent(_ seconds: UInt64) -> Bool {
    successor != nil || silence >= Span.seconds(seconds)
  }

  /// The conversation by DHCP that the boot ended with.
  var lastExchange: DHCPExchange? {
    if case .dhcp(let exchange) = lastDeed, exchange.isForBoot { exchange } else { nil }
  }

  /// What people see, by the program that shows it.
  func screens(
    _ exchange: DHCPExchange?, bios: [String] = [], uefi: [String] = [], http: [String] = [],
    ipxe: [String] = []
  ) -> [String] {
    switch (exchange ?? bootExchanges.last)?.asker {
    case .ipxe: ipxe
    case .httpBoot: http
    default:
      switch family {
      case .uefi: uefi
      case .httpBoot: http
      case .ipxe: ipxe
      default: bios
      }
    }
  }
}
