/// FinoBench: what a process has used up to now.

import Foundation

struct ProcessUse {
  /// Resident now, and at its highest; bytes.
  var resident: Double
  var highest: Double
  /// Seconds of all its threads, in user space and in the kernel.
  var processor: Double

  init(_ process: Int32) {
    let status = Self.read(process, "status").split(separator: "\n")
    resident = Self.kilobytes("VmRSS:", status) * 1024
    highest = Self.kilobytes("VmHWM:", status) * 1024
    processor = Self.ticks(Self.statistics(process)[11...12])
  }

  /// All processes of the session that `process` leads, and those of them that have ended. The memory
  /// is the sum: what they share counts for each.
  init(session process: Int32) {
    self.init(process)
    processor = 0
    resident = 0
    highest = 0
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    for other in all.compactMap({ Int32($0) }) {
      let statistics = Self.statistics(other)
      guard statistics[3] == String(process) else { continue }
      let use = ProcessUse(other)
      processor += Self.ticks(statistics[11...14])
      resident += use.resident.isNaN ? 0 : use.resident
      highest += use.highest.isNaN ? 0 : use.highest
    }
  }

  /// proc(5): from field 3 (the state) on, behind the name's bracket.
  private static func statistics(_ process: Int32) -> [Substring] {
    let fields = read(process, "stat").split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 14 ? fields : Array(repeating: "0", count: 15)
  }

  private static func ticks(_ fields: ArraySlice<Substring>) -> Double {
    fields.reduce(0) { $0 + (Double($1) ?? 0) } / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
  }

  private static func read(_ process: Int32, _ file: String) -> String {
    (try? String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)) ?? ""
  }

  private static func kilobytes(_ key: String, _ lines: [Substring]) -> Double {
    let words = lines.first { $0.hasPrefix(key) }?.split(whereSeparator: \.isWhitespace) ?? []
    return words.count > 1 ? Double(words[1]) ?? .nan : .nan
  }
}
