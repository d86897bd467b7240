/// Images: how long an image from a mirror is good without asking again.

/// `Cache-Control` and `Age` of an answer (RFC 9111 §4.2, §5.2.2), as a shared cache reads them.
struct Freshness: Equatable, Sendable {
  /// Seconds from the arrival of the head.
  var lifetime: Int
  /// false for `no-store`: given to those who wait for it, then gone.
  var mayKeep: Bool

  /// A year: more is not worth a difference.
  private static let longest = 31_536_000

  init(cacheControl: String?, age: Int?, unsaid: Int) {
    var maxAge: Int?
    var sharedMaxAge: Int?
    lifetime = unsaid
    mayKeep = true
    for directive in (cacheControl ?? "").split(separator: ",") {
      let parts = directive.split(separator: "=", maxSplits: 1)
      guard let first = parts.first else { continue }
      let value = parts.count == 2 ? Self.seconds(parts[1]) : nil
      switch first.filter({ $0 != " " && $0 != "\t" }).lowercased() {
      // A value that can't be read is stale (§4.2.1).
      case "max-age": maxAge = value ?? 0
      case "s-maxage": sharedMaxAge = value ?? 0
      case "no-cache": (maxAge, sharedMaxAge) = (maxAge, 0)
      case "no-store": mayKeep = false
      default: break
      }
    }
    if let said = sharedMaxAge ?? maxAge {
      lifetime = max(0, min(said, Self.longest) - min(max(age ?? 0, 0), Self.longest))
    }
  }

  private static func seconds(_ text: Substring) -> Int? {
    let digits = text.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(digits) ?? Self.longest
  }
}
