/// Appliance: a path that is there, asked with a method that it does not have.

import HTTPTypes
import Hummingbird

/// RFC 9110 §15.5.6: such a request is answered with 405 and the methods that there are. The router
/// by itself says 404, as if the path were unknown.
enum OtherMethods {
  private static let known = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY",
  ].compactMap { HTTPRequest.Method($0) }

  /// After all routes: they are what is looked at.
  static func add(to router: Router<some RequestContext>) {
    for routes in Dictionary(grouping: router.routes, by: { "\($0.path)" }).values {
      guard let path = routes.first?.path else { continue }
      let methods = routes.map(\.method)
      let allowed = methods.map(\.rawValue).joined(separator: ", ")
      for method in known where !methods.contains(method) {
        router.on(path, method: method) { _, _ -> Response in
          throw HTTPError(.methodNotAllowed, headers: [.allow: allowed])
        }
      }
    }
  }
}
