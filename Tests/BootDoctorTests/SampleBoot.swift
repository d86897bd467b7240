/// BootDoctorTests: boots as values, for tests of verdicts.

import BootDoctor
import DHCPProxy
import Wire

/// Times are in seconds since the boot began; each thing has a packet number of its own.
struct SampleBoot {
  static let machine = MACAddress(value: 0x5254_0000_0001)
  static let dhcpServer = IPAddress.v4(IPv4Address(10, 0, 0, 1))
  static let bootServer = IPAddress.v4(IPv4Address(10, 0, 0, 2))
  static let address = IPAddress.v4(IPv4Address(10, 0, 0, 50))

  static func at(_ seconds: Double, _ packet: Int = 0) -> Moment {
    Moment(
      1_700_000_000_000_000_000 + UInt64(seconds * 1e9),
      packet: packet == 0 ? Int(seconds * 1000) + 1 : packet)
  }

  static func seen(_ seconds: Double...) -> Sightings {
    var all = Sightings(at(seconds.first ?? 0))
    for second in seconds.dropFirst() { all.add(at(second)) }
    return all
  }

  /// What a DHCP server offers that knows nothing of booting.
  static func lease(_ seconds: Double..., file: String? = nil) -> BootOffer {
    var all = Sightings(at(seconds.first ?? 0))
    for second in seconds.dropFirst() { all.add(at(second)) }
    return BootOffer(
      all, source: dhcpServer, identifier: dhcpServer, address: address,
      nextServer: file == nil ? nil : dhcpServer, file: file)
  }

  static func proxy(
    _ second: Double, file: String? = "snponly.efi", server: IPAddress = bootServer,
    vendorClass: String? = "PXEClient"
  ) -> BootOffer {
    BootOffer(
      seen(second), source: server, identifier: server, vendorClass: vendorClass,
      nextServer: server, file: file)
  }

  /// Asked, offered, requested and acknowledged.
  static func exchange(
    _ asker: DHCPExchange.Asker = .pxe, at begin: Double = 0, offers: [BootOffer]? = nil,
    architecture: UInt16 = 7
  ) -> DHCPExchange {
    var exchange = DHCPExchange(
      asker: asker, family: asker == .ipxe ? .ipxe : .uefi, transaction: UInt32(begin * 1000),
      architecture: architecture)
    exchange.questions = seen(begin)
    exchange.offers = offers ?? [lease(begin + 0.1), proxy(begin + 0.1)]
    exchange.requests = seen(begin + 1)
    exchange.acknowledgments = [lease(begin + 1.1)]
    return exchange
  }

  /// DISCOVERs without an end.
  static func asking(
    _ asker: DHCPExchange.Asker = .pxe, at seconds: [Double], offers: [BootOffer] = []
  ) -> DHCPExchange {
    var exchange = DHCPExchange(
      asker: asker, family: asker == .ipxe ? .ipxe : .uefi, transaction: 7, architecture: 7)
    for second in seconds { exchange.questions.add(at(second)) }
    exchange.offers = offers
    return exchange
  }

  static func transfer(
    _ file: String = "snponly.efi", at begin: Double = 2,
    _ outcome: TFTPTransferRecord.Outcome = .whole, bytes: Int = 173_792
  ) -> TFTPTransferRecord {
    var transfer = TFTPTransferRecord(
      server: bootServer, file: file, requests: seen(begin), requested: ["tsize 0", "blksize 1468"])
    transfer.outcome = outcome
    transfer.last = at(begin + 0.5)
    if outcome == .whole || outcome == .running {
      transfer.granted = ["blksize 1468"]
      transfer.blockSize = 1468
      transfer.acceptedTerms = true
      transfer.answered = at(begin + 0.01)
      transfer.firstData = at(begin + 0.02)
      transfer.dataPackets = bytes / 1468 + 1
      transfer.sentBlock = transfer.dataPackets
      transfer.acknowledgedBlock = transfer.dataPackets
      transfer.bytes = bytes
    }
    return transfer
  }

  static func transfer(_ outcome: TFTPTransferRecord.Outcome) -> TFTPTransferRecord {
    transfer("snponly.efi", at: 2, outcome)
  }

  static func request(
    _ target: String = "/boot.ipxe", at begin: Double = 3, status: Int? = 200, bytes: Int = 300,
    ending: HTTPRecord.Ending = .whole, content: FileContent? = nil
  ) -> HTTPRecord {
    var request = HTTPRecord(
      server: bootServer, target: target, host: "10.0.0.2", agent: "iPXE/1.21", request: at(begin))
    request.status = status
    request.response = status == nil ? nil : at(begin + 0.1)
    request.last = at(begin + 0.2)
    request.bytes = bytes
    request.contentLength = bytes
    request.ending = ending
    request.content = content
    return request
  }

  /// `until` is when the capture ends.
  static func boot(
    _ steps: [BootRecord.Step], until: Double = 200, family: FirmwareFamily = .uefi,
    architecture: UInt16 = 7
  ) -> BootRecord {
    BootRecord(
      mac: machine, architecture: architecture, family: family, steps: steps,
      seenUntil: at(until).time)
  }

  /// A good boot until its script, which is given.
  static func scripted(
    _ script: BootScript, _ steps: [BootRecord.Step] = [], until: Double = 200
  ) -> BootRecord {
    boot(
      [
        .dhcp(exchange()), .transfer(transfer()),
        .dhcp(
          exchange(
            .ipxe, at: 5, offers: [lease(5.1), proxy(5.1, file: "http://10.0.0.2/boot.ipxe")])),
        .http(request(at: 8, content: .script(script))),
      ] + steps, until: until)
  }
}

extension BootRecord {
  /// The codes of its failures.
  var failures: [Verdict.Code] { verdicts().filter { $0.severity == .failure }.map(\.code) }
  var codes: [Verdict.Code] { verdicts().map(\.code) }
}
