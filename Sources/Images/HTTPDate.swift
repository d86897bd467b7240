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

  /// nil for anything that is not an HTTP date. All three forms are read (RFC 9110 §5.6.7).
  package init?(_ text: String) {
    let parts = text.split(separator: " ").map(String.init)
    switch parts.count {
    case 6 where parts[5] == "GMT":
      // Sun, 06 Nov 1994 08:49:37 GMT
      self.init(year: Self.number(parts[3]), parts[2], parts[1], parts[4])
    case 4 where parts[3] == "GMT":
      // Sunday, 06-Nov-94 08:49:37 GMT
      let date = parts[1].split(separator: "-").map(String.init)
      guard date.count == 3, date[2].utf8.count == 2, let short = Self.number(date[2])
      else { return nil }
      // Two digits: the century that makes it no later than 2069, as POSIX reads them.
      self.init(year: short < 70 ? 2000 + short : 1900 + short, date[1], date[0], parts[2])
    case 5:
      // Sun Nov  6 08:49:37 1994
      self.init(year: Self.number(parts[4]), parts[1], parts[2], parts[3])
    default:
      return nil
    }
  }

  private init?(year: Int?, _ month: String, _ day: String, _ clock: String) {
    let clock = clock.split(separator: ":").map { Self.number(String($0)) }
    guard let year, let month = Self.months.firstIndex(of: month), let day = Self.number(day),
      clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
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
    let time = timegm(&fields)
    // timegm makes 3 March of 31 February.
    guard fields.tm_mon == Int32(month) || second == 60 else { return nil }
    date = Date(timeIntervalSince1970: TimeInterval(time))
  }

  /// Digits only: `Int` would read a sign too.
  private static func number(_ text: String) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
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
