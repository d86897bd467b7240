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
    for entry in Self.entries(of: "/proc") {
      guard let pid = Int(entry), Self.holds(pid, wanted),
        case let name = Self.text(of: "/proc/\(pid)/comm"), !name.isEmpty
      else { continue }
      self.processID = pid
      self.name = name.trimmingCharacters(in: .whitespacesAndNewlines)
      return
    }
    return nil
  }

  /// The kernel hands out its tables a page at a time, and Foundation takes the first page, shorter
  /// than what it asked for, for the whole file.
  private static func text(of path: String) -> String {
    guard let file = fopen(path, "re") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 {
      bytes += piece.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func holds(_ pid: Int, _ sockets: Set<String>) -> Bool {
    entries(of: "/proc/\(pid)/fd").contains { descriptor in
      var target = [CChar](repeating: 0, count: 64)
      let length = readlink("/proc/\(pid)/fd/\(descriptor)", &target, target.count)
      let link = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
      return sockets.contains(String(decoding: link, as: UTF8.self))
    }
  }

  /// Read entry by entry: descriptors come and go meanwhile, and FileManager gives up then.
  private static func entries(of path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  /// /proc/net/udp and its kin: local address in the second column, state in the fourth, inode in the
  /// tenth.
  private static func inodes(of port: Int, _ transport: Transport) -> [Substring] {
    let listening = transport == .tcp ? "0A" : "07"
    return ["/proc/net/\(transport)", "/proc/net/\(transport)6"].flatMap { table -> [Substring] in
      text(of: table).split(separator: "\n").dropFirst().compactMap { line in
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
