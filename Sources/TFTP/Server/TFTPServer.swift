/// TFTP: the service: listens, asks for files, runs the transfers.

package import Datagram
package import Logging
package import Wire

/// Lives on the thread of a `DatagramLoop`: sockets and timers call it there, without a hop. Each
/// transfer has a socket of its own, with a port that the kernel chooses, bound to the address and
/// the interface on which the request came (RFC 1350 §4: the port is the transfer's identifier).
package actor TFTPServer {
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  let loop: DatagramLoop
  let configuration: TFTPConfiguration
  let events: TFTPEventHandler
  private let files: TFTPFileProvider
  private let logger: Logger
  /// In the order in which they were opened.
  private var listeners: [(place: TFTPConfiguration.Listener, socket: DatagramSocket)] = []
  var transfers: TFTPTransferTable<TFTPTransfer>
  private var drained: CheckedContinuation<Void, Never>?
  private var lastSerial: UInt64 = 0

  package init(
    configuration: TFTPConfiguration, loop: DatagramLoop, logger: Logger,
    files: @escaping TFTPFileProvider, events: @escaping TFTPEventHandler
  ) {
    self.configuration = configuration
    self.loop = loop
    self.logger = logger
    self.files = files
    self.events = events
    transfers = TFTPTransferTable(
      capacity: DescriptorLimit.transfers(configuration.maximumTransfers),
      capacityOfAddress: configuration.maximumTransfersOfAddress)
  }

  /// Serves until the task is cancelled; then takes no new requests and gives the transfers that
  /// are under way a few seconds.
  package func run() async throws {
    try listen()
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(86_400))
    }
    for listener in listeners { listener.socket.close() }
    listeners = []
    await drain()
  }

  /// Binds the listeners, if that was not done before, and tells where they are. `run` does it too;
  /// whoever wants to know the ports or to fail early calls it first.
  @discardableResult
  package func listen() throws(SocketError) -> [Endpoint] {
    if listeners.isEmpty {
      for place in configuration.listeners {
        listeners.append((place, try listen(at: place)))
      }
    }
    return listeners.map(\.socket.local)
  }

  /// Listens at these places from now on. Transfers that are under way go on. A place that can't be
  /// had is logged, and tried again at the next call.
  package func update(_ places: [TFTPConfiguration.Listener]) {
    for listener in listeners where !places.contains(listener.place) { listener.socket.close() }
    listeners.removeAll { !places.contains($0.place) }
    for place in places where !listeners.contains(where: { $0.place == place }) {
      do throws(SocketError) {
        listeners.append((place, try listen(at: place)))
      } catch {
        logger.warning("TFTP: \(error)")
      }
    }
  }

  private func listen(at place: TFTPConfiguration.Listener) throws(SocketError) -> DatagramSocket {
    let socket = try DatagramSocket.bind(
      on: loop, interface: place.interface, address: place.address, port: configuration.port
    ) { [weak self] datagram in
      self?.assumeIsolated { $0.receive(datagram, at: place) }
    }
    logger.info("TFTP listens on \(socket.local) (\(place.interface ?? "any interface"))")
    return socket
  }

  /// How many transfers are under way.
  package var transferCount: Int { transfers.count }

  private func drain() async {
    guard transfers.count > 0 else { return }
    let timer = loop.schedule(after: configuration.graceful) { [weak self] in
      self?.assumeIsolated { $0.stopTransfers() }
    }
    await withCheckedContinuation { drained = $0 }
    timer.cancel()
  }

  private func stopTransfers() {
    for key in transfers.allKeys {
      if let transfer = transfers[key] {
        transfer.send(.error(code: .notDefined, message: "The server was stopped"))
      }
      replace(key, because: .stopped)
    }
  }

  /// Called when a transfer has ended.
  func transferEnded() {
    guard transfers.count == 0, let waiting = drained else { return }
    drained = nil
    waiting.resume()
  }

  // MARK: Requests

  private func receive(_ datagram: ReceivedDatagram, at place: TFTPConfiguration.Listener) {
    // The server may have stopped listening in the middle of a batch.
    guard let listener = listeners.first(where: { $0.place == place })?.socket else { return }
    let arrival = TFTPArrival(
      client: datagram.source, local: datagram.local, interface: place.interface)
    switch TFTPAdmission(datagram.payload, from: datagram.source) {
    case .ignore(let reason):
      events(arrival.event(.ignored(reason), ""))
    case .refuse(let request, let refusal):
      refuse(refusal, TFTPFilename.printable(request.filename), arrival, listener)
    case .read(let request, let name):
      if continueTransfer(arrival.key, request) { return }
      events(
        arrival.event(.requested(mode: request.mode, options: request.options), name.cleaned))
      do throws(TFTPRefusal) {
        try start(request, name, arrival, place)
      } catch {
        refuse(error, name.cleaned, arrival, listener)
      }
    }
  }

  /// Whether the request belongs to a transfer that goes on.
  private func continueTransfer(_ key: TFTPTransferKey, _ request: TFTPTransferRequest) -> Bool {
    guard let transfer = transfers[key] else { return false }
    guard transfer.request == request else {
      replace(key, because: .restarted)
      return false
    }
    let now = ContinuousClock.now
    perform(transfers.update(key) { $0.sender.receiveRequestAgain(at: now) }, key)
    return transfers[key] != nil
  }

  private func start(
    _ request: TFTPTransferRequest, _ name: TFTPFilename, _ arrival: TFTPArrival,
    _ place: TFTPConfiguration.Listener
  ) throws(TFTPRefusal) {
    let wanted = TFTPRequest(
      name: name.cleaned, originalName: TFTPFilename.printable(request.filename),
      client: arrival.client, localAddress: arrival.local, interface: arrival.interface)
    // Before the file is read: who can't have a transfer must not cost one.
    let room = transfers.room(for: arrival.key)
    if room == .none { throw .full }
    guard let file = files(wanted) else { throw .notFound }
    guard request.mode == .octet || file.contents.count <= NetASCIICursor.largestFile else {
      throw .notText
    }
    if case .evict(let key) = room { replace(key, because: .evicted) }
    let terms = TFTPTerms(
      request: request, fileSize: file.contents.count,
      limits: TFTPLimits(
        mtu: place.mtu, ipHeader: arrival.local.v6 == nil ? 20 : 40,
        windowSize: configuration.windowSize))
    let now = ContinuousClock.now
    let sender = TFTPSender(file: file.contents, terms: terms, peer: arrival.client, at: now)
    lastSerial &+= 1
    let transfer = TFTPTransfer(
      serial: lastSerial, sender: sender, request: request, file: name.cleaned, arrival: arrival,
      socket: try open(arrival, serial: lastSerial), started: now)
    transfers.insert(transfer, for: arrival.key)
    events(arrival.event(.started(terms), name.cleaned))
    perform(sender.opening, arrival.key)
  }

  private func open(
    _ arrival: TFTPArrival, serial: UInt64
  ) throws(TFTPRefusal) -> DatagramSocket {
    do throws(SocketError) {
      return try DatagramSocket.bind(
        on: loop, interface: arrival.interface, address: arrival.local, port: 0
      ) { [weak self] datagram in
        self?.assumeIsolated { $0.receive(datagram, in: arrival.key, serial: serial) }
      }
    } catch {
      throw .noSocket(error.description)
    }
  }

  private func refuse(
    _ refusal: TFTPRefusal, _ file: String, _ arrival: TFTPArrival, _ listener: DatagramSocket
  ) {
    if let answer = refusal.answer?.datagram {
      listener.send(answer, to: arrival.client, from: arrival.local)
    }
    events(arrival.event(.refused(refusal), file))
  }
}
