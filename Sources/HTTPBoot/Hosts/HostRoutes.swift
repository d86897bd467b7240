/// HTTPBoot: Bergenholm's boot routes. All of them are in one table.

import Foundation
package import Hummingbird
import Images

package struct HostRoutes: Sendable {
  private typealias Handler = @Sendable (Request, BootRequestContext) async throws -> Response

  private let source: HostBootSource
  private let report: @Sendable (ImageEvent) async -> Void

  package init(_ source: HostBootSource, report: @escaping @Sendable (ImageEvent) async -> Void) {
    self.source = source
    self.report = report
  }

  private var table: [(path: RouterPath, handler: Handler)] {
    [
      ("/ipxe/script/:id", script),
      ("/ipxe/kernel/:id", kernel),
      ("/ipxe/initrd/:id", module),
      ("/ipxe/initrd/:id/:number", module),
      ("/ipxe/module/:id", module),
      ("/ipxe/module/:id/:number", module),
    ]
  }

  package func add(to router: Router<BootRequestContext>) {
    for route in table {
      router.on(route.path, method: .get, use: route.handler)
      router.on(route.path, method: .head, use: route.handler)
    }
    router.get("/ipxe/register/:id", use: register)
  }

  @Sendable private func script(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    let text = try await source.script(try id(context), context.client)
    return Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  @Sendable private func register(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    let fields = request.uri.queryParameters.map { (key: String($0.key), value: String($0.value)) }
    try await source.register(try id(context), fields, context.client)
    return Response(status: .created)
  }

  @Sendable private func kernel(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    try await image(.kernel, request, context)
  }

  @Sendable private func module(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    let text = context.parameters.get("number") ?? "0"
    guard let number = UInt16(text) else {
      throw BootRefusal(.notFound, "«\(text)» is not the number of a module")
    }
    return try await image(.module(Int(number)), request, context)
  }

  private func image(
    _ image: HostBootSource.Image, _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    var wanted = try await source.image(try id(context), image)
    wanted.head = request.method == .head
    wanted.conditions = FileRequest(request.headers)
    let path = String(request.uri.path.dropFirst())
    do throws(RemoteImageError) {
      let remote = try await source.images.open(wanted)
      return RemoteImageResponse(image: remote, path: path, report: report)
        .response(isHead: wanted.head, context)
    } catch {
      if case .notFound = error.kind {
        await report(.missing(path: path, client: context.client))
      }
      return try RemoteImageResponse.refusal(error)
    }
  }

  private func id(_ context: BootRequestContext) throws -> String {
    let raw = context.parameters.get("id") ?? ""
    guard let id = raw.removingPercentEncoding else {
      throw BootRefusal(.badRequest, "the id «\(raw)» is not UTF-8")
    }
    return id
  }
}
