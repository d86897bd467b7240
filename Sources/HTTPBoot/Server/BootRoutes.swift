/// HTTPBoot: what firmware and installers fetch. All routes are in one table.

import Foundation
package import Hummingbird
import Images
import Wire

package struct BootRoutes: Sendable {
  private typealias Handler = @Sendable (Request, BootRequestContext) async throws -> Response

  private let source: BootSource

  package init(_ source: BootSource) {
    self.source = source
  }

  private var table: [(method: HTTPRequest.Method, path: RouterPath, handler: Handler)] {
    [
      (.get, "/pxe/chain.pxe", chain),
      (.get, "/pxe/:mac", script),
      (.get, "/boot/:platform/:file", loader),
      (.head, "/boot/:platform/:file", loader),
      (.get, "/images", image),
      (.head, "/images", image),
      (.get, "/images/**", image),
      (.head, "/images/**", image),
    ]
  }

  package func add(to router: Router<BootRequestContext>) {
    for route in table { router.on(route.path, method: route.method, use: route.handler) }
  }

  // MARK: Scripts

  @Sendable private func chain(_ request: Request, _ context: BootRequestContext) -> Response {
    script(.chain(root: root(request, context)))
  }

  @Sendable private func script(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    let raw = context.parameters.get("mac") ?? ""
    let text = raw.removingPercentEncoding ?? raw
    guard let mac = MACAddress(text), mac.isUnicast else {
      throw BootRefusal(.badRequest, "«\(text)» is not a MAC address (12 hexadecimal digits)")
    }
    do {
      return script(
        try await source.script(
          ScriptRequest(mac: mac, client: context.client, root: root(request, context))))
    } catch {
      // The state could not be written: the machine is told to wait, not to boot the wrong thing.
      throw BootRefusal(.serviceUnavailable, String(describing: error), retryAfter: 5)
    }
  }

  private func script(_ script: IPXEScript) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: script.text)))
  }

  private func root(_ request: Request, _ context: BootRequestContext) -> String {
    ServerRoot(
      hostHeader: request.head.authority, local: context.local, port: context.localPort
    ).url
  }

  // MARK: Loaders

  /// For UEFI HTTP Boot: `application/efi` without parameters, exact length, no redirect.
  @Sendable private func loader(_ request: Request, _ context: BootRequestContext) throws
    -> Response
  {
    guard let file = context.parameters.get("file")?.removingPercentEncoding,
      let bytes = source.loader(file)
    else {
      throw BootRefusal(.notFound, "there is no such boot program")
    }
    let type = file.hasSuffix(".efi") ? "application/efi" : "application/octet-stream"
    let headers: HTTPFields = [.contentType: type, .contentLength: String(bytes.count)]
    let isHead = request.method == .head
    return Response(
      status: .ok, headers: headers,
      body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  // MARK: Images

  @Sendable private func image(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    let path = request.uri.path.dropFirst("/images".count)
    guard let decoded = String(path).removingPercentEncoding,
      let item = source.images.item(at: decoded.trimmingPrefix("/").description)
    else {
      await source.report(.missing(path: String(path.dropFirst()), client: context.client))
      throw BootRefusal(.notFound, "there is no such image")
    }
    switch item {
    case .file(let file):
      return try await ImageResponse(
        file: file, path: decoded.trimmingPrefix("/").description, source: source
      ).response(to: request, context)
    case .directory(let listing):
      guard path.hasSuffix("/") else {
        return Response(status: .movedPermanently, headers: [.location: request.uri.path + "/"])
      }
      let page = listing.page(at: "/images" + decoded)
      return Response(
        status: .ok,
        headers: [
          .contentType: "text/html; charset=utf-8", .contentLength: String(page.utf8.count),
        ],
        body: request.method == .head
          ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }
  }
}
