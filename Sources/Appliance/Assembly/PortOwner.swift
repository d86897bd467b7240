/// Appliance: who holds a port that we need.

import Foundation

/// Looks through /proc, as `ss -p` does; nil where it can't be told (another user's process, another
/// namespace).
package struct PortOwner: Equatable, Sendable {
  package enum Transport: String, Sendable {
    case udp
    case tcp
  }

  package var processID: Int
  package var name: String

  package init?(of port: Int, _ transport: Transport) {
    let inodes = Self.inodes(of: port, transport)
    guard !inodes.isEmpty else { return nil }
    let wanted = Set(inodes.map { "socket:[\($0)]" })
    let files = FileManager.default
    for entry in (try? files.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let pid = Int(entry),
        let descriptors = try? files.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
      else { continue }
      let holds = descriptors.contains { descriptor in
        (try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(descriptor)"))
          .map(wanted.contains) ?? false
      }
      guard holds, let name = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)
      else { continue }
      self.processID = pid
      self.name = name.trimmingCharacters(in: .whitespacesAndNewlines)
      return
    }
    return nil
  }

  /// /proc/net/udp and its kin: local address in the second column, state in the fourth, inode in the
  /// tenth.
  private static func inodes(of port: Int, _ transport: Transport) -> [Substring] {
    let listening = transport == .tcp ? "0A" : "07"
    return ["/proc/net/\(transport)", "/proc/net/\(transport)6"].flatMap { table -> [Substring] in
      let text = (try? String(contentsOfFile: table, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").dropFirst().compactMap { line in
        let columns = line.split(separator: " ")
        guard columns.count > 9, columns[3] == listening,
          let digits = columns[1].split(separator: ":").last, Int(digits, radix: 16) == port
        else { return nil }
        return columns[9]
      }
    }
  }
}

extension PortOwner: CustomStringConvertible {
  package var description: String { "\(name) (process \(processID))" }
}
