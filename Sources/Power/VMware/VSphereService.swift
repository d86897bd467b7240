/// Power: a vCenter or an ESXi host: login, search, properties, tasks.

/// A logged-in session of the vSphere Web Services API.
struct VSphereService: Sendable {
  private let peer: any WebAsking
  /// `vmware_soap_session="…"`
  private let cookie: String?
  private let sessionManager: ManagedObject
  private let searchIndex: ManagedObject
  private let propertyCollector: ManagedObject

  /// Reads the service's content and logs in.
  static func open(
    _ peer: any WebAsking, user: String, password: HiddenText
  ) async throws(DriverError) -> VSphereService {
    let content = try await call(
      SOAPCall(
        method: "RetrieveServiceContent", this: ManagedObject("ServiceInstance", "ServiceInstance")),
      peer, cookie: nil)
    func object(_ name: String) throws(DriverError) -> ManagedObject {
      guard let element = content.values.first?.child(name), let object = ManagedObject(element)
      else { throw DriverError(.unreachable, "what answers there has no vSphere \(name)") }
      return object
    }
    let manager = try object("sessionManager")
    let index = try object("searchIndex")
    let collector = try object("propertyCollector")
    let login = try await call(
      SOAPCall(
        method: "Login", this: manager,
        arguments: [.text("userName", user), .text("password", password.revealed)]),
      peer, cookie: content.cookie)
    return VSphereService(
      peer: peer, cookie: login.cookie ?? content.cookie, sessionManager: manager,
      searchIndex: index, propertyCollector: collector)
  }

  /// Waits a moment at most. A cancelled task can ask nothing more; then nobody waits.
  func close() async {
    let work: @Sendable () async -> Void = {
      _ = try? await withTimeLimit(.seconds(2), CommandInFlight()) { () async throws(DriverError) in
        try await call(SOAPCall(method: "Logout", this: sessionManager))
      }
    }
    if Task.isCancelled { Task { await work() } } else { await work() }
  }

  func call(_ call: SOAPCall) async throws(DriverError) -> [XMLElement] {
    try await Self.call(call, peer, cookie: cookie).values
  }

  /// Anywhere in the inventory.
  func virtualMachine(bios uuid: String) async throws(DriverError) -> ManagedObject? {
    try await call(
      SOAPCall(
        method: "FindByUuid", this: searchIndex,
        arguments: [
          .text("uuid", uuid), .flag("vmSearch", true), .flag("instanceUuid", false),
        ])
    ).first.flatMap { ManagedObject($0) }
  }

  /// One property, or nil where the object has none.
  func property(
    _ path: String, of object: ManagedObject
  ) async throws(DriverError) -> XMLElement? {
    let found = try await call(
      SOAPCall(
        method: "RetrieveProperties", this: propertyCollector,
        arguments: [
          .group(
            "specSet",
            [
              .group("propSet", [.text("type", object.type), .text("pathSet", path)]),
              .group("objectSet", [.object("obj", object)]),
            ])
        ]))
    for content in found where content.child("obj").flatMap({ ManagedObject($0) }) == object {
      if let set = content.all("propSet").first(where: { $0.child("name")?.text == path }) {
        return set.child("val")
      }
      if let missing = content.child("missingSet") {
        let why = missing.child("fault")?.child("localizedMessage")?.text ?? "no reason given"
        throw DriverError(.refused, "it does not tell “\(path)”: \(why.oneLine(limit: 200))")
      }
    }
    return nil
  }

  /// Starts a task and waits until it is over. An answer that does not come may mean that the task
  /// runs: `words` are for people.
  func run(
    _ call: SOAPCall, _ words: String, pause: @Sendable (Duration) async throws(DriverError) -> Void
  ) async throws(DriverError) {
    let task: ManagedObject
    do throws(DriverError) {
      let values = try await self.call(call)
      guard let first = values.first, let object = ManagedObject(first) else {
        throw DriverError(.malformed, "its answer to “\(call.method)” has no task")
      }
      task = object
    } catch {
      guard error.kind == .unreachable else { throw error }
      throw .uncertain(words, error.sentence)
    }
    while true {
      let info: XMLElement?
      do throws(DriverError) {
        info = try await property("info", of: task)
      } catch {
        guard error.kind == .unreachable else { throw error }
        throw .uncertain(words, error.sentence)
      }
      switch info?.child("state")?.text {
      case "success": return
      case "error":
        let error = info?.child("error")
        let name = error?.child("fault")?.attribute("type").map(SOAPAnswer.faultName)
        let text = error?.child("localizedMessage")?.text.oneLine(limit: 300) ?? ""
        throw DriverError(
          .refused,
          "vSphere could not “\(words)”: \(text.isEmpty ? name ?? "no reason given" : text)")
      case "queued", "running": try await pause(MachinePower.pollInterval)
      case let other:
        throw DriverError(
          .uncertain, "the task of “\(words)” has the state \(other ?? "“none”"); it may have acted"
        )
      }
    }
  }

  private static func call(
    _ call: SOAPCall, _ peer: any WebAsking, cookie: String?
  ) async throws(DriverError) -> (values: [XMLElement], cookie: String?) {
    var fields = [
      (name: "Content-Type", value: "text/xml; charset=utf-8"),
      (name: "SOAPAction", value: "\"\(SOAPCall.action)\""),
    ]
    if let cookie { fields.append((name: "Cookie", value: cookie)) }
    let answer = try await peer.ask(
      WebQuestion(method: .post, path: "/sdk", fields: fields, body: call.body))
    // Faults come with status 500.
    guard answer.status == 200 || answer.status == 500 else {
      throw DriverError(
        call.method == "RetrieveServiceContent" ? .unreachable : .refused,
        "it answers “\(call.method)” with status \(answer.status)")
    }
    switch try SOAPAnswer(parsing: answer.body, method: call.method) {
    case .values(let values):
      let set = (answer.fields["set-cookie"] ?? []).first { $0.hasPrefix("vmware_soap_session=") }
      return (values, set.map { String($0.prefix { $0 != ";" }) })
    case .fault(let name, let text):
      throw Self.error(fault: name, text, call.method)
    }
  }

  private static func error(fault: String, _ text: String, _ method: String) -> DriverError {
    switch fault {
    case "InvalidLogin":
      return DriverError(.login, "the user name or the password is wrong")
    case "NotAuthenticated":
      return DriverError(.login, "it does not know the session any more")
    case "NoPermission":
      return DriverError(.refused, "the user may not “\(method)”")
    default:
      let why = text.isEmpty ? fault : text
      let name = fault.isEmpty || text.isEmpty ? "" : " (\(fault))"
      return DriverError(
        .refused, "it refused “\(method)”: \(why.isEmpty ? "no reason given" : why)\(name)")
    }
  }
}
