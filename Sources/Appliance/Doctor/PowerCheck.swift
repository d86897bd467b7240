/// Appliance: the doctor asks every host's power driver for its status, and nothing else.

import ControlAPI
import Power

struct PowerCheck: Sendable {
  var hosts: [String]
  var power: HostPower

  private static let atOnce = 64

  /// One finding for each host that has a driver, as they come.
  func run(_ tell: (Finding) -> Void) async {
    await FanOut.run(hosts, fanout: Self.atOnce) {
      await finding($0)
    } tell: { _, finding in
      if let finding { tell(finding) }
    }
  }

  private func finding(_ host: String) async -> Finding? {
    do {
      let status = try await power.status(host)
      return Finding("power", .ok, "The power of \(host) can be asked: it is \(status).")
    } catch HostPower.Problem.noDriver {
      return nil
    } catch {
      return Finding(
        "power", .warning, "The power of \(host) can't be asked: \(error)",
        remedy: "Compare address, user and password in its record with its BMC.")
    }
  }
}
