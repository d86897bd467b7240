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
      (.get, "/boot/:platform/**", loader),
      (.head, "/boot/:platform/**", loader),
      (.get, "/grub/**", grub),
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
    return script(try await decision(for: mac, request, context))
  }

  private func decision(
    for mac: MACAddress, _ request: Request, _ context: BootRequestContext
  ) async throws -> IPXEScript {
    do {
      return try await source.script(
        ScriptRequest(mac: mac, client: context.client, root: root(request, context)))
    } catch {
      // The state could not be written: the machine is told to wait, not to boot the wrong thing.
      throw BootRefusal(.serviceUnavailable, String(describing: error), retryAfter: 5)
    }
  }

  /// For a GRUB that speaks HTTP.
  @Sendable private func grub(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    guard let path = String(request.uri.path.dropFirst()).removingPercentEncoding,
      let asked = GRUBRequest(path)
    else { throw BootRefusal(.notFound, "GRUB finds nothing here") }
    return try await grub(asked, request, context)
  }

  private func grub(
    _ asked: GRUBRequest, _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    let mac: MACAddress?
    switch asked {
    case .script(let named): mac = named
    case .scriptOfAsker: mac = context.client.flatMap(source.machine)
    case .moduleList: throw BootRefusal(.notFound, "GRUB finds nothing here")
    }
    let root = root(request, context)
    let decision =
      if let mac { try await decision(for: mac, request, context) } else {
        IPXEScript.chain(root: root)
      }
    return Self.text(
      GRUBScript(
        decision, root: root, server: context.local ?? .loopback, transport: .http
      ).text)
  }

  private func script(_ script: IPXEScript) -> Response { Self.text(script.text) }

  private static func text(_ text: String, isHead: Bool = false) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
        .contentLength: String(text.utf8.count),
      ], body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private func root(_ request: Request, _ context: BootRequestContext) -> String {
    ServerRoot(
      hostHeader: request.head.authority, local: context.local, port: context.localPort
    ).url
  }

  // MARK: Loaders

  /// For UEFI HTTP Boot: `application/efi` without parameters, exact length, no redirect. What a boot
  /// program asks for next to itself is made for the machine, unless a file has that name.
  @Sendable private func loader(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    guard let name = context.parameters.getCatchAll().joined(separator: "/").removingPercentEncoding
    else { throw BootRefusal(.notFound, "there is no such boot program") }
    switch source.loader(name) {
    case .file(let file):
      return try await ImageResponse(
        file: file, path: String(request.uri.path.dropFirst()), source: source
      ).response(to: request, context)
    case .bytes(let bytes):
      let type = name.hasSuffix(".efi") ? "application/efi" : "application/octet-stream"
      let headers: HTTPFields = [.contentType: type, .contentLength: String(bytes.count)]
      let isHead = request.method == .head
      return Response(
        status: .ok, headers: headers,
        body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case nil: break
    }
    if name.split(separator: "/").last == "autoexec.ipxe" {
      let chain = IPXEScript.chain(
        root: root(request, context), mac: context.client.flatMap(source.machine))
      return Self.text(chain.text, isHead: request.method == .head)
    }
    // Not for HEAD: the answer claims the job.
    if request.method == .get, let asked = GRUBRequest(name) {
      return try await grub(asked, request, context)
    }
    throw BootRefusal(.notFound, "there is no such boot program")
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
