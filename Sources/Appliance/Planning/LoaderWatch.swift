/// Appliance: every machine's boot program, from what DHCP, TFTP and HTTP saw.

package import DHCPProxy
import Synchronization
package import TFTP
package import Wire

/// Findings come out of `note` and of `pass`, which is called every few seconds. Time is in seconds of
/// any clock that only goes forward. Programs that went out over HTTP are not watched.
package final class LoaderWatch: Sendable {
  package struct Finding: Equatable, Sendable {
    package var mac: MACAddress
    package var finding: LoaderVerdict.Finding
  }

  private let addresses: MachineAddresses
  /// Names of boot programs.
  private let programs: Set<String>
  private let verdicts = Mutex<[MACAddress: LoaderVerdict]>([:])
  /// Bounded: machines that are watched at one time.
  private static let limit = 4096

  package init(addresses: MachineAddresses, programs: some Sequence<String>) {
    self.addresses = addresses
    self.programs = Set(programs)
  }

  package func note(_ event: ProxyEvent, at now: Double) -> Finding? {
    switch event {
    case .answered(let question, let client, _, _, _):
      if case .ipxe = client.program { return see(.secondStage, client.mac, now) }
      return question.type == .discover ? see(.firmwareDiscover, client.mac, now) : nil
    case .silent(let client, _, let arrival):
      if case .ipxe = client.program { return see(.secondStage, client.mac, now) }
      // Port 4011 belongs to the boot that is under way.
      return arrival.port == .dhcp ? see(.firmwareDiscover, client.mac, now) : nil
    default: return nil
    }
  }

  package func note(_ event: TFTPEvent, at now: Double) -> Finding? {
    guard let mac = addresses.machine(at: event.client.address) else { return nil }
    switch event.kind {
    case .requested:
      // The same program again is no sign that it runs.
      return programs.contains(event.file) ? nil : see(.secondStage, mac, now)
    case .finished:
      return programs.contains(event.file) ? see(.delivered(file: event.file), mac, now) : nil
    default: return nil
    }
  }

  /// A script or an image was asked for.
  package func runs(_ mac: MACAddress, at now: Double) -> Finding? {
    see(.secondStage, mac, now)
  }

  package func pass(to now: Double) -> [Finding] {
    verdicts.withLock { verdicts in
      var findings: [Finding] = []
      for (mac, var verdict) in verdicts {
        if let finding = verdict.pass(to: now) {
          findings.append(Finding(mac: mac, finding: finding))
        }
        verdicts[mac] = verdict.isIdle ? nil : verdict
      }
      return findings
    }
  }

  private func see(_ sign: LoaderVerdict.Sign, _ mac: MACAddress, _ now: Double) -> Finding? {
    verdicts.withLock { verdicts in
      var verdict = verdicts[mac] ?? LoaderVerdict()
      let finding = verdict.see(sign, at: now)
      if verdicts.count >= Self.limit, verdicts[mac] == nil { verdicts.removeAll() }
      verdicts[mac] = verdict.isIdle ? nil : verdict
      return finding.map { Finding(mac: mac, finding: $0) }
    }
  }
}
