/// BootDoctor: an explanation for a terminal.

import DHCPProxy
import Wire

extension Explanation {
  /// One line a step, then the verdicts.
  package var text: String {
    var lines: [String] = []
    for (client, verdicts) in zip(network.clients, verdicts) {
      lines.append(client.heading)
      if client.omittedBoots > 0 {
        lines.append("  \(client.omittedBoots) earlier boots were left out")
      }
      for (index, boot) in client.boots.enumerated() {
        lines += Self.lines(boot, number: client.omittedBoots + index + 1)
        lines += boot.lines(of: verdicts[index])
      }
      lines.append("")
    }
    lines += remarks
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ boot: BootRecord, number: Int) -> [String] {
    let begin = boot.begin.time
    let gap = boot.predecessor.map { ", \(StoryText.duration($0.gap)) after the one before" } ?? ""
    var lines = ["", "  boot \(number), \(ClockText.dateAndTime(begin)) UTC\(gap)"]
    let story = boot.lines
    let times = story.map { ClockText.offset($0.moment.time, since: begin) }
    let packets = story.map { "#\($0.moment.packet)" }
    let timeWidth = times.map(\.count).max() ?? 0
    let packetWidth = packets.map(\.count).max() ?? 0
    for (index, line) in story.enumerated() {
      lines.append(
        "  \(line.isTrouble ? "!" : " ") " + padded(times[index], timeWidth, isRight: true) + "  "
          + padded(packets[index], packetWidth) + "  " + line.text)
    }
    if boot.omittedSteps > 0 {
      lines.append("    … \(boot.omittedSteps) steps in the middle were left out")
    }
    if boot.silence >= Span.second {
      let until = boot.successor == nil ? "until the end of what was seen" : "until its next boot"
      lines.append("    then nothing for \(StoryText.duration(boot.silence)), \(until)")
    }
    return lines
  }

  private static func padded(_ text: String, _ width: Int, isRight: Bool = false) -> String {
    let gap = String(repeating: " ", count: max(0, width - text.count))
    return isRight ? gap + text : text + gap
  }
}

extension BootRecord {
  /// What is said below its story, an empty line in front of each.
  func lines(of verdicts: [Verdict]) -> [String] {
    guard !verdicts.isEmpty else {
      return ["", "  \(hasBooted ? "It booted" : "No failure seen") as far as this shows."]
    }
    return verdicts.flatMap { ["", "  \($0.title)"] + $0.lines }
  }
}

extension Verdict {
  /// `FAILURE tftp-file-not-found`
  package var title: String { "\(severity.rawValue.uppercased()) \(code.rawValue)" }

  /// What stands below its title.
  package var lines: [String] {
    var lines = Self.wrapped(cause)
    if !evidence.isEmpty {
      lines.append("    packets " + evidence.map(String.init).joined(separator: ", "))
    }
    lines += Self.wrapped("Do: " + remedy)
    if !screen.isEmpty { lines.append("    On the screen: " + screen.joined(separator: ", ")) }
    return lines
  }

  /// At 96 columns, four spaces in front.
  static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = "   "
    for word in text.split(separator: " ") {
      if line.count + word.count + 1 > 96, line.count > 3 {
        lines.append(line)
        line = "   "
      }
      line += " " + word
    }
    return lines + [line]
  }
}

extension ClientRecord {
  /// `52:54:00:12:34:56 (QEMU/KVM), UEFI x64, 10.77.0.50, UUID …`
  package var heading: String {
    var parts = [name + (vendor.map { " (\($0))" } ?? "")]
    if let kind { parts.append(kind) }
    parts += addresses.filter { $0.description != name }.prefix(4).map(\.description)
    if let uuid { parts.append("UUID \(uuid)") }
    return parts.joined(separator: ", ")
  }
}
