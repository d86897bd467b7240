/// PowerTests: a libvirt daemon with one domain, without a socket.

import Synchronization
import Wire

@testable import Power

final class ScriptedDaemon: Sendable {
  struct Manners: Sendable {
    /// remote_auth_type.
    var authentication: [UInt32] = [0]
    var isPersistent = true
    /// Keeps what it has, whatever is defined.
    var forgetsDefinitions = false
    /// The connection breaks after this was read.
    var hangsUpOn: LibvirtProcedure?
    var refuses: LibvirtProcedure?
    /// virDomainState.
    var state: UInt32?
  }

  private struct State {
    var isOn: Bool
    var xml: String
    var calls: [LibvirtProcedure] = []
  }

  static let uuid = SystemUUID("00112233-4455-6677-8899-aabbccddeeff")
  private let manners: Manners
  private let state: Mutex<State>

  init(_ manners: Manners = Manners(), on: Bool, xml: String) {
    self.manners = manners
    state = Mutex(State(isOn: on, xml: xml))
  }

  var calls: [LibvirtProcedure] { state.withLock { $0.calls } }
  var xml: String { state.withLock { $0.xml } }

  var call: LibvirtSession.Call {
    { procedure, what, payload async throws(DriverError) in
      try self.answer(procedure, what, payload)
    }
  }

  private func answer(
    _ procedure: LibvirtProcedure, _ what: String, _ payload: [UInt8]
  ) throws(DriverError) -> [UInt8] {
    state.withLock { $0.calls.append(procedure) }
    if procedure == manners.hangsUpOn { throw DriverError(.unreachable, "the connection broke") }
    if procedure == manners.refuses { throw DriverError(.refused, "libvirt refused “\(what)”") }
    var writer = ByteWriter()
    state.withLock { state in
      switch procedure {
      case .authList:
        writer.write(UInt32(manners.authentication.count))
        for type in manners.authentication { writer.write(type) }
      case .authPolkit: writer.write(1 as UInt32)
      case .lookupByUUID, .lookupByName:
        LibvirtDomain(name: "pc7", uuid: Self.uuid?.bytes ?? []).encode(into: &writer)
      case .getState:
        writer.write(manners.state ?? (state.isOn ? 1 : 5))
        writer.write(0 as UInt32)
      case .isPersistent: writer.write(manners.isPersistent ? 1 : 0 as UInt32)
      case .create: state.isOn = true
      case .destroy, .shutdown: state.isOn = false
      case .getXML: writer.writeXDR(state.xml)
      case .defineXML:
        var reader = ByteReader(payload)
        let xml = (try? reader.readXDRString("xml")) ?? ""
        if !manners.forgetsDefinitions { state.xml = xml }
        LibvirtDomain(name: "pc7", uuid: Self.uuid?.bytes ?? []).encode(into: &writer)
      default: break
      }
    }
    return writer.bytes
  }
}
