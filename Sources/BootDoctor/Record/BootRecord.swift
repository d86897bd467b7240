/// BootDoctor: one attempt of one machine to boot, as values.

package import DHCPProxy
package import Wire

/// Everything that verdicts are made of. It knows no packets: a capture makes it, and an appliance
/// can make it from its own events.
///
/// An attempt begins with the firmware's own DISCOVER. UEFI tries several entries one after another
/// (PXEv4, PXEv6, HTTPv4 …): each is an attempt.
package struct BootRecord: Equatable, Sendable {
  package enum Step: Equatable, Sendable {
    case dhcp(DHCPExchange)
    case bootServer(BootServerExchange)
    case transfer(TFTPTransferRecord)
    case connection(ConnectionRecord)
    case http(HTTPRecord)
    case lookup(NameLookup)
    case address(AddressQuestion)
  }

  /// What was before, close enough to matter.
  package struct Predecessor: Equatable, Sendable {
    /// Nanoseconds from its end to this one's begin.
    package var gap: UInt64
    /// It had fetched something whole.
    package var delivered: Bool
    package var asker: DHCPExchange.Asker

    package init(gap: UInt64, delivered: Bool, asker: DHCPExchange.Asker) {
      self.gap = gap
      self.delivered = delivered
      self.asker = asker
    }
  }

  package var mac: MACAddress?
  package var uuid: SystemUUID?
  package var architecture: UInt16?
  package var family: FirmwareFamily?
  /// In the order in which they began.
  package var steps: [Step]
  package var omittedSteps = 0
  package var predecessor: Predecessor?
  /// When the machine began its next attempt.
  package var successor: Moment?
  /// Until when it could have been heard: the end of the capture, or now.
  package var seenUntil: UInt64

  package init(
    mac: MACAddress? = nil, uuid: SystemUUID? = nil, architecture: UInt16? = nil,
    family: FirmwareFamily? = nil, steps: [Step] = [], seenUntil: UInt64
  ) {
    self.mac = mac
    self.uuid = uuid
    self.architecture = architecture
    self.family = family
    self.steps = steps
    self.seenUntil = seenUntil
  }
}

extension BootRecord.Step {
  package var begin: Moment {
    switch self {
    case .dhcp(let exchange): exchange.begin
    case .bootServer(let exchange): exchange.begin
    case .transfer(let transfer): transfer.begin
    case .connection(let connection): connection.begin
    case .http(let request): request.begin
    case .lookup(let lookup): lookup.begin
    case .address(let question): question.begin
    }
  }

  /// When the last thing of it was seen.
  package var end: Moment {
    switch self {
    case .dhcp(let exchange): exchange.end
    case .bootServer(let exchange): exchange.end
    case .transfer(let transfer): transfer.last
    case .connection(let connection): connection.last
    case .http(let request): request.last
    case .lookup(let lookup): lookup.end
    case .address(let question): question.end
    }
  }
}

extension BootRecord {
  package var begin: Moment { steps.first?.begin ?? Moment(seenUntil) }

  package var end: Moment {
    steps.map(\.end).max { $0.time < $1.time } ?? begin
  }

  /// How long nothing came any more: until the next attempt, or as far as was seen.
  package var silence: UInt64 {
    Span.between(end.time, successor?.time ?? seenUntil)
  }

  /// How long ago something was, seen from the end of what is known.
  package func age(_ moment: Moment) -> UInt64 {
    Span.between(moment.time, successor?.time ?? seenUntil)
  }

  package var exchanges: [DHCPExchange] {
    steps.compactMap { if case .dhcp(let exchange) = $0 { exchange } else { nil } }
  }

  /// DHCP for booting; an operating system's is left out.
  package var bootExchanges: [DHCPExchange] { exchanges.filter(\.isForBoot) }

  package var bootServerExchanges: [BootServerExchange] {
    steps.compactMap { if case .bootServer(let exchange) = $0 { exchange } else { nil } }
  }

  package var transfers: [TFTPTransferRecord] {
    steps.compactMap { if case .transfer(let transfer) = $0 { transfer } else { nil } }
  }

  package var requests: [HTTPRecord] {
    steps.compactMap { if case .http(let request) = $0 { request } else { nil } }
  }

  package var connections: [ConnectionRecord] {
    steps.compactMap { if case .connection(let connection) = $0 { connection } else { nil } }
  }

  /// What the machine does to get on; ARP is left out.
  package var deeds: [Step] {
    steps.filter { if case .address = $0 { false } else { true } }
  }

  /// The last of them.
  package var lastDeed: Step? { deeds.last }

  /// What began later than this.
  package func deeds(after moment: Moment) -> [Step] {
    deeds.filter { $0.begin.time > moment.time }
  }

  /// An operating system asked for an address after something was fetched: it runs.
  package var systemRuns: Bool {
    guard let fetched = steps.first(where: \.isFetch) else { return false }
    return exchanges.contains { !$0.isForBoot && $0.begin.time > fetched.begin.time }
  }

  /// Something came whole.
  package var delivered: Bool {
    steps.contains { step in
      switch step {
      case .transfer(let transfer): isWhole(transfer)
      case .http(let request): request.isWhole && request.succeeded && request.method != "HEAD"
      case .connection(let connection): connection.tls?.isEstablished == true
      default: false
      }
    }
  }

  /// A capture may be without the blocks. A machine that goes on at once, without repeating
  /// anything and without an ERROR, has the file.
  package func isWhole(_ transfer: TFTPTransferRecord) -> Bool {
    if transfer.isWhole { return true }
    guard transfer.outcome == .running, transfer.dataPackets == 0, transfer.requests.count == 1
    else { return false }
    let next =
      steps.lazy.map(\.begin.time).filter { $0 > transfer.begin.time }.min()
      ?? successor?.time
    // EDK2 waits 4 s for a block, iPXE 0.25 s and then longer; both send again.
    return next.map { Span.between(transfer.last.time, $0) < Span.seconds(60) } ?? false
  }

  /// The files that DHCP named, by TFTP or HTTP.
  package var namedFiles: [String] {
    (bootExchanges.flatMap(\.answers) + bootServerExchanges.flatMap(\.answers))
      .compactMap(\.fileName)
  }

  /// The script that came last.
  package var script: (moment: Moment, url: String, script: BootScript)? {
    steps.reversed().lazy.compactMap { step in
      switch step {
      case .http(let request):
        if case .script(let script) = request.content {
          return (request.last, request.url, script)
        }
      case .transfer(let transfer):
        if case .script(let script) = transfer.content {
          return (transfer.last, transfer.file, script)
        }
      default: break
      }
      return nil
    }.first
  }
}

extension BootRecord.Step {
  /// A file was asked for.
  package var isFetch: Bool {
    switch self {
    case .transfer, .http: true
    case .connection(let connection): connection.tls != nil
    default: false
    }
  }
}
