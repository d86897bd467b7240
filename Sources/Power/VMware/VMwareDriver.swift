/// Power: virtual machines of VMware vSphere, over its Web Services API (SOAP).

package import Wire

package struct VMwareDriver: PowerDriver {
  package static let name = "vmware"

  private let address: WebAddress
  private let user: String
  private let password: HiddenText
  private let uuid: SystemUUID
  private let client: WebClient

  /// `uuid` is the machine's SMBIOS UUID as iPXE shows it.
  package init(
    _ address: WebAddress, user: String, password: HiddenText, uuid: SystemUUID,
    trust: CertificateTrust = .system, clients: WebClients
  ) {
    self.address = address
    self.user = user
    self.password = password
    self.uuid = uuid
    client = clients.client(for: trust)
  }

  package var target: String { "\(address) \(uuid)" }
  /// A vCenter takes many at once; one machine's requests wait for each other.
  package var queueKey: String { "vmware://\(address)/\(uuid)" }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    let inFlight = CommandInFlight()
    let steps = MachinePower(target: target, driver: Self.name, inFlight: inFlight)
    let (user, password, uuid) = (user, password, uuid)
    let peer = WebPeer(address: address, client: client)
    do throws(DriverError) {
      return try await withTimeLimit(limit, inFlight) { () async throws(DriverError) in
        try await Self.perform(request, steps, user, password, uuid, over: peer)
      }
    } catch {
      throw PowerError(target: target, error)
    }
  }

  /// The same over any way of asking, so that tests need no network.
  static func perform(
    _ request: PowerRequest, _ steps: MachinePower, _ user: String, _ password: HiddenText,
    _ uuid: SystemUUID, over peer: any WebAsking
  ) async throws(DriverError) -> PowerOutcome {
    let service = try await VSphereService.open(peer, user: user, password: password)
    do throws(DriverError) {
      let machine = try await VMwareSession.find(uuid, in: service)
      let outcome = try await steps.perform(
        request, in: VMwareSession(service: service, machine: machine, pause: steps.pause))
      await service.close()
      return outcome
    } catch {
      await service.close()
      throw error
    }
  }
}
