/// TFTP: what arrives where the server listens.

internal import Datagram
internal import Wire

extension TFTPWorker {
  func arrive(
    _ datagram: ArrivedDatagram, at door: TFTPDoor, _ now: ContinuousClock.Instant
  ) {
    let arrival = TFTPArrival(
      client: datagram.source, local: datagram.local, interface: door.place.interface)
    // With a single port the packets of all transfers come here; a client's port tells which.
    if configuration.singlePort, !Self.isRequest(datagram.bytes),
      let transfer = transfers[arrival.key]
    {
      receive(datagram, in: transfer, now)
      return
    }
    switch TFTPAdmission(
      Array(datagram.bytes), from: datagram.source, isForMany: datagram.isForMany)
    {
    case .ignore(let reason):
      reporter.tell(arrival.event(.ignored(reason), ""))
    case .refuse(let request, let refusal):
      refuse(refusal, TFTPFilename.printable(request.filename), arrival, door)
    case .read(let request, let name):
      if isDraining || continueTransfer(arrival.key, request, now) { return }
      reporter.tell(
        arrival.event(.requested(mode: request.mode, options: request.options), name.cleaned))
      do throws(TFTPRefusal) {
        try start(request, name, arrival, door, now)
      } catch {
        refuse(error, name.cleaned, arrival, door)
      }
    }
  }

  private static func isRequest(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == 0 && (bytes[1] == 1 || bytes[1] == 2)
  }

  /// Whether the request belongs to a transfer that goes on.
  private func continueTransfer(
    _ key: TFTPTransferKey, _ request: TFTPTransferRequest, _ now: ContinuousClock.Instant
  ) -> Bool {
    guard let transfer = transfers[key] else { return false }
    guard transfer.request == request else {
      replace(transfer, because: .restarted)
      return false
    }
    perform(transfer.sender.receiveRequestAgain(at: now), transfer, now)
    return transfers[key] != nil
  }

  private func start(
    _ request: TFTPTransferRequest, _ name: TFTPFilename, _ arrival: TFTPArrival,
    _ door: TFTPDoor, _ now: ContinuousClock.Instant
  ) throws(TFTPRefusal) {
    let wanted = TFTPRequest(
      name: name.cleaned, originalName: TFTPFilename.printable(request.filename),
      client: arrival.client, localAddress: arrival.local, interface: arrival.interface)
    // Before the file is read: who can't have a transfer must not cost one.
    var room = transfers.room(for: arrival.key)
    // Under load an answer may be here, and only not have been read yet: who answered keeps its place.
    for _ in 0..<64 {
      guard case .evict(let key) = room, let old = transfers[key], hear(old, now) else { break }
      room = transfers.room(for: arrival.key)
    }
    if room == .none { throw .full }
    guard let file = files(wanted) else { throw .notFound }
    var contents = file.contents
    if request.mode != .octet {
      guard contents.count <= NetASCIICursor.largestFile else { throw .notText }
      // Text is counted before it is sent.
      guard let whole = contents.whole else { throw .notFound }
      contents = whole
    }
    if case .evict(let key) = room, let old = transfers[key] { replace(old, because: .evicted) }
    let terms = TFTPTerms(
      request: request, fileSize: contents.count,
      limits: TFTPLimits(
        mtu: door.place.mtu, ipHeader: arrival.local.v6 == nil ? 20 : 40,
        windowSize: configuration.windowSize))
    let route = try self.route(for: arrival, terms, door)
    lastSerial &+= 1
    let sender = TFTPSender(file: contents, terms: terms, peer: arrival.client, at: now)
    let transfer = TFTPTransfer(
      serial: lastSerial, slot: configuration.singlePort ? nil : reserveSlot(), sender: sender,
      request: request, file: name.cleaned, arrival: arrival, route: route, started: now)
    try watch(transfer)
    transfers.insert(transfer, for: arrival.key)
    reporter.tell(arrival.event(.started(terms), name.cleaned))
    perform(sender.opening, transfer, now)
  }

  /// A port for a transfer, or the server's own.
  private func route(
    for arrival: TFTPArrival, _ terms: TFTPTerms, _ door: TFTPDoor
  ) throws(TFTPRefusal) -> TFTPRoute {
    let isSegmented = terms.windowSize > 1 && DatagramTrain.isSegmented
    if configuration.singlePort {
      return TFTPRoute(
        port: door.port, peer: arrival.client, source: arrival.local, isSegmented: isSegmented)
    }
    var options = DatagramPort.Options(interface: arrival.interface)
    // Room for a window with what the kernel adds to each datagram.
    if terms.windowSize > 1 { options.buffer = 512 * 1024 }
    do throws(SocketError) {
      return TFTPRoute(
        port: try ports.open(at: arrival.local, options), peer: arrival.client, source: nil,
        isSegmented: isSegmented)
    } catch {
      throw .noSocket(error.description)
    }
  }

  private func refuse(
    _ refusal: TFTPRefusal, _ file: String, _ arrival: TFTPArrival, _ door: TFTPDoor
  ) {
    if let answer = refusal.answer?.datagram {
      door.port.send(answer, to: arrival.client, from: arrival.local)
    }
    reporter.tell(arrival.event(.refused(refusal), file))
  }
}
