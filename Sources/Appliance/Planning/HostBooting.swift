/// Appliance: how machines with a record of their own boot (Bergenholm's part).

import HTTPBoot
import HTTPTypes
import Images
import Inventory
import Jinja
import Wire

/// Between the catalogue and the boot server: failures of the one become refusals of the other.
struct HostBooting: Sendable {
  var catalogue: Catalogue
  var images: RemoteImages
  var story: Storyteller

  var source: HostBootSource {
    HostBootSource(
      script: { try script(of: $0, $1) }, image: { try image($0, $1) },
      register: { try await register($0, $1, $2) }, images: images)
  }

  private func script(of id: String, _ client: IPAddress?) throws -> String {
    let text = try refusing { () throws(CatalogueError) in
      try catalogue.render(templateIn: "ipxe_script", of: id)
    }
    story.tell(
      .scriptStored, address: client, "Got its script: the stored one of host \(id).",
      ["host": id])
    return text
  }

  /// `kernel`, or `module<n>` (for 0 also `module`), with the SHA-256 that may stand beside it.
  private func image(
    _ id: String, _ image: HostBootSource.Image
  ) throws -> RemoteImageRequest {
    let parameters = try refusing { () throws(CatalogueError) in
      try catalogue.parameters(of: id, .real)
    }
    let keys =
      switch image {
      case .kernel: ["kernel"]
      case .module(0): ["module0", "module"]
      case .module(let number): ["module\(number)"]
      }
    guard let key = keys.first(where: { parameters[$0] != nil }), let url = parameters[key] else {
      throw BootRefusal(.notFound, "the host \"\(id)\" has no parameter \"\(keys[0])\"")
    }
    return RemoteImageRequest(
      url: url.plainText, proxy: parameters["proxy_url"]?.plainText,
      sha256: parameters["\(key)_sha256"]?.plainText)
  }

  private func register(
    _ id: String, _ fields: [(key: String, value: String)], _ client: IPAddress?
  ) async throws {
    do throws(CatalogueError) {
      try await catalogue.register(id, Registration(fields))
    } catch {
      throw Self.refusal(error)
    }
    story.tell(
      .registered, address: client, "Registered itself as host \(id).", ["host": id])
  }

  private func refusing<Value>(
    _ work: () throws(CatalogueError) -> Value
  ) throws -> Value {
    do throws(CatalogueError) {
      return try work()
    } catch {
      throw Self.refusal(error)
    }
  }

  static func refusal(_ error: CatalogueError) -> BootRefusal {
    switch error {
    case .unknown, .parameterMissing: BootRefusal(.notFound, error.description)
    case .exists, .badName, .notPlainText: BootRefusal(.badRequest, error.description)
    case .unavailable, .notFollowed:
      BootRefusal(.serviceUnavailable, error.description, retryAfter: 5)
    case .notText, .rendering, .parameters:
      BootRefusal(.unprocessableContent, error.description)
    default: BootRefusal(.internalServerError, error.description)
    }
  }
}
