/// Power: virtual machines of a libvirt daemon, over its own protocol.

package import NIOCore
import NIOPosix

package struct LibvirtDriver: PowerDriver {
  package static let name = "libvirt"

  private let address: LibvirtAddress
  private let machine: LibvirtMachine
  private let group: any EventLoopGroup

  package init(
    _ address: LibvirtAddress, machine: LibvirtMachine,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.address = address
    self.machine = machine
    self.group = group
  }

  package var target: String {
    switch machine {
    case .uuid(let uuid): "\(address) \(uuid)"
    case .name(let name): "\(address) \(name.oneLine(limit: 80))"
    }
  }

  /// A daemon takes many at once; one machine's requests wait for each other.
  package var queueKey: String { "libvirt://\(target)" }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    let inFlight = CommandInFlight()
    let steps = MachinePower(target: target, driver: Self.name, inFlight: inFlight)
    let (address, machine, group) = (address, machine, group)
    do throws(DriverError) {
      return try await withTimeLimit(limit, inFlight) { () async throws(DriverError) in
        try await LibvirtConnection.with(address, group: group) {
          connection async throws(DriverError) in
          let session = try await LibvirtSession.open(address, machine) {
            procedure, what, payload async throws(DriverError) in
            try await connection.call(procedure, what, payload)
          }
          return try await steps.perform(request, in: session)
        }
      }
    } catch {
      throw PowerError(target: target, error)
    }
  }
}
