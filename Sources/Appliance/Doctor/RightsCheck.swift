/// Appliance: the doctor looks at what this process may do.

/// Linux capabilities (capabilities(7)), of the process that would serve.
struct RightsCheck {
  /// The text of /proc/self/status.
  var status: String

  private static let needed: [(bit: Int, name: String, what: String)] = [
    (10, "CAP_NET_BIND_SERVICE", "have the ports 69 and 80"),
    (13, "CAP_NET_RAW", "hear DHCP beside another server and answer machines without an address"),
  ]

  var findings: [Finding] {
    guard let mask = effective else {
      return [Finding("rights", .warning, "What this process may do can't be read in /proc.")]
    }
    let missing = Self.needed.filter { mask >> UInt64($0.bit) & 1 == 0 }
    guard !missing.isEmpty else {
      return [Finding("rights", .ok, "This process may do all that serving needs.")]
    }
    return missing.map {
      Finding(
        "rights", .problem, "This process lacks \($0.name) and so can't \($0.what).",
        remedy: "Run Fino as root, or give the service "
          + "«AmbientCapabilities=\(Self.needed.map(\.name).joined(separator: " "))».")
    }
  }

  private var effective: UInt64? {
    status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
      .flatMap { $0.split(whereSeparator: \.isWhitespace).last }
      .flatMap { UInt64($0, radix: 16) }
  }
}
