/// Inventory: one request to install a machine, from the operator's question to its end.

package import Foundation
package import Wire

/// What an operator asks for (Sherry's `/reimage`).
package struct ReimageRequest: Hashable, Sendable {
  package var mac: MACAddress
  /// The address of the machine's BMC, as it was given.
  package var obm: String
  /// The folder of images to install from.
  package var location: String
  package var kernelOptions: String
  /// All further parameters of the request, for templates.
  package var parameters: [String: String]

  package init(
    mac: MACAddress, obm: String, location: String, kernelOptions: String,
    parameters: [String: String] = [:]
  ) {
    self.mac = mac
    self.obm = obm
    self.location = location
    self.kernelOptions = kernelOptions
    self.parameters = parameters
  }
}

package struct ReimageJob: Hashable, Sendable, Identifiable {
  /// Counts up from 1, and is never used twice.
  package let id: Int
  package let request: ReimageRequest
  package let createdAt: Date
  package internal(set) var state: State
  package internal(set) var power: PowerReport

  init(
    id: Int, request: ReimageRequest, createdAt: Date, state: State = .waiting(after: nil),
    power: PowerReport = .pending
  ) {
    self.id = id
    self.request = request
    self.createdAt = createdAt
    self.state = state
    self.power = power
  }

  package var mac: MACAddress { request.mac }
  package var obm: String { request.obm }
  package var location: String { request.location }
  package var kernelOptions: String { request.kernelOptions }
  package var parameters: [String: String] { request.parameters }

  /// The job may still install its machine.
  package var isLive: Bool {
    switch state {
    case .waiting, .leased: true
    case .installed, .expired, .cancelled, .superseded: false
    }
  }
}
