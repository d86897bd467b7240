/// Inventory: how much a machine's story matters when not all of them can be told.

/// The lower one is shed first. A MAC address in a DHCP question is anybody's invention; a transfer or
/// a record is not.
package enum Standing: Int, Comparable, Sendable {
  /// Nobody wrote anything of it down, and it has not come past DHCP.
  case stranger
  /// It fetches, or has fetched, what it boots.
  case underWay
  /// It has a record or a job.
  case known

  package static func < (a: Standing, b: Standing) -> Bool {
    a.rawValue < b.rawValue
  }
}
