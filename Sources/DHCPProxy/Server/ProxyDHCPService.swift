/// DHCPProxy: the service on ports 67 and 4011 of each interface.

package import Datagram
package import Wire

/// Answers network boot questions beside a DHCP server that knows nothing of them.
package actor ProxyDHCPService {
  private nonisolated let loop: DatagramLoop
  private let interfaces: [NetworkInterface]
  private let sharing: PortSharing
  private let plan: BootPlanner
  private let rules: BootRules
  private var memory = StrategyMemory()
  let report: @Sendable (ProxyEvent) -> Void
  /// By the kernel's index of the interface.
  private(set) var listeners: [Int: Listener] = [:]
  /// For unicasts from port 67 where it is not bound.
  private(set) var raw: RawPacketSocket?
  var failures = SendFailures()
  private var counting: LoopTimer?

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  /// `plan` and `report` run on the loop's thread.
  package init(
    loop: DatagramLoop, interfaces: [NetworkInterface], sharing: PortSharing = .capture,
    plan: @escaping BootPlanner, rules: BootRules = BootRules(),
    report: @escaping @Sendable (ProxyEvent) -> Void
  ) {
    self.loop = loop
    self.interfaces = interfaces
    self.sharing = sharing
    self.plan = plan
    self.rules = rules
    self.report = report
  }

  /// Listens on ports 67 and 4011 of every interface; all or nothing.
  package func listen() throws(ListenFailure) {
    do throws(ListenFailure) {
      for interface in interfaces { try open(interface) }
    } catch {
      close()
      throw error
    }
  }

  /// Serves these interfaces from now on: opens what came, closes what went, and keeps the others,
  /// with their new addresses. An interface without an IPv4 address, or that is down, is not served.
  package func update(_ interfaces: [NetworkInterface]) {
    let usable = interfaces.filter { $0.isUp && !$0.networks.isEmpty }
    for (index, listener) in listeners {
      if let now = usable.first(where: { $0.index == index }), now.name == listener.interface.name {
        listener.interface = now
        watchAnswers(listener)
      } else {
        listeners[index] = nil
        listener.close()
        report(.leaving(interface: listener.interface.name))
      }
    }
    for interface in usable where listeners[interface.index] == nil {
      do throws(ListenFailure) {
        try open(interface)
      } catch {
        report(.notServing(interface: interface.name, error))
      }
    }
  }

  package func stop() {
    close()
  }

  private static let countInterval = Duration.seconds(5)

  private func countRefused() {
    counting = nil
    for listener in listeners.values {
      let count = listener.takeRefused()
      if count > 0 { report(.refused(count: count, interface: listener.interface.name)) }
    }
    startCounting()
  }

  private func startCounting() {
    guard counting == nil, !listeners.isEmpty else { return }
    counting = loop.schedule(after: Self.countInterval) { [weak self] in
      self?.assumeIsolated { $0.countRefused() }
    }
  }

  private func close() {
    counting?.cancel()
    counting = nil
    for listener in listeners.values { listener.close() }
    listeners = [:]
  }

  private func open(_ interface: NetworkInterface) throws(ListenFailure) {
    let index = interface.index
    // Without raw packets a relay could not be answered from port 67.
    if sharing == .capture, raw == nil { raw = try? RawPacketSocket() }
    let listener = try Listener(
      interface, wanted: raw == nil ? .bind : sharing, loop: loop
    ) { [weak self] datagrams, port in
      self?.assumeIsolated { $0.receive(datagrams, port, index) }
    }
    listeners[index] = listener
    watchAnswers(listener)
    startCounting()
    report(.serving(interface: interface.name, listener.sharing))
  }

  private func watchAnswers(_ listener: Listener) {
    let index = listener.interface.index
    listener.watchAnswers(on: loop) { [weak self] datagram in
      self?.assumeIsolated { $0.learn(from: datagram, index) }
    }
  }

  /// The one place where the protocol decides.
  func decide(_ message: DHCPMessage, _ arrival: Arrival) -> ProxyDecision {
    ProxyDecision.decide(message, arrival, plan: plan, memory: &memory, rules: rules, at: .now)
  }

  /// This machine asked for a file of ours, or has one whole: the answer that it got does help.
  package func fetches(_ mac: MACAddress, isDone: Bool) {
    if isDone { memory.worked(mac, at: .now) } else { memory.progressed(mac, at: .now) }
  }
}
