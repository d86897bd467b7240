/// Power: a Redfish service: root, login, systems (DSP0266).

import Wire

/// Authenticated questions. `close` gives the session back.
struct RedfishService: Sendable {
  private enum Pass: Sendable {
    case basic(String)
    /// The token, and the session's own resource.
    case session(token: String, path: String?)
  }

  let peer: any WebAsking
  let root: RedfishValue
  private let pass: Pass

  /// Reads the root and logs in.
  static func open(
    _ peer: any WebAsking, _ login: RedfishLogin
  ) async throws(DriverError) -> RedfishService {
    let answer = try await peer.ask(WebQuestion(method: .get, path: "/redfish/v1/", fields: accept))
    guard answer.isSuccess else {
      throw answer.status == 404
        ? DriverError(.unreachable, "it has no Redfish service (status 404 for /redfish/v1/)")
        : answer.refusal(of: "read the service root")
    }
    guard let root = answer.json, root["Systems"] != nil || root["RedfishVersion"] != nil else {
      throw DriverError(.unreachable, "what answers there is no Redfish service")
    }
    let basic = RedfishService(peer: peer, root: root, pass: .basic(login.basic))
    if login.method == .basic { return basic }
    guard let path = root["Links"]?["Sessions"]?.link else {
      // No sessions to be had: the service knows basic authentication or nothing.
      if login.method == .auto { return basic }
      throw DriverError(.unsupported, "it has no session service; choose “basic”")
    }
    let created = try await peer.ask(
      WebQuestion(
        method: .post, path: path, fields: accept + [("Content-Type", "application/json")],
        body: login.session))
    if created.isSuccess, let token = created.field("x-auth-token") {
      let place =
        created.field("location").flatMap(Self.path) ?? created.json?.link
      return RedfishService(peer: peer, root: root, pass: .session(token: token, path: place))
    }
    let isFull = created.messageIDs.contains { $0.hasSuffix("SessionLimitExceeded") }
    if login.method == .auto, isFull || [404, 405, 501, 503].contains(created.status) {
      return basic
    }
    if isFull {
      throw DriverError(.login, "all its sessions are taken; wait, or choose “basic”")
    }
    throw created.isSuccess
      ? DriverError(.malformed, "it made a session without a token")
      : created.status == 400 && created.messages.isEmpty
        ? DriverError(.login, "it refused the user name and password (status 400)")
        : DriverError(.login, created.refusal(of: "log in").sentence)
  }

  /// Waits a moment at most. A cancelled task can ask nothing more; then nobody waits.
  func close() async {
    guard case .session(_, let path?) = pass else { return }
    let work: @Sendable () async -> Void = {
      _ = try? await withTimeLimit(.seconds(2), CommandInFlight()) { () async throws(DriverError) in
        try await ask(.delete, path)
      }
    }
    if Task.isCancelled { Task { await work() } } else { await work() }
  }

  func ask(
    _ method: WebQuestion.Method, _ path: String, body: [UInt8] = [],
    fields more: [(name: String, value: String)] = []
  ) async throws(DriverError) -> WebAnswer {
    var fields = Self.accept + more
    switch pass {
    case .basic(let value): fields.append(("Authorization", value))
    case .session(let token, _): fields.append(("X-Auth-Token", token))
    }
    if !body.isEmpty { fields.append(("Content-Type", "application/json")) }
    return try await peer.ask(WebQuestion(method: method, path: path, fields: fields, body: body))
  }

  /// A resource that must be there.
  func get(_ path: String, _ what: String) async throws(DriverError) -> (RedfishValue, WebAnswer) {
    let answer = try await ask(.get, path)
    guard answer.isSuccess else { throw answer.refusal(of: "read \(what)") }
    guard let json = answer.json else {
      throw DriverError(.malformed, "its answer to “read \(what)” is no JSON")
    }
    return (json, answer)
  }

  /// The path of the machine's system.
  func find(_ selection: RedfishSelection) async throws(DriverError) -> (
    path: String, warnings: [String]
  ) {
    if let system = selection.system, system.hasPrefix("/") {
      guard let path = RedfishValue.path(system) else {
        throw DriverError(.missing, "“\(system.oneLine(limit: 80))” is not the path of a system")
      }
      _ = try await get(path, "the system")
      return (path, [])
    }
    let (list, _) = try await get(root["Systems"]?.link ?? "/redfish/v1/Systems", "the systems")
    let paths = (list["Members"]?.list ?? []).prefix(Self.systemLimit).compactMap(\.link)
    if let name = selection.system {
      guard let path = paths.first(where: { $0.split(separator: "/").last == name[...] }) else {
        throw DriverError(
          .missing, "it has no system “\(name.oneLine(limit: 80))”; it has \(Self.names(paths))")
      }
      return (path, [])
    }
    if let wanted = selection.uuid.flatMap({ SystemUUID($0) }), wanted.isIdentity {
      var others: [String] = []
      for path in paths {
        let (system, _) = try await get(path, "a system")
        guard let text = system["UUID"]?.text, let found = SystemUUID(text) else { continue }
        // Some BMCs give it in the byte order of SMBIOS.
        if found == wanted || SystemUUID(smbios: found.bytes) == wanted { return (path, []) }
        others.append("\(found)")
      }
      if paths.count == 1, let only = paths.first {
        // A board's UUID in Redfish is not always the one that its firmware boots with.
        let note = others.first.map { "its only system has the UUID \($0), not \(wanted)" }
        return (only, [note].compactMap(\.self))
      }
    }
    guard paths.count == 1, let only = paths.first else {
      throw DriverError(
        .missing,
        paths.isEmpty
          ? "it has no systems"
          : "it has several systems (\(Self.names(paths))), none with the machine's UUID; name one")
    }
    return (only, [])
  }

  private static let systemLimit = 64
  private static let accept = [
    (name: "Accept", value: "application/json"), ("OData-Version", "4.0"),
  ]

  private static func names(_ paths: some Sequence<String>) -> String {
    paths.prefix(8).map { String($0.split(separator: "/").last ?? "") }.joined(separator: ", ")
  }

  /// Of a Location, which may be a whole URL.
  private static func path(_ location: String) -> String? {
    guard let scheme = location.firstRange(of: "://") else { return RedfishValue.path(location) }
    let rest = location[scheme.upperBound...]
    return rest.firstIndex(of: "/").flatMap { RedfishValue.path(String(rest[$0...])) }
  }
}
