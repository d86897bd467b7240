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
      (.get, "/pxe/:mac", script),
      (.head, "/pxe/:mac", script),
      (.get, "/boot/:platform/**", loader),
      (.head, "/boot/:platform/**", loader),
      (.get, "/grub/**", grub),
      (.head, "/grub/**", grub),
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

  private var scripts: MachineScripts { MachineScripts(source) }

  /// The desk has answered it already where there is one.
  @Sendable private func script(
    _ request: Request, _ context: BootRequestContext
  ) async throws -> Response {
    Self.text(
      try await scripts.text(
        named: context.parameters.get("mac") ?? "", isHead: request.method == .head,
        client: context.client, root: root(request, context)))
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
    // To know the script is to claim the machine's job.
    if mac != nil, request.method == .head { return Self.text(nil) }
    let decision =
      if let mac { try await scripts.decision(for: mac, client: context.client, root: root) } else {
        IPXEScript.chain(root: root)
      }
    return Self.text(
      GRUBScript(
        decision, root: root, server: context.local ?? .loopback, transport: .http
      ).text)
  }

  /// nil for HEAD of what is only made for GET. Bodies of answers to HEAD are dropped on the way out.
  private static func text(_ text: String?) -> Response {
    var headers: HTTPFields = [
      .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
    ]
    guard let text else {
      return Response(
        status: .ok, headers: headers, body: ResponseBody { try await $0.finish(nil) })
    }
    headers[.contentLength] = String(text.utf8.count)
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
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
      return Response(
        status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case nil: break
    }
    if name.split(separator: "/").last == "autoexec.ipxe" {
      let chain = IPXEScript.chain(
        root: root(request, context), mac: context.client.flatMap(source.machine))
      return Self.text(chain.text)
    }
    if let asked = GRUBRequest(name) {
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
        body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }
  }
}
