/// Lab: the name of a laboratory; it says which process built it.

internal import FoundationEssentials
internal import Glibc

/// `fino<pid>-<number>`; its namespaces are `fino<pid>-<number>-<host>`.
struct LabName: Hashable, Sendable, CustomStringConvertible {
  var owner: Int32
  var number: Int

  init(owner: Int32, number: Int) {
    self.owner = owner
    self.number = number
  }

  /// Reads the name of a laboratory out of a namespace's name; nil when it is somebody else's.
  init?(namespace: String) {
    let parts = namespace.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].hasPrefix("fino"),
      let owner = Int32(parts[0].dropFirst(4)), owner > 0,
      let number = Int(parts[1]), number >= 0,
      LabHost(rawValue: String(parts[2])) != nil
    else { return nil }
    self.init(owner: owner, number: number)
  }

  var description: String { "fino\(owner)-\(number)" }

  func namespace(_ host: LabHost) -> String { "\(self)-\(host.rawValue)" }

  var directory: String { "\(FileManager.default.temporaryDirectory.path)/\(self).lab" }

  /// Where the start time of the owner stands: a process number alone is used again by others.
  private var ownerFile: String { "\(directory)/owner" }

  func recordOwner() throws(LabError) {
    try LabFile.write(Self.startTime(of: owner) ?? "", to: ownerFile)
  }

  /// Whether the process that built the laboratory is gone.
  var isStale: Bool {
    guard let alive = Self.startTime(of: owner) else { return true }
    guard let recorded = FileManager.default.contents(atPath: ownerFile) else { return false }
    return String(decoding: recorded, as: UTF8.self) != alive
  }

  /// Field 22 of /proc/PID/stat; field 2 may have spaces, so counted from behind its bracket.
  private static func startTime(of process: Int32) -> String? {
    guard let stat = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
      return nil
    }
    let text = String(decoding: stat, as: UTF8.self)
    guard let bracket = text.lastIndex(of: ")") else { return nil }
    let fields = text[bracket...].split(separator: " ")
    return fields.count > 20 ? String(fields[20]) : nil
  }
}
