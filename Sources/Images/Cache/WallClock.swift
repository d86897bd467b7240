/// Images: the time of day, which outlives a restart.

import Foundation

package enum WallClock {
  /// Seconds since 1970.
  @Sendable package static func seconds() -> Double { Date().timeIntervalSince1970 }
}
