/// ControlAPI: what people and programs ask. All routes are in one table.

import Foundation
package import Hummingbird
import Inventory
import Wire

package struct ControlRoutes<Context: RequestContext>: Sendable {
  private typealias Handler = @Sendable (Request, Context) async throws -> Response

  private let source: ControlSource

  package init(_ source: ControlSource) {
    self.source = source
  }

  private var table: [(method: HTTPRequest.Method, path: RouterPath, handler: Handler)] {
    [
      (.get, "/", front),
      (.get, "/reimage", reimage),
      (.post, "/reimage", reimage),
      (.get, "/log", log),
      (.get, "/jobs", jobs),
      (.get, "/jobs/:id", job),
      (.delete, "/jobs/:id", cancel),
      (.get, "/boots", boots),
      (.get, "/boots/:id", boot),
      (.get, "/boots/:id/capture.pcapng", capture),
      (.get, "/boots/:id/explanation", explanation),
      (.get, "/boots/:id/console", console),
      (.get, "/events", events),
      (.get, "/health", health),
      (.get, "/metrics", metrics),
      (.get, "/openapi.yaml", openapi),
    ]
  }

  package func add(to router: Router<Context>) {
    for route in table { router.on(route.path, method: route.method, use: route.handler) }
  }

  // MARK: Pages

  @Sendable private func front(_ request: Request, _ context: Context) async throws -> Response {
    let jobs = try await source.inventory.jobs.jobs()
    let boots = try await source.inventory.boots.boots(limit: 20)
    return Answer.page(
      Pages.front(
        jobs: jobs.map(JobRepresentation.init), boots: boots.map(BootRepresentation.init),
        configuration: source.configuration()))
  }

  @Sendable private func log(_ request: Request, _ context: Context) -> Response {
    Answer.page(Pages.log(source.log().suffix(50)))
  }

  // MARK: Reimage

  @Sendable private func reimage(_ request: Request, _ context: Context) async throws -> Response {
    let fields = try await RequestFields(request).values
    let wantsJSON = Answer.wantsJSON(request)
    if request.method == .get, fields.isEmpty, !wantsJSON {
      return Answer.page(Pages.form(locations: source.locations()))
    }
    switch try await ReimageDesk(source).take(ReimageForm(fields: fields)) {
    case .refused(let sentences):
      return wantsJSON
        ? try Answer.json(ErrorAnswer(error: sentences.joined(separator: "; ")), .badRequest)
        : Answer.page(Pages.refused(sentences), .badRequest)
    case .accepted(let job):
      let job = JobRepresentation(job)
      return wantsJSON
        ? try Answer.json(ReimageAnswer(job: job), .accepted) : Answer.page(Pages.accepted(job))
    case .powerFailed(let job, let reason):
      let job = JobRepresentation(job)
      return wantsJSON
        ? try Answer.json(ReimageAnswer(job: job, error: reason), .badGateway)
        : Answer.page(Pages.powerFailed(job, reason: reason), .badGateway)
    }
  }

  // MARK: Jobs

  /// `?all=1` adds those that have ended.
  @Sendable private func jobs(_ request: Request, _ context: Context) async throws -> Response {
    let all = request.uri.queryParameters["all"].map { $0 != "0" && $0 != "false" } ?? false
    let jobs = try await source.inventory.jobs.jobs(includingEnded: all)
    return try Answer.json(JobList(jobs: jobs.map(JobRepresentation.init)))
  }

  @Sendable private func job(_ request: Request, _ context: Context) async throws -> Response {
    guard let id = context.parameters.get("id").flatMap({ Int($0) }),
      let job = try await source.inventory.jobs.job(id)
    else { throw ControlRefusal(.notFound, "there is no such job") }
    return try Answer.json(JobRepresentation(job))
  }

  @Sendable private func cancel(_ request: Request, _ context: Context) async throws -> Response {
    guard let id = context.parameters.get("id").flatMap({ Int($0) }) else {
      throw ControlRefusal(.notFound, "there is no such job")
    }
    switch try await source.inventory.jobs.cancel(id, at: Date()) {
    case .cancelled(let job):
      return try Answer.json(JobRepresentation(job))
    case .alreadyEnded(let job):
      let state = JobRepresentation(job).state
      throw ControlRefusal(.conflict, "job \(id) is \(state) already")
    case .unknown:
      throw ControlRefusal(.notFound, "there is no job \(id)")
    }
  }

  // MARK: Boots

  @Sendable private func boots(_ request: Request, _ context: Context) async throws -> Response {
    let mac = try Self.machine(request)
    let limit = request.uri.queryParameters["limit"].flatMap { Int($0) } ?? 20
    let boots = try await source.inventory.boots.boots(mac: mac, limit: min(max(limit, 1), 1000))
    return try Answer.json(BootList(boots: boots.map(BootRepresentation.init)))
  }

  @Sendable private func boot(_ request: Request, _ context: Context) async throws -> Response {
    try Answer.json(BootRepresentation(try await boot(context)))
  }

  private func boot(_ context: Context) async throws -> Boot {
    guard let id = context.parameters.get("id").flatMap({ Int($0) }),
      let boot = try await source.inventory.boots.boot(id)
    else { throw ControlRefusal(.notFound, "there is no such boot") }
    return boot
  }

  @Sendable private func capture(_ request: Request, _ context: Context) async throws -> Response {
    let boot = try await boot(context)
    guard let mac = boot.mac, let bytes = source.capture(mac, boot.startedAt, boot.lastAt) else {
      throw ControlRefusal(.notFound, Self.noPackets)
    }
    return Answer.file(bytes, type: "application/x-pcapng", name: "boot-\(boot.id).pcapng")
  }

  @Sendable private func explanation(
    _ request: Request, _ context: Context
  ) async throws -> Response {
    let boot = try await boot(context)
    guard let mac = boot.mac, let text = source.explanation(mac, boot.startedAt, boot.lastAt) else {
      throw ControlRefusal(.notFound, Self.noPackets)
    }
    return Answer.text(text)
  }

  /// As the machine wrote it: with what moves the cursor of a terminal.
  @Sendable private func console(_ request: Request, _ context: Context) async throws -> Response {
    guard let bytes = source.console(try await boot(context).id) else {
      throw ControlRefusal(
        .notFound,
        "the console of this boot was not recorded, or is not kept any more: «record_console: true» "
          + "in a host's record or with /reimage, or «reimage: record-console», records it")
    }
    return Answer.plain(bytes)
  }

  private static var noPackets: String {
    "the packets of this boot are not kept any more: «capture: ring» says how much memory they have"
  }

  /// Server-sent events: one `data:` line of JSON for each step of a boot, as it happens.
  @Sendable private func events(_ request: Request, _ context: Context) throws -> Response {
    let mac = try Self.machine(request)
    return EventStream(events: source.inventory.boots.events(), mac: mac).response
  }

  private static func machine(_ request: Request) throws -> MACAddress? {
    guard let text = request.uri.queryParameters["mac"] else { return nil }
    guard let mac = MACAddress(text) else {
      throw ControlRefusal(
        .badRequest, "mac «\(text)» is not a MAC address (12 hexadecimal digits)")
    }
    return mac
  }

  @Sendable private func health(_ request: Request, _ context: Context) async throws -> Response {
    let health = await source.inventory.boots.health()
    guard let failure = health.failure else { return try Answer.json(["status": "ok"]) }
    throw ControlRefusal(.serviceUnavailable, failure.description)
  }

  /// Prometheus' text format.
  @Sendable private func metrics(_ request: Request, _ context: Context) -> Response {
    Answer.metrics(source.counts())
  }

  /// All of this table and the others, for programs.
  @Sendable private func openapi(_ request: Request, _ context: Context) -> Response {
    Answer.document(OpenAPIDocument.text)
  }
}
