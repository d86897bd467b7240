/// Appliance: the doctor asks every host's power driver for its status, and nothing else.

import ControlAPI
import Inventory

struct PowerCheck: Sendable {
  var hosts: [String]
  var power: HostPower

  private static let atOnce = 64

  /// One finding for each host that has a driver, as they come.
  func run(_ tell: (Finding) -> Void) async {
    await withTaskGroup(of: Finding?.self) { group in
      var rest = hosts[...]
      for host in rest.prefix(Self.atOnce) { group.addTask { await finding(host) } }
      rest = rest.dropFirst(Self.atOnce)
      while let finding = await group.next() {
        if let finding { tell(finding) }
        if let host = rest.popFirst() { group.addTask { await self.finding(host) } }
      }
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
