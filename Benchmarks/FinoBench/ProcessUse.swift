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
    // proc(5): fields 14 and 15, in ticks; counted from behind the name's bracket.
    let stat = Self.read(process, "stat")
    let fields = stat.drop { $0 != ")" }.split(separator: " ")
    let ticks = fields.count > 13 ? (Double(fields[12]) ?? 0) + (Double(fields[13]) ?? 0) : 0
    processor = ticks / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
  }

  private static func read(_ process: Int32, _ file: String) -> String {
    (try? String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)) ?? ""
  }

  private static func kilobytes(_ key: String, _ lines: [Substring]) -> Double {
    let words = lines.first { $0.hasPrefix(key) }?.split(whereSeparator: \.isWhitespace) ?? []
    return words.count > 1 ? Double(words[1]) ?? .nan : .nan
  }
}
