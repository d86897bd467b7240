/// BootDoctor: a replay for people.

import Wire

extension Replay {
  /// A line for each question, and below it what differs; the messages themselves where asked for.
  package func text(isFull: Bool) -> String {
    var lines: [String] = []
    for step in steps {
      let verdict =
        !step.isCompared
        ? "not answered"
        : step.differences.isEmpty ? "the same" : "DIFFERS in \(step.differences.count)"
      lines.append("packet \(step.number)  \(step.question): \(verdict)")
      lines += step.differences.map { "  \($0)" }
      if isFull {
        lines.append("  then:")
        lines += step.captured.split(separator: "\n").map { "    \($0)" }
        lines.append("  today:")
        lines += step.today.split(separator: "\n").map { "    \($0)" }
      }
    }
    let compared = steps.count(where: \.isCompared)
    let different = steps.count { !$0.differences.isEmpty }
    let whose = server.map { " of \($0)" } ?? ""
    lines.append(
      "\(steps.count) questions; \(compared) answers\(whose) compared, \(different) differ today.")
    if omitted > 0 { lines.append("\(omitted) messages were left out: too many, or not readable.") }
    return lines.joined(separator: "\n")
  }
}
