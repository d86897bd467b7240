/// TFTP: one thread of the server: its share of the clients, their requests and transfers.

internal import Datagram
internal import Wire

/// Each of a server's workers has a `DatagramLoop` of its own and a socket for each place where the
/// server listens; the kernel gives all requests of one client port to the same worker. Files are
/// looked up and sent here, so that nobody else waits for them.
///
/// In a round of the loop every transfer gets one packet read and sends one window at most, so that
/// neither long windows nor large files hold up the others.
actor TFTPWorker {
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// What can be read here.
  private enum Slot {
    case free
    case door(TFTPDoor)
    case transfer(TFTPTransfer)
  }

  let loop: DatagramLoop
  let configuration: TFTPConfiguration
  let files: TFTPFileProvider
  let reporter: TFTPReporter
  let ports: TFTPPorts
  var transfers: TFTPTransferTable<TFTPTransfer>
  var alarms = TFTPAlarms()
  var train = DatagramTrain()
  private let batch: ReceiveBatch
  var lastSerial: UInt64 = 0
  private var slots: [Slot] = []
  /// How often a slot was used, so that an event for its last owner does not reach the next.
  private var uses: [UInt32] = []
  private var freeSlots: [Int] = []
  /// No new requests are taken.
  private(set) var isDraining = false
  private var drained: CheckedContinuation<Void, Never>?

  init(
    number: Int, configuration: TFTPConfiguration, capacity: Int, files: @escaping TFTPFileProvider,
    reporter: TFTPReporter, ports: TFTPPorts
  ) throws(SocketError) {
    guard let batch = ReceiveBatch() else { throw SocketError("serve TFTP", code: 12) }
    self.batch = batch
    loop = try DatagramLoop(name: "fino-tftp-\(number)")
    self.configuration = configuration
    self.files = files
    self.reporter = reporter
    self.ports = ports
    transfers = TFTPTransferTable(
      capacity: capacity, capacityOfAddress: configuration.maximumTransfersOfAddress)
  }

  /// Begins to serve what the loop watches; the loop keeps the worker until it is shut down.
  nonisolated func start() {
    // A weak reference would make each of the many references of a round an expensive one.
    loop.attend { tokens in self.assumeIsolated { $0.round(tokens) } }
  }

  var transferCount: Int { transfers.count }

  // MARK: What can be read

  func add(_ door: TFTPDoor) {
    let slot = takeSlot(.door(door))
    do throws(SocketError) {
      try loop.watch(door.port, token: token(slot))
      if configuration.singlePort { adoptTransfers(door) }
    } catch {
      giveBack(slot)
    }
  }

  /// The same port at a place that has changed.
  func change(_ door: TFTPDoor) {
    for (index, slot) in slots.enumerated() {
      if case .door(let old) = slot, old.port === door.port { slots[index] = .door(door) }
    }
  }

  /// With a single port, transfers whose socket was closed (an interface went away and came back) go
  /// on in the new one: their clients know only its number, and ask again meanwhile.
  private func adoptTransfers(_ door: TFTPDoor) {
    let ports = slots.compactMap { slot -> ObjectIdentifier? in
      guard case .door(let door) = slot else { return nil }
      return ObjectIdentifier(door.port)
    }
    for key in transfers.allKeys where (key.local.v6 == nil) == (door.place.address.v6 == nil) {
      guard let transfer = transfers[key], transfer.arrival.interface == door.place.interface,
        !ports.contains(ObjectIdentifier(transfer.route.port))
      else { continue }
      transfer.route.port = door.port
    }
  }

  func removeDoor(_ port: DatagramPort) {
    for (index, slot) in slots.enumerated() {
      if case .door(let door) = slot, door.port === port { giveBack(index) }
    }
  }

  /// Watches a transfer's own port, if it has one; or closes it.
  func watch(_ transfer: TFTPTransfer) throws(TFTPRefusal) {
    guard let slot = transfer.slot else { return }
    slots[slot] = .transfer(transfer)
    do throws(SocketError) {
      try loop.watch(transfer.route.port, token: token(slot))
    } catch {
      giveBack(slot)
      ports.close(transfer.route.port)
      throw .noSocket(error.description)
    }
  }

  func reserveSlot() -> Int { takeSlot(.free) }

  private func takeSlot(_ content: Slot) -> Int {
    if let slot = freeSlots.popLast() {
      slots[slot] = content
      return slot
    }
    slots.append(content)
    uses.append(0)
    return slots.count - 1
  }

  func giveBack(_ slot: Int) {
    slots[slot] = .free
    uses[slot] &+= 1
    freeSlots.append(slot)
  }

  private func token(_ slot: Int) -> UInt64 {
    UInt64(uses[slot] & 0x7fff_ffff) << 32 | UInt64(slot)
  }

  // MARK: Rounds

  /// How many batches of a door, and how many alarms, one round takes.
  private static let batches = 8
  private static let alarmsOfRound = 256

  private func round(_ tokens: ArraySlice<UInt64>) -> ContinuousClock.Instant? {
    let now = ContinuousClock.now
    for token in tokens {
      let slot = Int(token & 0xffff_ffff)
      guard slot < slots.count, self.token(slot) == token else { continue }
      switch slots[slot] {
      case .free: break
      case .door(let door):
        for _ in 0..<Self.batches {
          let count = batch.receive(from: door.port, most: 32) { arrive($0, at: door, now) }
          if count < 32 { break }
        }
      case .transfer(let transfer):
        _ = batch.receiveOne(from: transfer.route.port) { receive($0, in: transfer, now) }
      }
    }
    for _ in 0..<Self.alarmsOfRound {
      guard let entry = alarms.takeDue(at: now) else { break }
      guard let transfer = transfers[entry.key], transfer.serial == entry.serial,
        transfer.alarm == entry.time
      else { continue }
      transfer.alarm = nil
      // Under load the packet that it waits for may be here, and only not have been read yet.
      if transfer.sender.deadline.map({ $0 <= now }) ?? false, hear(transfer, now) {
        setAlarm(transfer)
        continue
      }
      perform(transfer.sender.tick(at: now), transfer, now)
    }
    reporter.flush()
    return alarms.next
  }

  /// Reads a packet from a transfer's own port; whether there was one.
  func hear(_ transfer: TFTPTransfer, _ now: ContinuousClock.Instant) -> Bool {
    guard transfer.slot != nil else { return false }
    return batch.receiveOne(from: transfer.route.port) { receive($0, in: transfer, now) }
  }

  // MARK: The end

  /// Returns when all transfers have ended; those that take longer than `patience` are stopped.
  func drain(_ patience: Duration) async {
    isDraining = true
    guard transfers.count > 0 else { return }
    let timer = loop.schedule(after: patience) { self.assumeIsolated { $0.stopTransfers() } }
    await withCheckedContinuation { drained = $0 }
    timer.cancel()
  }

  private func stopTransfers() {
    for key in transfers.allKeys {
      guard let transfer = transfers[key] else { continue }
      transfer.send(.error(code: .notDefined, message: "The server was stopped"))
      replace(transfer, because: .stopped)
    }
    reporter.flush()
  }

  /// Called when a transfer has ended.
  func transferEnded() {
    guard transfers.count == 0, let waiting = drained else { return }
    drained = nil
    waiting.resume()
  }
}

/// A place where a worker can be asked.
struct TFTPDoor: Sendable {
  let place: TFTPConfiguration.Listener
  let port: DatagramPort
}
