/// Lab: a small data centre in network namespaces of its own; the host's network is not touched.

internal import FoundationEssentials
internal import Glibc
internal import Synchronization
internal import Wire

/// A switch, a DHCP server that knows nothing of PXE, a host for the appliance, and BMCs that own
/// virtual machines. All of it ends with `stop()`, and also when this process is killed.
package final class Laboratory: Sendable {
  let name: LabName
  /// Where all files of the laboratory lie: consoles, captures, leases, logs.
  package let directory: String
  package let layout: LabLayout
  package let dhcp: DHCPHost
  private let relay: RelayHost?
  private let keeper: LabKeeper
  private let state = Mutex(State())

  private struct State {
    var machines = 0
    var logs = 0
    var stopped = false
  }

  private static let numbers = Atomic<Int>(0)

  /// Builds the network and starts the DHCP server. `keepFiles` leaves the directory behind.
  package static func start(
    _ layout: LabLayout = LabLayout(), keepFiles: Bool = false
  ) async throws(LabError) -> Laboratory {
    try Prerequisites.require(
      Prerequisites.check() + Prerequisites.check(layout), for: "the laboratory")
    let number = numbers.wrappingAdd(1, ordering: .relaxed).oldValue
    let name = LabName(owner: getpid(), number: number)
    try LabFile.makeDirectory(name.directory)
    try name.recordOwner()
    let keeper = try LabKeeper.start(
      laboratory: name.description, directory: name.directory, keepFiles: keepFiles)
    do {
      try LabNetwork(name: name, layout: layout).build()
      let dhcp = try await DHCPHost.start(in: name, layout)
      let relay = layout.hasRelay ? try await RelayHost.start(in: name) : nil
      return Laboratory(name: name, layout: layout, dhcp: dhcp, relay: relay, keeper: keeper)
    } catch {
      keeper.finish()
      throw error
    }
  }

  private init(
    name: LabName, layout: LabLayout, dhcp: DHCPHost, relay: RelayHost?, keeper: LabKeeper
  ) {
    self.name = name
    self.directory = name.directory
    self.layout = layout
    self.dhcp = dhcp
    self.relay = relay
    self.keeper = keeper
  }

  deinit { stop() }

  /// Ends every process of the laboratory and removes its network and files. May be called again.
  package func stop() {
    let first = state.withLock { state in
      defer { state.stopped = true }
      return !state.stopped
    }
    if first { keeper.finish() }
  }

  /// Removes what killed processes left behind, and answers the names of those laboratories.
  @discardableResult
  package static func cleanUpStale() throws(LabError) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
    let stale = Set(entries.compactMap { LabName(namespace: $0) }).filter(\.isStale)
    for name in stale {
      try LabKeeper.clear(
        laboratory: name.description, directory: name.directory, keepFiles: false)
    }
    return stale.map(\.description).sorted()
  }

  /// The name of a host's network namespace, for `ip netns exec`.
  package func namespace(of host: LabHost) -> String { name.namespace(host) }

  /// Starts a program on a host. Its output goes to a file in `directory` unless `output` names one.
  package func start(
    _ command: [String], on host: LabHost, environment: [String: String] = [:],
    output: String? = nil
  ) throws(LabError) -> ChildProcess {
    let log = state.withLock { state in
      state.logs += 1
      return state.logs
    }
    return try ChildProcess.start(
      ["ip", "netns", "exec", namespace(of: host)] + command, environment: environment,
      output: output ?? "\(directory)/\(host.rawValue)-\(log).log")
  }

  /// Runs a program on a host to its end; after `timeout` it is killed and an error thrown.
  package func run(
    _ command: [String], on host: LabHost, environment: [String: String] = [:],
    timeout: Duration = .seconds(30)
  ) async throws(LabError) -> (exit: ChildProcess.Exit, output: String) {
    let child = try start(command, on: host, environment: environment)
    guard let exit = await child.waitForExit(timeout: timeout) else {
      child.kill()
      throw LabError(
        "`\(command.joined(separator: " "))` did not end within \(timeout); it said: "
          + child.outputText.suffix(200))
    }
    return (exit, child.outputText)
  }

  /// Starts a DHCP server on the appliance's own host, for layouts that have none elsewhere.
  package func startServer(
    _ kind: LocalDHCPServer.Kind
  ) async throws(LabError) -> LocalDHCPServer {
    try Prerequisites.require(Prerequisites.check(kind), for: "the laboratory")
    return try await LocalDHCPServer.start(kind, in: self, interface: "eth0")
  }

  /// Starts the appliance's host in layouts with a trunk, and the appliance on it; returns when that is
  /// ready. `binary` is the path of a `fino`, the password what its BMCs know, and `location` names an
  /// installer's image that it has. It serves the VLANs, and the near segment when that is wanted.
  package func startTrunkHost(
    binary: String, password: String, location: String, servesUntagged: Bool = false
  ) async throws(LabError) -> TrunkHost {
    guard layout.hasTrunk else { throw LabError("the laboratory's layout has no trunk") }
    return try await TrunkHost.start(
      in: self, binary: binary, password: password, location: location,
      servesUntagged: servesUntagged)
  }

  /// Plugs a network card of a virtual machine into a segment.
  func addTap(_ tap: String, on segment: LabSegment) throws(LabError) {
    try LabNetwork(name: name, layout: layout).addTap(tap, on: segment)
  }

  /// Records what passes the switch in a segment.
  package func capture(
    to file: String, filter: String = "", on segment: LabSegment = .near
  ) async throws(LabError) -> TrafficCapture {
    try await TrafficCapture.start(in: self, to: file, filter: filter, on: segment)
  }

  /// Makes a virtual machine, off, with its disk, and a BMC of its own that is already listening.
  package func makeMachine(
    _ specification: MachineSpecification
  ) async throws(LabError) -> VirtualMachine {
    try Prerequisites.require(
      Prerequisites.check(specification.firmware), for: specification.name)
    let number = state.withLock { state in
      state.machines += 1
      return state.machines
    }
    let firstBMC = LabHost.bmc.address ?? .any
    let address = IPv4Address(value: firstBMC.value + UInt32(number) - 1)
    guard address.value < LabHost.clients.first.value else {
      throw LabError("the laboratory has no more addresses for BMCs")
    }
    let namespace = namespace(of: .bmc)
    if number > 1 {
      try ShortCommand.run([
        "ip", "-n", namespace, "address", "add", "\(address)/\(LabHost.prefixLength)", "dev",
        "eth0",
      ])
    }
    let machine = try VirtualMachine(specification, number: number, laboratory: name, layout)
    let bmc = BMCSimulator(
      machine: specification.name, address: address, directory: machine.directory,
      control: machine.control, namespace: namespace)
    machine.attach(bmc)
    try await bmc.start()
    return machine
  }
}
