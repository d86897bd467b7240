/// HTTPBoot: the Date header, made once a second.

import Foundation
import Images
import Synchronization

final class HTTPClock: Sendable {
  private let line = Mutex<(second: Int, text: String)>((0, ""))

  var date: String {
    let now = time(nil)
    return line.withLock { line in
      if line.second != now {
        line = (now, HTTPDate(Date(timeIntervalSince1970: TimeInterval(now))).description)
      }
      return line.text
    }
  }
}
