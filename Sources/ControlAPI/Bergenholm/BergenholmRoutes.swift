/// ControlAPI: Bergenholm's REST interface. All its routes are in one table.

import Foundation
package import Hummingbird
package import Inventory
import Jinja

/// `/api/1.0/…` as Bergenholm's own client calls it. Bodies are taken as bytes: that client sends
/// templates as `application/json`.
package struct BergenholmRoutes<Context: RequestContext>: Sendable {
  private typealias Handler = @Sendable (Request, Context) async throws -> Response

  private let catalogue: Catalogue
  private let power: HostPower

  package init(catalogue: Catalogue, power: HostPower) {
    self.catalogue = catalogue
    self.power = power
  }

  private static var root: String { "/api/1.0" }

  private var table: [(method: HTTPRequest.Method, path: String, handler: Handler)] {
    [
      (.get, "/hosts", hosts),
      (.get, "/hosts/:name", host),
      (.post, "/hosts/:name", { try await create(.host, $0, $1) }),
      (.put, "/hosts/:name", { try await replace(.host, $0, $1) }),
      (.delete, "/hosts/:name", { try await delete(.host, $0, $1) }),
      (.get, "/groups", { _, _ in list(.group, catalogue.snapshot.groups.json) }),
      (.get, "/groups/:name", group),
      (.post, "/groups/:name", { try await create(.group, $0, $1) }),
      (.put, "/groups/:name", { try await replace(.group, $0, $1) }),
      (.delete, "/groups/:name", { try await delete(.group, $0, $1) }),
      (.get, "/templates", { _, _ in list(.template, catalogue.snapshot.templates.json) }),
      (.get, "/templates/:name", template),
      (.post, "/templates/:name", { try await create(.template, $0, $1) }),
      (.put, "/templates/:name", { try await replace(.template, $0, $1) }),
      (.delete, "/templates/:name", { try await delete(.template, $0, $1) }),
      (.get, "/templates/:name/:host", rendered),
      (.get, "/power/:name", powerStatus),
      (.get, "/power/status/:name", powerStatus),
      (.put, "/power/:name", setPower),
    ]
  }

  package func add(to router: Router<Context>) {
    for route in table {
      router.on(RouterPath(Self.root + route.path), method: route.method) { request, context in
        do {
          return try await route.handler(request, context)
        } catch let error as CatalogueError {
          throw ControlRefusal(error)
        }
      }
    }
  }

  // MARK: Lists

  /// `names` is a list in JSON.
  private func list(_ kind: RecordKind, _ names: [UInt8]) -> Response {
    let (start, end) = ("{\"\(kind.plural)\":", "}\n")
    var buffer = ByteBuffer()
    buffer.reserveCapacity(start.utf8.count + names.count + end.utf8.count)
    buffer.writeString(start)
    buffer.writeBytes(names)
    buffer.writeString(end)
    return json(buffer)
  }

  /// `?key=value`: all of them, each equal to the host's own parameter.
  @Sendable private func hosts(_ request: Request, _ context: Context) -> Response {
    let conditions = request.uri.queryParameters.map {
      HostFilter.Condition(key: String($0.key), value: String($0.value))
    }
    return list(.host, catalogue.snapshot.hosts(matching: HostFilter(conditions)))
  }

  // MARK: Records

  @Sendable private func host(_ request: Request, _ context: Context) async throws -> Response {
    let name = try self.name(context)
    let view = try view(request, allowed: ["all", "explain"])
    if let mark = request.uri.queryParameters["installed"] {
      guard let mark = InstalledMark(rawValue: String(mark)) else {
        throw ControlRefusal(.badRequest, "installed must be mark or unmark")
      }
      try await catalogue.set(mark, on: name)
      return Response(status: .ok)
    }
    switch view {
    case "all": return json(.dict(try catalogue.parameters(of: name, .shown)))
    case "explain": return json(try catalogue.explanation(of: name).json)
    default:
      guard let host = catalogue.snapshot.host(name) else { throw missing(.host, name) }
      return json(.dict(Secrets.masked(host.parameters)))
    }
  }

  @Sendable private func group(_ request: Request, _ context: Context) throws -> Response {
    let name = try self.name(context)
    if try view(request, allowed: ["all"]) == "all" {
      return json(.dict(try catalogue.parameters(ofGroup: name, .shown)))
    }
    guard let group = catalogue.snapshot.groups[name] else { throw missing(.group, name) }
    return json(.dict(Secrets.masked(group.parameters)))
  }

  @Sendable private func template(_ request: Request, _ context: Context) throws -> Response {
    let name = try self.name(context)
    guard let template = catalogue.snapshot.templates[name] else { throw missing(.template, name) }
    return text(ByteBuffer(bytes: template.bytes))
  }

  @Sendable private func rendered(_ request: Request, _ context: Context) throws -> Response {
    let host = try self.name(context, "host")
    return text(
      ByteBuffer(string: try catalogue.render(template: try name(context), for: host)))
  }

  private func create(
    _ kind: RecordKind, _ request: Request, _ context: Context
  ) async throws -> Response {
    try await catalogue.create(kind, try name(context), try await body(request))
    return Response(status: .created)
  }

  private func replace(
    _ kind: RecordKind, _ request: Request, _ context: Context
  ) async throws -> Response {
    try await catalogue.replace(kind, try name(context), try await body(request))
    return Response(status: .accepted)
  }

  private func delete(
    _ kind: RecordKind, _ request: Request, _ context: Context
  ) async throws -> Response {
    try await catalogue.delete(kind, try name(context))
    return Response(status: .noContent)
  }

  // MARK: Power

  @Sendable private func powerStatus(
    _ request: Request, _ context: Context
  ) async throws -> Response {
    let name = try self.name(context)
    return try Answer.json(["power": try await switching { try await power.status(of: name) }])
  }

  @Sendable private func setPower(_ request: Request, _ context: Context) async throws -> Response {
    let name = try self.name(context)
    let verb: HostPower.Verb? =
      if case .dict(let object)? = try? JSONParser.value(try await body(request)),
        case .string(let word)? = object["power"]
      { HostPower.Verb(rawValue: word) } else { nil }
    guard let verb else {
      throw ControlRefusal(
        .badRequest, "the body must be {\"power\": \"on\"}, \"off\" or \"reset\"")
    }
    try await switching { try await power.set(name, verb) }
    return Response(status: .accepted)
  }

  private func switching<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
      return try await work()
    } catch let problem as HostPower.Problem {
      throw ControlRefusal(problem)
    }
  }

  // MARK: Requests and answers

  private func name(_ context: Context, _ parameter: String = "name") throws -> String {
    let raw = context.parameters.get(parameter) ?? ""
    guard let name = raw.removingPercentEncoding else {
      throw ControlRefusal(.badRequest, "the name «\(raw)» is not UTF-8")
    }
    return name
  }

  /// The value of `params`; nil when it is not asked for.
  private func view(_ request: Request, allowed: [String]) throws -> String? {
    guard let view = request.uri.queryParameters["params"].map(String.init) else { return nil }
    guard allowed.contains(view) else {
      throw ControlRefusal(
        .badRequest, "params must be \(allowed.joined(separator: " or ")), not «\(view)»")
    }
    return view
  }

  private func body(_ request: Request) async throws -> [UInt8] {
    var request = request
    return Array((try await request.collectBody(upTo: Catalogue.maximumSize)).readableBytesView)
  }

  private func missing(_ kind: RecordKind, _ name: String) -> ControlRefusal {
    ControlRefusal(CatalogueError.unknown(kind, name))
  }

  private func json(_ value: JSONValue) -> Response {
    json(ByteBuffer(bytes: JSONWriter.bytes(value) + [0x0a]))
  }

  private func json(_ buffer: ByteBuffer) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: buffer))
  }

  private func text(_ buffer: ByteBuffer) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: buffer))
  }
}
