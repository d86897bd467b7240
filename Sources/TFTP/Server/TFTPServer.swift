/// TFTP: the service: listens, and has its requests and transfers served by workers.

package import Datagram
package import Logging
package import Wire

/// Lives on the thread of a `DatagramLoop`, where it is told to listen elsewhere and tells its events;
/// the work is done on threads of its own, one for each processor (`TFTPWorker`). By default each
/// transfer has a socket of its own, with a port that the kernel chooses, bound to the address and the
/// interface on which the request came (RFC 1350 §4: the port is the transfer's identifier).
package actor TFTPServer {
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  private struct Open {
    var place: TFTPConfiguration.Listener
    /// One for each worker, all at the same port.
    var ports: [DatagramPort]
  }

  private let loop: DatagramLoop
  private let configuration: TFTPConfiguration
  private let files: TFTPFileProvider
  private let reporter: TFTPReporter
  private let logger: Logger
  private var workers: [TFTPWorker] = []
  /// In the order in which they were opened.
  private var open: [Open] = []

  /// `files` is called on the workers' threads, `events` on `loop`'s.
  package init(
    configuration: TFTPConfiguration, loop: DatagramLoop, logger: Logger,
    files: @escaping TFTPFileProvider, events: @escaping TFTPEventHandler
  ) {
    self.configuration = configuration
    self.loop = loop
    self.logger = logger
    self.files = files
    reporter = TFTPReporter(loop: loop, handler: events)
  }

  /// Serves until the task is cancelled; then takes no new requests and gives the transfers that
  /// are under way a few seconds.
  package func run() async throws {
    try listen()
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(86_400))
    }
    // With a single port the transfers go on there.
    let doors = open
    open = []
    if !configuration.singlePort { for place in doors { close(place) } }
    await withTaskGroup(of: Void.self) { group in
      for worker in workers {
        group.addTask { [configuration] in await worker.drain(configuration.graceful) }
      }
    }
    if configuration.singlePort { for place in doors { close(place) } }
    for worker in workers { worker.loop.shutdown() }
    workers = []
  }

  deinit {
    for worker in workers { worker.loop.shutdown() }
  }

  /// Binds the listeners, if that was not done before, and tells where they are. `run` does it too;
  /// whoever wants to know the ports or to fail early calls it first.
  @discardableResult
  package func listen() throws(SocketError) -> [Endpoint] {
    if open.isEmpty {
      for place in configuration.listeners { open.append(try listen(at: place)) }
    }
    return open.compactMap { $0.ports.first?.local }
  }

  /// Listens at these places from now on. Transfers that are under way go on. A place that can't be
  /// had is logged, and tried again at the next call.
  package func update(_ places: [TFTPConfiguration.Listener]) {
    for place in open where !places.contains(where: place.place.sharesSocket) { close(place) }
    open.removeAll { !places.contains(where: $0.place.sharesSocket) }
    for place in places {
      if let index = open.firstIndex(where: { $0.place.sharesSocket(with: place) }) {
        if open[index].place != place { change(&open[index], to: place) }
        continue
      }
      do throws(SocketError) {
        open.append(try listen(at: place))
      } catch {
        logger.warning("TFTP: \(error)")
      }
    }
  }

  /// How many transfers are under way.
  package var transferCount: Int {
    get async {
      var count = 0
      for worker in workers { count += await worker.transferCount }
      return count
    }
  }

  // MARK: Places

  private func listen(at place: TFTPConfiguration.Listener) throws(SocketError) -> Open {
    try startWorkers()
    var options = DatagramPort.Options(interface: place.interface)
    options.tellsDestination = true
    options.buffer = 4 * 1024 * 1024
    var port = configuration.port
    if workers.count > 1 {
      // Others of the same user could share the port as well: this tells whether one has it.
      if port != 0 { try DatagramPort.open(at: place.address, port: port, options).close() }
      options.sharesLoad = true
    }
    var ports: [DatagramPort] = []
    for _ in workers {
      ports.append(try DatagramPort.open(at: place.address, port: port, options))
      port = ports[0].local.port
    }
    for (worker, port) in zip(workers, ports) {
      worker.loop.execute {
        worker.assumeIsolated { $0.add(TFTPDoor(place: place, port: port)) }
      }
    }
    logger.info(
      "TFTP listens on \(place.address):\(port) (\(place.interface ?? "any interface"))")
    return Open(place: place, ports: ports)
  }

  /// Another MTU needs no other socket; with a single port, transfers that go on live in it.
  private func change(_ opened: inout Open, to place: TFTPConfiguration.Listener) {
    opened.place = place
    for (worker, port) in zip(workers, opened.ports) {
      worker.loop.execute {
        worker.assumeIsolated { $0.change(TFTPDoor(place: place, port: port)) }
      }
    }
  }

  /// The ports are free at once; the workers forget them in their next round.
  private func close(_ place: Open) {
    for (worker, port) in zip(workers, place.ports) {
      port.close()
      worker.loop.execute { worker.assumeIsolated { $0.removeDoor(port) } }
    }
  }

  private func startWorkers() throws(SocketError) {
    guard workers.isEmpty else { return }
    let isLimited = configuration.ports != nil && !configuration.singlePort
    // Who needs a port of the range must be able to take that of whoever never answered.
    let count = isLimited ? 1 : max(1, configuration.workers)
    var capacity = configuration.maximumTransfers
    if let ports = configuration.ports, isLimited { capacity = min(capacity, ports.count) }
    // Chance does not share evenly, and a worker that is held up collects clients.
    var all = count == 1 ? capacity : 2 * capacity
    if !configuration.singlePort { all = DescriptorLimit.transfers(all) }
    capacity = min(capacity, max(1, all / count))
    let ports = TFTPPorts(configuration.ports)
    var started: [TFTPWorker] = []
    for number in 0..<count {
      started.append(
        try TFTPWorker(
          number: number, configuration: configuration,
          capacity: capacity, files: files, reporter: reporter, ports: ports))
    }
    for worker in started { worker.start() }
    workers = started
  }
}
