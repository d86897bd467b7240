/// Power: machines with a BMC that speaks Redfish.

/// One login, one request, and the session given back.
package struct RedfishDriver: PowerDriver {
  package static let name = "redfish"

  private let address: WebAddress
  private let login: RedfishLogin
  private let selection: RedfishSelection
  private let client: WebClient

  package init(
    _ address: WebAddress, login: RedfishLogin, selection: RedfishSelection = RedfishSelection(),
    trust: CertificateTrust = .system, clients: WebClients
  ) {
    self.address = address
    self.login = login
    self.selection = selection
    client = clients.client(for: trust)
  }

  package var target: String { "\(address)" }
  package var queueKey: String {
    "redfish://\(address.host):\(address.port)\(selection.system.map { "/\($0)" } ?? "")"
  }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    let inFlight = CommandInFlight()
    let steps = MachinePower(target: target, driver: Self.name, inFlight: inFlight)
    let (login, selection, peer) = (login, selection, WebPeer(address: address, client: client))
    do throws(DriverError) {
      return try await withTimeLimit(limit, inFlight) { () async throws(DriverError) in
        try await Self.perform(request, steps, login, selection, over: peer)
      }
    } catch {
      throw PowerError(target: target, error)
    }
  }

  /// The same over any way of asking, so that tests need no network.
  static func perform(
    _ request: PowerRequest, _ steps: MachinePower, _ login: RedfishLogin,
    _ selection: RedfishSelection, over peer: any WebAsking
  ) async throws(DriverError) -> PowerOutcome {
    let service = try await RedfishService.open(peer, login)
    do throws(DriverError) {
      let (path, warnings) = try await service.find(selection)
      var outcome = try await steps.perform(
        request, in: RedfishSession(service: service, path: path, pause: steps.pause))
      outcome.warnings = warnings + outcome.warnings
      await service.close()
      return outcome
    } catch {
      await service.close()
      throw error
    }
  }
}
