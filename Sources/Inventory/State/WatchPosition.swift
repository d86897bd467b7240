/// Inventory: how far one of those who watch the state has read.

import Synchronization

final class WatchPosition: Sendable {
  private let seen = Mutex<Int?>(nil)

  var revision: Int? {
    get { seen.withLock { $0 } }
    set { seen.withLock { $0 = newValue } }
  }
}
