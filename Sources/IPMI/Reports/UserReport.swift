/// IPMI: the users of a BMC, in words.

package struct UserReport: BMCReport {
  package struct User: Encodable, Equatable, Sendable {
    package var id: UInt8
    package var name: String
    /// Nil: the BMC does not tell.
    package var isEnabled: Bool?
    package var mayCallIn: Bool
    package var mayLink: Bool
    package var mayMessage: Bool
    package var privilege: String
  }

  package var channel: UInt8
  /// How many the BMC has room for.
  package var most: UInt8
  package var enabled: UInt8
  package var users: [User] = []

  package var lines: [String] {
    var lines = ["ID  Name             Enabled  Callin  Link   Messages  Channel Priv Limit"]
    for user in users {
      let enabled = user.isEnabled.map { "\($0)" } ?? "?"
      let cells = [
        ("\(user.id)", 4), (user.name, 17), (enabled, 9), ("\(user.mayCallIn)", 8),
        ("\(user.mayLink)", 7), ("\(user.mayMessage)", 10),
      ]
      lines.append(
        cells.map { $0 + String(repeating: " ", count: max(1, $1 - $0.count)) }.joined()
          + user.privilege)
    }
    return lines
  }
}

extension CommandExchange {
  /// Places without a name and without access are left out, as are those that the BMC refuses.
  package func userReport(channel given: UInt8? = nil) async throws(IPMIError) -> UserReport {
    let channel = try await channelNumber(given)
    var access = try await run(GetUserAccess(channel: channel, user: 1))
    var report = UserReport(
      channel: channel, most: access.most, enabled: access.enabled & 0x3f)
    for id in 1...max(1, access.most) {
      if id > 1 {
        let answer = try await attempt(GetUserAccess(channel: channel, user: id))
        guard case .success(let next) = answer else { continue }
        access = next
      }
      // Several BMCs refuse the name of a place that was never used.
      let name = try? await attempt(GetUserName(user: id)).get().text
      let mayDoNothing = [0, 15].contains(access.access & 0x0f)
      if (name ?? "").isEmpty, mayDoNothing, access.isEnabled != true { continue }
      report.users.append(
        UserReport.User(
          id: id, name: name ?? "", isEnabled: access.isEnabled, mayCallIn: access.mayCallIn,
          mayLink: access.mayLink, mayMessage: access.mayMessage, privilege: access.privilege))
    }
    return report
  }
}
