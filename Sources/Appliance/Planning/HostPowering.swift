/// Appliance: from a host's parameters to its power driver (Bergenholm's reserved parameters).

import ControlAPI
import IPMI
import Inventory
import Jinja
import Power

/// `power_driver` and what goes with it; see `HostPowerSettings`.
struct HostPowering: Sendable {
  var catalogue: Catalogue
  var control: PowerControl
  /// nil where nobody records.
  var consoles: ConsoleWish?

  var api: HostPower {
    HostPower(
      status: { try await status(of: $0) },
      change: { try await change($0, $1) })
  }

  private func status(of host: String) async throws -> String {
    let driver = try driver(of: host)
    do {
      let outcome = try await control.perform(.status, with: driver)
      return outcome.before.map { $0 == .on ? "on" : "off" } ?? "unknown"
    } catch let error as PowerError {
      // Wake-on-LAN knows no state; that is no failure.
      if case .driver(let inner) = error.cause, inner.kind == .unsupported { return "unknown" }
      throw HostPower.Problem.failed("\(error)")
    }
  }

  /// `on` first sets the next boot to the network, as Bergenholm did: a machine is switched on to
  /// be installed. A virtual machine of libvirt is only created, as there.
  private func change(_ host: String, _ verb: HostPower.Verb) async throws {
    let driver = try driver(of: host)
    let isLibvirt = driver is LibvirtDriver
    // After the command, whatever it came to.
    let console = verb == .off ? nil : consoles?.request(forHost: host)
    defer { if let console { consoles?.recorder.record(console) } }
    switch verb {
    case .on:
      if driver.setsBootDevice, !isLibvirt { try await perform(.bootDevice(.pxe), driver) }
      try await perform(.power(.on), driver)
    case .off: try await perform(.power(.off), driver)
    case .reset:
      // Bergenholm destroyed and created it, so that a changed domain is what runs then.
      try await perform(.power(isLibvirt ? .cycle : .reset), driver)
    }
  }

  private func perform(_ request: PowerRequest, _ driver: any PowerDriver) async throws {
    do {
      _ = try await control.perform(request, with: driver)
    } catch {
      throw HostPower.Problem.failed(String(describing: error))
    }
  }

  private func driver(of host: String) throws -> any PowerDriver {
    guard catalogue.snapshot.host(host) != nil else {
      throw HostPower.Problem.missing("There is no host \"\(host)\".")
    }
    let parameters = try catalogue.parameters(of: host, .real)
    let settings = HostPowerSettings(host: host) { key in parameters[key].map(\.plainText) }
    do throws(HostPowerSettings.Problem) {
      return try settings.driver(control.maker)
    } catch {
      switch error {
      case .missing(let parameter):
        throw HostPower.Problem.missing("The host \"\(host)\" has no parameter \"\(parameter)\".")
      case .noDriver:
        throw HostPower.Problem.noDriver(
          "The host \"\(host)\" has no parameter \"power_driver\".")
      case .unknownDriver(let name):
        throw HostPower.Problem.noDriver(
          "This version has no power driver \"\(name)\"; it has "
            + "\(HostPowerSettings.drivers.joined(separator: ", ")).")
      case .wrong:
        throw HostPower.Problem.noDriver("The host \"\(host)\": \(error).")
      }
    }
  }
}
