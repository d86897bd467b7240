/// Inventory: what was not told, counted.

/// Events that the story could not take, and of about how many machines.
package struct ShedEvents: Equatable, Sendable, CustomStringConvertible {
  package let events: Int
  package let machines: Int

  /// For the log, told once a second.
  package var description: String {
    "\(Self.grouped(events)) events of \(Self.grouped(machines)) machines were not told in the last "
      + "second: more than the story can take"
  }

  /// `12,345`
  package static func grouped(_ count: Int) -> String {
    let digits = Array(String(count))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
