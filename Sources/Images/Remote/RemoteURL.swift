/// Images: the address of a remote image, which never shows its password.

import Foundation

/// An `http` or `https` URL. Name and password are kept apart, so that what is printed never has
/// them.
package struct RemoteURL: Hashable, Sendable {
  package struct Credentials: Hashable, Sendable {
    var user: String
    var password: String

    /// RFC 7617 §2
    var basic: String { "Basic " + Data("\(user):\(password)".utf8).base64EncodedString() }
  }

  package let scheme: String
  /// Lower case, without the brackets of an IPv6 address.
  package let host: String
  package let port: Int
  package let credentials: Credentials?
  /// Without credentials and fragment: what is asked for.
  package let plain: String

  package init(_ text: String) throws(RemoteImageError) {
    guard let components = URLComponents(string: text), let url = Self(components) else {
      throw RemoteImageError(
        .unusable, url: Self.hidingCredentials(text), "it is not an http or https URL")
    }
    self = url
  }

  private init?(_ components: URLComponents) {
    guard let scheme = components.scheme?.lowercased(), scheme == "http" || scheme == "https",
      var host = components.host?.lowercased(), !host.isEmpty
    else { return nil }
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    let port = components.port ?? (scheme == "https" ? 443 : 80)
    guard (1...65535).contains(port) else { return nil }
    self.scheme = scheme
    self.host = host
    self.port = port
    credentials = components.user.map {
      Credentials(user: $0, password: components.password ?? "")
    }
    var plain = components
    plain.user = nil
    plain.password = nil
    plain.fragment = nil
    guard let text = plain.string else { return nil }
    self.plain = text
  }

  /// Host and port as they are written: `mirror:8080`.
  var authority: String { String(afterScheme.prefix { !"/?#".contains($0) }) }

  /// Path and query.
  var target: String {
    let rest = afterScheme.drop { !"/?#".contains($0) }
    return rest.hasPrefix("/") ? String(rest) : "/\(rest)"
  }

  private var afterScheme: Substring { plain.dropFirst(scheme.count + 3) }

  /// Same scheme, host and port: credentials for one are good for the other.
  package func isSameOrigin(as other: RemoteURL) -> Bool {
    (scheme, host, port) == (other.scheme, other.host, other.port)
  }

  /// Where `location` leads (RFC 9110 §10.2.2); credentials stay with their origin.
  package func redirected(to location: String) -> RemoteURL? {
    guard let base = URL(string: plain),
      let target = URL(string: location, relativeTo: base)?.absoluteURL,
      var components = URLComponents(url: target, resolvingAgainstBaseURL: true),
      let url = Self(components)
    else { return nil }
    guard url.credentials == nil, let credentials, isSameOrigin(as: url) else { return url }
    components.user = credentials.user
    components.password = credentials.password
    return Self(components)
  }

  /// What identifies the image, credentials included. Not for people.
  var identity: String { "\(credentials?.basic ?? "")\n\(plain)" }

  /// For a text that could not be read as a URL: everything up to the last `@` may be a password.
  static func hidingCredentials(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }
    guard let at = scalars.lastIndex(of: "@") else {
      return String(String.UnicodeScalarView(scalars))
    }
    let rest = String(String.UnicodeScalarView(scalars[at...]))
    let head = String(String.UnicodeScalarView(scalars[..<at]))
    guard let mark = head.range(of: "://") else { return "***\(rest)" }
    return "\(head[..<mark.upperBound])***\(rest)"
  }
}

extension RemoteURL: CustomStringConvertible {
  /// `http://***@mirror/vmlinuz`
  package var description: String {
    guard credentials != nil, let mark = plain.range(of: "://") else { return plain }
    return "\(plain[..<mark.upperBound])***@\(plain[mark.upperBound...])"
  }
}
