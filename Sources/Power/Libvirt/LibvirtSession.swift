/// Power: one domain of a libvirt daemon, switched and told what to boot.

import IPMI
package import Wire

struct LibvirtSession: MachineSession {
  /// How a call reaches the daemon, so that tests need none.
  typealias Call =
    @Sendable (LibvirtProcedure, _ what: String, _ payload: [UInt8]) async throws(DriverError)
    -> [UInt8]

  let domain: LibvirtDomain
  let call: Call

  /// Opens the hypervisor driver and finds the domain.
  static func open(
    _ address: LibvirtAddress, _ machine: LibvirtMachine, _ call: @escaping Call
  ) async throws(DriverError) -> LibvirtSession {
    try await authenticate(call)
    var writer = ByteWriter()
    writer.writeXDR(optional: address.name)
    writer.write(0 as UInt32)
    do throws(DriverError) {
      _ = try await call(.open, "open \(address.name)", writer.bytes)
    } catch {
      // Nothing was done yet, and the daemon will not have us.
      throw error.kind == .refused ? DriverError(.login, error.sentence) : error
    }
    writer.removeAll()
    let answer: [UInt8]
    switch machine {
    case .uuid(let uuid):
      writer.write(uuid.bytes)
      answer = try await call(.lookupByUUID, "find the domain \(uuid)", writer.bytes)
    case .name(let name):
      writer.writeXDR(name)
      answer = try await call(.lookupByName, "find the domain by its name", writer.bytes)
    }
    let domain = try read(answer, "the domain") { reader throws(WireError) in
      try LibvirtDomain(parsing: &reader)
    }
    return LibvirtSession(domain: domain, call: call)
  }

  /// remote_auth_type: 0 none, 1 SASL, 2 polkit.
  private static func authenticate(_ call: Call) async throws(DriverError) {
    let answer = try await call(.authList, "ask for authentication", [])
    let types = try read(answer, "ask for authentication") { reader throws(WireError) in
      let count = try reader.readUInt32("authentication types")
      guard count <= 20 else {
        throw reader.invalid("authentication types", "are too many", back: 4)
      }
      var types: [UInt32] = []
      for _ in 0..<count { types.append(try reader.readUInt32("authentication type")) }
      return types
    }
    if types.isEmpty || types.contains(0) { return }
    guard types.contains(2) else {
      throw DriverError(
        .login,
        "the libvirt daemon wants SASL, which is not spoken here; use its unix socket, or "
          + "auth_tcp = \"none\" in a network of its own")
    }
    do throws(DriverError) {
      _ = try await call(.authPolkit, "ask polkit", [])
    } catch {
      throw error.kind == .refused ? DriverError(.login, error.sentence) : error
    }
  }

  private func ask(
    _ procedure: LibvirtProcedure, _ what: String, flags: UInt32? = nil
  ) async throws(DriverError) -> [UInt8] {
    var writer = ByteWriter()
    domain.encode(into: &writer)
    if let flags { writer.write(flags) }
    return try await call(procedure, what, writer.bytes)
  }

  /// A command whose answer does not come may have acted.
  private func act(
    _ procedure: LibvirtProcedure, _ what: String, flags: UInt32? = nil
  ) async throws(DriverError) {
    do throws(DriverError) {
      _ = try await ask(procedure, what, flags: flags)
    } catch {
      guard error.kind == .unreachable else { throw error }
      throw .uncertain(what, error.sentence)
    }
  }

  func state() async throws(DriverError) -> PowerState {
    let answer = try await ask(.getState, "get state", flags: 0)
    let state = try Self.read(answer, "get state") { reader throws(WireError) in
      let state = LibvirtState(rawValue: try reader.readUInt32("state"))
      try reader.skip(4, "reason")
      return state
    }
    guard let isOn = state.isOn else {
      throw DriverError(.malformed, "libvirt does not know the domain's state (\(state.rawValue))")
    }
    return isOn ? .on : .off
  }

  func send(_ command: PowerCommand) async throws(DriverError) -> SentCommand {
    switch command {
    case .on:
      try await start()
      return SentCommand(words: "power on")
    case .off:
      try await act(.destroy, "power off")
      return SentCommand(words: "power off", passesOff: true)
    case .soft:
      try await act(.shutdown, "soft shutdown")
      return SentCommand(words: "soft shutdown", passesOff: true)
    case .cycle:
      try await restart()
      return SentCommand(words: "power cycle")
    case .reset:
      // A reset keeps the running domain's own boot order: a change waits for a start.
      if try await bootOrder().isChanged {
        try await restart()
        return SentCommand(words: "power cycle, for the changed boot order,")
      }
      try await act(.reset, "reset", flags: 0)
      return SentCommand(words: "reset")
    }
  }

  private func restart() async throws(DriverError) {
    // A domain that libvirt keeps no configuration of is gone once it is destroyed.
    let answer = try await ask(.isPersistent, "is the domain persistent")
    let isPersistent = try Self.read(answer, "is the domain persistent") {
      reader throws(WireError) in try reader.readUInt32("persistent")
    }
    guard isPersistent == 1 else {
      throw DriverError(
        .unsupported, "the domain is transient: it would be gone after “power off”")
    }
    try await act(.destroy, "power cycle")
    do throws(DriverError) {
      try await start()
    } catch {
      throw DriverError(
        error.kind == .refused ? .refused : .uncertain,
        "the machine was switched off for “power cycle”, but did not start: \(error.sentence)")
    }
  }

  private func start() async throws(DriverError) {
    try await act(.create, "power on")
    // It runs with its own copy; what it booted only this time goes now. The start itself has
    // succeeded, so that trouble with this is left for the next time.
    if let original = try? await bootOrder().restored() { try? await define(original) }
  }

  // MARK: Boot order

  /// VIR_DOMAIN_XML_SECURE and VIR_DOMAIN_XML_INACTIVE: what is kept, passwords and all.
  private func bootOrder() async throws(DriverError) -> DomainBootOrder {
    let answer = try await ask(.getXML, "read the domain", flags: 3)
    let xml = try Self.read(answer, "read the domain") { reader throws(WireError) in
      try reader.readXDRString("domain XML")
    }
    return try DomainBootOrder(xml)
  }

  private func define(_ xml: String) async throws(DriverError) {
    var writer = ByteWriter()
    writer.writeXDR(xml)
    _ = try await call(.defineXML, "change the boot order", writer.bytes)
  }

  func setBootDevice(_ wish: BootWish) async throws(DriverError) -> BootSetting {
    let order = try await bootOrder()
    if wish.device == .none {
      if let original = order.restored() { try await define(original) }
      return BootSetting(words: wish.words)
    }
    let devices: [BootDevice: String] = [.pxe: "network", .disk: "hd", .cdrom: "cdrom"]
    guard let device = devices[wish.device] else {
      throw DriverError(.unsupported, "libvirt cannot boot “\(wish.device)”")
    }
    try await define(try order.putting(device, persistent: wish.persistent))
    let kept = try await bootOrder()
    guard kept.first == device else {
      throw DriverError(
        .noEffect,
        "libvirt accepted boot device \(device), but reads back \(kept.first ?? "nothing")")
    }
    var setting = BootSetting(words: wish.words)
    if wish.efi, !kept.isEFI {
      setting.warnings.append("the domain's firmware is not UEFI; that is not changed by this")
    }
    return setting
  }

  private static func read<Value>(
    _ bytes: [UInt8], _ what: String,
    _ parse: (inout ByteReader) throws(WireError) -> Value
  ) throws(DriverError) -> Value {
    var reader = ByteReader(bytes)
    do throws(WireError) {
      let value = try parse(&reader)
      try reader.finish(what)
      return value
    } catch {
      throw DriverError(.malformed, "its answer to “\(what)” cannot be read: \(error)")
    }
  }
}

/// How the machine is found in a list of machines.
package enum LibvirtMachine: Equatable, Sendable {
  case uuid(SystemUUID)
  case name(String)
}
