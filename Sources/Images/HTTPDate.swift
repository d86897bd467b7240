/// Images: the date format of HTTP headers.

package import Foundation

/// IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
package struct HTTPDate: Equatable, Sendable {
  package var date: Date

  package init(_ date: Date) {
    self.date = date
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// nil for anything else; the two obsolete forms are not read.
  package init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]),
      let month = Self.months.firstIndex(of: String(parts[2])), let year = Int(parts[3])
    else { return nil }
    let clock = parts[4].split(separator: ":").map { Int($0) }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
      (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    var fields = tm()
    fields.tm_year = Int32(year - 1900)
    fields.tm_mon = Int32(month)
    fields.tm_mday = Int32(day)
    fields.tm_hour = Int32(hour)
    fields.tm_min = Int32(minute)
    fields.tm_sec = Int32(second)
    date = Date(timeIntervalSince1970: TimeInterval(timegm(&fields)))
  }
}

extension HTTPDate: CustomStringConvertible {
  package var description: String {
    var seconds = time_t(date.timeIntervalSince1970)
    var fields = tm()
    gmtime_r(&seconds, &fields)
    func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
    let day = Self.days[Int(fields.tm_wday)]
    let month = Self.months[Int(fields.tm_mon)]
    let clock = [fields.tm_hour, fields.tm_min, fields.tm_sec].map(two).joined(separator: ":")
    return "\(day), \(two(fields.tm_mday)) \(month) \(fields.tm_year + 1900) \(clock) GMT"
  }
}
