/// Appliance: from a host's parameters to its power driver (Bergenholm's reserved parameters).

import ControlAPI
import IPMI
import Inventory
import Jinja
import Power

/// `power_driver`: `ipmi` with `ipmi_host`, `ipmi_port`, `ipmi_user`, `ipmi_password`; `dummy`.
struct HostPowering: Sendable {
  var catalogue: Catalogue
  var control: PowerControl

  var api: HostPower {
    HostPower(
      status: { try await status(of: $0) },
      change: { try await change($0, $1) })
  }

  private func status(of host: String) async throws -> String {
    guard let target = try target(of: host) else { return "on" }
    let outcome = try await perform(.status, target)
    return outcome.before.map { $0 == .on ? "on" : "off" } ?? "unknown"
  }

  /// `on` first sets the next boot to the network, as Bergenholm did: a machine is switched on to
  /// be installed.
  private func change(_ host: String, _ verb: HostPower.Verb) async throws {
    guard let target = try target(of: host) else { return }
    switch verb {
    case .on:
      _ = try await perform(.bootDevice(.pxe), target)
      _ = try await perform(.power(.on), target)
    case .off: _ = try await perform(.power(.off), target)
    case .reset: _ = try await perform(.power(.reset), target)
    }
  }

  private func perform(_ request: PowerRequest, _ target: BMCTarget) async throws -> PowerOutcome {
    do {
      return try await control.perform(request, at: target)
    } catch {
      throw HostPower.Problem.failed(String(describing: error))
    }
  }

  /// nil for the dummy driver, whose machines are always on.
  private func target(of host: String) throws -> BMCTarget? {
    guard catalogue.snapshot.host(host) != nil else {
      throw HostPower.Problem.missing("There is no host \"\(host)\".")
    }
    let parameters = try catalogue.parameters(of: host, .real)
    func text(_ key: String) -> String? { parameters[key].map(\.plainText) }
    func needed(_ key: String) throws -> String {
      guard let value = text(key), !value.isEmpty else {
        throw HostPower.Problem.missing("The host \"\(host)\" has no parameter \"\(key)\".")
      }
      return value
    }
    switch text("power_driver") {
    case nil:
      throw HostPower.Problem.noDriver("The host \"\(host)\" has no parameter \"power_driver\".")
    case "dummy":
      return nil
    case "ipmi":
      return BMCTarget(
        address: try needed("ipmi_host"), port: text("ipmi_port"),
        username: try needed("ipmi_user"), password: Secret(try needed("ipmi_password")))
    case let driver?:
      throw HostPower.Problem.noDriver(
        "This version has no power driver \"\(driver)\"; it has ipmi and dummy.")
    }
  }
}

/// A BMC with credentials of its own.
struct BMCTarget: Sendable {
  var address: String
  /// nil is 623.
  var port: String?
  var username: String
  var password: Secret
}
