/// DHCPProxy: what was said about machines that are not answered.

package import Wire

/// Machines that are refused ask again and again; each reason is worth telling once for each machine.
package struct SilenceLedger: Sendable {
  private struct Key: Hashable, Sendable {
    var mac: MACAddress
    /// The reason's hash: two that fall together cost one line of a log.
    var reason: Int
  }

  private struct Told: Sendable {}

  private var told: RecentlyUsed<Key, Told>

  /// At most `limit` pairs of machine and reason; what was quiet longest is told again.
  package init(limit: Int = 65_536) {
    told = RecentlyUsed(limit: limit)
  }

  package var count: Int { told.count }

  /// Whether this machine was not refused for this reason before.
  package mutating func isFirst(_ mac: MACAddress, _ reason: String) -> Bool {
    told.use(Key(mac: mac, reason: reason.hashValue), initial: Told()) { _, isNew in isNew }
  }
}
