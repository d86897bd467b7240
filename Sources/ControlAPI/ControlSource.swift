/// ControlAPI: what the appliance hands to the operators' side of the HTTP server.

package import Foundation
package import Inventory
package import Wire

package struct ControlSource: Sendable {
  package var inventory: Inventory
  /// Power-cycles the machine at an address (a machine that is off is switched on) and answers one
  /// sentence; throws an error whose description is one. Ends by itself within its time limit.
  package var cycle: @Sendable (_ obm: String) async throws -> String
  /// Why an address can't be a BMC's; nil when it can.
  package var problemWithBMC: @Sendable (_ obm: String) -> String?
  /// Why a location can't be installed from; nil when it can.
  package var problemWithLocation: @Sendable (_ location: String) -> String?
  /// The locations that can be installed from.
  package var locations: @Sendable () -> [String]
  /// The running configuration, without secrets: name and value.
  package var configuration: @Sendable () -> [(name: String, value: String)]
  /// The latest lines of the log, oldest first.
  package var log: @Sendable () -> [String]
  /// How often each thing happened.
  package var counts: @Sendable () -> [(name: String, value: Int)]

  /// The packets of a machine between two times, as a pcapng file; nil when none are kept.
  package var capture: @Sendable (MACAddress, _ from: Date, _ to: Date) -> [UInt8]? = { _, _, _ in
    nil
  }
  /// What the boot doctor says of them, for people.
  package var explanation: @Sendable (MACAddress, _ from: Date, _ to: Date) -> String? = {
    _, _, _ in nil
  }

  /// After the power command of a reimage, whatever it came to. Returns at once.
  package var powered: @Sendable (ReimageJob) -> Void = { _ in }
  /// What the machine's console wrote during a boot; nil when it was not recorded.
  package var console: @Sendable (_ boot: Int) -> [UInt8]? = { _ in nil }

  package init(
    inventory: Inventory,
    cycle: @escaping @Sendable (_ obm: String) async throws -> String,
    problemWithBMC: @escaping @Sendable (_ obm: String) -> String?,
    problemWithLocation: @escaping @Sendable (_ location: String) -> String?,
    locations: @escaping @Sendable () -> [String],
    configuration: @escaping @Sendable () -> [(name: String, value: String)],
    log: @escaping @Sendable () -> [String],
    counts: @escaping @Sendable () -> [(name: String, value: Int)]
  ) {
    self.inventory = inventory
    self.cycle = cycle
    self.problemWithBMC = problemWithBMC
    self.problemWithLocation = problemWithLocation
    self.locations = locations
    self.configuration = configuration
    self.log = log
    self.counts = counts
  }
}
